/** Runs a release for a command: views, signals, and the exit code. */
import { relative } from "node:path";
import type { PackagePlace } from "../release/documents.ts";
import type { ReleaseEvent, ReleaseOutcome } from "../release/events.ts";
import type { Repository } from "../release/repository.ts";
import { absoluteRef } from "../release/toAbsolute.ts";
import type { WorkCaller } from "../runner/caller.ts";
import { ReleaseExecution } from "../runner/execute.ts";
import type { MissingHelp } from "../runner/missing.ts";
import { Slots } from "../runner/slots.ts";
import { JsonView } from "../terminal/jsonView.ts";
import { LiveScreen } from "../terminal/liveScreen.ts";
import { LiveView } from "../terminal/liveView.ts";
import { PlainView } from "../terminal/plainView.ts";
import { ReleaseProgress } from "../terminal/progress.ts";
import { quoted, summaryLines } from "../terminal/summary.ts";
import type { CliContext } from "./context.ts";
import type { Ui } from "./ui.ts";

export interface RunOptions {
  readonly repository: Repository;
  readonly place: PackagePlace;
  /** Ref of the release. */
  readonly release: string;
  readonly caller: WorkCaller;
  readonly parallel: number;
  /** Shared with other releases that the command works on. */
  readonly slots?: Slots;
  /** Others run at the same time. */
  readonly isOneOfMany?: boolean;
  /** Refs of the only runs to work on. */
  readonly only?: ReadonlySet<string>;
}

/** `interrupted`: this command was not, but an earlier one, and its work waits for a retry. */
const exitCodes: Readonly<Record<ReleaseOutcome, number>> = {
  complete: 0,
  blocked: 0,
  running: 0,
  failed: 1,
  interrupted: 1,
};

/** Works on the release until nothing can proceed. Returns the command's exit code. */
export async function runRelease(context: CliContext, options: RunOptions): Promise<number> {
  const { ui, workers } = context;
  const { repository, place, release, caller, parallel } = options;
  const progress = new ReleaseProgress();
  const isOneOfMany = options.isOneOfMany === true;
  const label = isOneOfMany ? `${ui.places(repository.root).shown(place.file)} ${release.replace(/^.*\/@/, "")}` : "";
  const view = createView(ui, progress, label);
  const places = ui.places(repository.root);
  const execution = new ReleaseExecution({
    state: repository.state,
    intent: repository.intent,
    place,
    release,
    caller,
    slots: options.slots ?? new Slots(parallel),
    ...(options.only && { only: options.only }),
    toAbsolute: absoluteRef(place, release),
    help: missingHelp(ui, repository, place, release),
    listener: (event) => {
      // Every release that runs is stopped, and it is said once.
      if (event.type === "stopping" && !context.isFirstStop(execution)) return;
      const shown = workers.secrets.maskDeep(event);
      progress.take(shown);
      view.take(shown);
      if (shown.type !== "end" || ui.options.json) return;
      const isFailed = shown.outcome === "failed" || shown.outcome === "interrupted";
      const colors = isFailed ? ui.messageColors : ui.colors;
      const gap = ui.options.quiet ? [] : [""];
      const lines = [...gap, ...summaryLines(progress, shown, { places, colors, isOneOfMany })];
      if (isFailed) ui.complain(...lines);
      else ui.out(...lines);
    },
  });
  const forget = context.onStop((signal) => execution.stop(signal));
  try {
    const outcome = await execution.run();
    return execution.isStopped ? 130 : exitCodes[outcome];
  } finally {
    forget();
    view.finish();
  }
}

interface View {
  take(event: ReleaseEvent): void;
  /** Leaves the terminal as it was. */
  finish(): void;
}

function createView(ui: Ui, progress: ReleaseProgress, label: string): View {
  const { stdout, stderr } = ui.io;
  if (ui.options.json) return withoutFinish(new JsonView(stdout));
  if (ui.options.quiet) return withoutFinish({ take: () => {} });
  if (ui.isLive) {
    ui.screen ??= new LiveScreen(stdout, ui.colors);
    return new LiveView(ui.screen, progress);
  }
  return withoutFinish(new PlainView(stdout, stderr, progress, ui.colors, label));
}

function withoutFinish(view: Omit<View, "finish">): View {
  return { take: (event) => view.take(event), finish: () => {} };
}

/** How missing inputs are explained to who types commands in the current folder. */
export function missingHelp(ui: Ui, repository: Repository, place: PackagePlace, release: string): MissingHelp {
  const own = `${place.repo}/-/${place.file}`;
  return {
    setCommand: (ref) => `ocuroot state set ${quoted(commandRef(ui, repository, ref))} VALUE`,
    releaseCommand: (words, ref) => {
      const command = `ocuroot ${words} ${quoted(commandRef(ui, repository, ref))}`;
      const [, other = "", path = ""] = /^(.*?)\/-\/(.*)$/.exec(ref) ?? [];
      // Files of other repositories are released where they are.
      return other === repository.name ? command : `ocuroot ${words} ${quoted(path)} (in a checkout of ${other})`;
    },
    shorten: (ref) => {
      if (ref.startsWith(`${release}/`)) return `./${ref.slice(release.length + 1)}`;
      if (ref.startsWith(`${own}/@`)) return `./${ref.slice(own.length + 1)}`;
      return ref.startsWith(`${place.repo}/-/`) ? ref.slice(place.repo.length + 3) : ref;
    },
  };
}

/** A ref as it can be typed in the current folder. */
export function commandRef(ui: Ui, repository: Repository, ref: string): string {
  const prefix = `${repository.name}/-/`;
  if (!ref.startsWith(prefix)) return ref;
  const [, file, rest] = /^(.*?)(\/@.*)?$/.exec(ref.slice(prefix.length)) as unknown as [string, string, string?];
  const shown = ui.places(repository.root).shown(file);
  return relative(repository.root, ui.cwd).startsWith("..") ? ref : `${shown}${rest ?? ""}`;
}
