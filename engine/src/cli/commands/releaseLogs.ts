import type { LogEntry } from "../../release/documents.ts";
import { allWork, latestRun, type ReleaseState, type WorkState } from "../../release/plan.ts";
import { readLog, readRelease } from "../../release/readRelease.ts";
import type { StoreReader } from "../../state/store.ts";
import { withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { openRelease } from "../runExisting.ts";
import { type FileTarget, findFileTarget } from "../target.ts";
import type { Ui } from "../ui.ts";

/** A run whose log is asked for. */
interface LoggedRun {
  readonly ref: string;
  /** `build`, `deploy us`: shown before each line when there are several. */
  readonly title: string;
}

/** `release logs`: of a run, of the newest attempt at a piece of work, or of all work of a release. */
export function releaseLogs(ui: Ui, args: readonly string[], options: { readonly follow?: boolean }): Promise<number> {
  return withContext(ui, async (context) => {
    const target = await findFileTarget(context, args[0]);
    const release = await openRelease(context, target);
    const { state } = target.repository;
    const printer = new LogPrinter(ui, state);
    await printer.print(findRuns(target, release));
    if (options.follow)
      await follow(state, release.ref, async (current) => await printer.print(findRuns(target, current)));
    return 0;
  });
}

function findRuns({ ref }: FileTarget, release: ReleaseState): LoggedRun[] {
  if (ref.kind !== "task" && ref.kind !== "deploy") return allWork(release).flatMap((work) => runOf(work, undefined));
  const written = `${ref.kind}/${ref.name.join("/")}`;
  const whole = allWork(release).find((work) => work.id === written);
  if (whole) return runOf(whole, undefined);
  const numbered = /^(.*)\/(\d+)(?:\/logs)?$/.exec(written);
  const work = numbered && allWork(release).find((each) => each.id === numbered[1]);
  const found = work ? runOf(work, Number(numbered[2])) : [];
  if (found.length > 0) return found;
  const known = allWork(release).map((each) => each.id);
  throw new CliError(`r${release.number} has no ${written}`, { details: [`it has: ${known.join(", ") || "no work"}`] });
}

function runOf(work: WorkState, number: number | undefined): LoggedRun[] {
  const run = number === undefined ? latestRun(work) : work.runs.find((each) => each.number === number);
  const title = work.work.kind === "deploy" ? `deploy ${work.work.name}` : work.work.name;
  return run ? [{ ref: run.ref, title }] : [];
}

/** Prints what logs have beyond what it has printed. */
class LogPrinter {
  readonly #ui: Ui;
  readonly #state: StoreReader;
  readonly #printed = new Map<string, number>();

  constructor(ui: Ui, state: StoreReader) {
    this.#ui = ui;
    this.#state = state;
  }

  async print(runs: readonly LoggedRun[]): Promise<void> {
    for (const run of runs) {
      const entries = await readLog(this.#state, run.ref);
      for (const entry of entries.slice(this.#printed.get(run.ref) ?? 0)) this.#entry(run, entry, runs.length > 1);
      this.#printed.set(run.ref, entries.length);
    }
  }

  #entry(run: LoggedRun, entry: LogEntry, hasTitle: boolean): void {
    if (this.#ui.options.json) {
      this.#ui.outJson({ run: run.ref, ...entry });
      return;
    }
    const prefix = hasTitle ? `${this.#ui.colors.cyan(run.title)} │ ` : "";
    this.#ui.out(...entry.message.split("\n").map((line) => prefix + line));
  }
}

/** How long a release may stand still, between two of its phases, before nobody is taken to work on it, in milliseconds. */
const pauseMs = 1500;

/** Calls `onChange` after each change of the release, until nobody works on it. */
async function follow(
  state: StoreReader,
  ref: string,
  onChange: (release: ReleaseState) => Promise<void>,
): Promise<void> {
  let wake = () => {};
  let isChanged = true;
  const watcher = await state.watch(() => {
    isChanged = true;
    wake();
  });
  try {
    let quietSince: number | undefined;
    for (;;) {
      isChanged = false;
      const release = await readRelease(state, ref);
      if (!release) return;
      await onChange(release);
      const standing = standingOf(release);
      if (standing === "over") return;
      quietSince = standing === "waiting" ? (quietSince ?? Date.now()) : undefined;
      if (quietSince !== undefined && Date.now() - quietSince >= pauseMs) return;
      if (isChanged) continue;
      // A process that dies changes nothing: look again now and then whether there still is one.
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    await watcher.close();
  }
}

/** `waiting`: nothing runs, but something may be about to. */
function standingOf(release: ReleaseState): "running" | "waiting" | "over" {
  const runs = allWork(release).flatMap((work) => latestRun(work) ?? []);
  if (runs.some((run) => run.status === "running" && !run.isAbandoned)) return "running";
  return runs.some((run) => run.status === "pending") ? "waiting" : "over";
}
