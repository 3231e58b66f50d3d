import { overallStatus } from "../../history/status.ts";
import type { JsonValue } from "../../json/json.ts";
import type { ReleaseEvent, WorkStatus } from "../../release/events.ts";
import { allWork, latestRun, type ReleaseState } from "../../release/plan.ts";
import { describeRelease } from "../../runner/describe.ts";
import { frame } from "../../terminal/frame.ts";
import { ReleaseProgress } from "../../terminal/progress.ts";
import { statusSigns } from "../../terminal/statusWords.ts";
import { summaryLines } from "../../terminal/summary.ts";
import { withContext } from "../context.ts";
import { openRelease } from "../runExisting.ts";
import { missingHelp } from "../runRelease.ts";
import { findFileTarget } from "../target.ts";
import type { Ui } from "../ui.ts";
import { tagsOf } from "./releaseList.ts";

/** `release show`: phases, work, attempts, durations and what is waited for. */
export function releaseShow(ui: Ui, args: readonly string[]): Promise<number> {
  return withContext(ui, async (context) => {
    const target = await findFileTarget(context, args[0]);
    const { repository, place } = target;
    const release = await openRelease(context, target);
    const help = missingHelp(ui, repository, place, release.ref);
    const events = await describeRelease(repository.state, place, release, help);
    const tags = await tagsOf(repository.state, release.ref);
    if (ui.options.json) ui.outJson(releaseJson(release, events, tags));
    else showText(ui, release, events, tags, repository.root);
    return 0;
  });
}

function showText(
  ui: Ui,
  release: ReleaseState,
  events: readonly ReleaseEvent[],
  tags: readonly string[],
  root: string,
): void {
  const progress = new ReleaseProgress();
  for (const event of events) progress.take(event);
  const { colors, io } = ui;
  const columns = io.stdout.isTTY ? (io.stdout.columns ?? 80) : 1000;
  const [header = "", ...lines] = frame(progress, { columns, now: Date.now(), colors });
  ui.out([header, ...tags].join("  "), ...lines, ...attemptLines(release));
  const status = statusOf(events);
  const outcome = status === "interrupted" ? "failed" : status === "pending" ? "blocked" : status;
  if (outcome !== "failed" && outcome !== "blocked" && outcome !== "running") return;
  const end = { type: "end", ref: release.ref, outcome, durationMs: 0 } as const;
  ui.out("", ...summaryLines(progress, end, { places: ui.places(root), colors, isWhole: true }));
}

/** One word for the whole release, the same that `release list` has for it. */
function statusOf(events: readonly ReleaseEvent[]): WorkStatus {
  const statuses = new Map<string, WorkStatus>();
  for (const event of events) {
    if (event.type === "release")
      for (const { work, status } of event.phases.flatMap((phase) => phase.work)) statuses.set(work, status);
    if (event.type === "work") statuses.set(event.work, event.status);
  }
  return overallStatus([...statuses.values()]);
}

/** Earlier attempts, of work that has any. */
function attemptLines(release: ReleaseState): string[] {
  const retried = allWork(release).filter((work) => work.runs.length > 1);
  if (retried.length === 0) return [];
  const lines = retried.map((work) => {
    const old = work.runs
      .slice(0, -1)
      .map((run) => `${run.number} ${run.status === "failed_retried" ? "retried" : run.status}`);
    return `  ${statusSigns.retried} ${work.id}: attempt ${old.join(", ")}; now attempt ${latestRun(work)?.number}`;
  });
  return ["", ...lines];
}

function releaseJson(release: ReleaseState, events: readonly ReleaseEvent[], tags: readonly string[]): JsonValue {
  const news = new Map(events.flatMap((event) => (event.type === "work" ? [[event.work, event] as const] : [])));
  const phases = release.phases.map(({ name, work }) => ({
    name,
    work: work.map(({ id, runs }) => {
      const { status = "pending", durationMs, outputs, needs, failure } = news.get(id) ?? {};
      return { work: id, status, durationMs, outputs, needs, failure, attempts: runs.map((run) => ({ ...run })) };
    }),
  }));
  const { ref, number, commit } = release;
  const whole = { ref, name: `r${number}`, status: statusOf(events), commit, tags, phases };
  return withoutUndefined(whole) as JsonValue;
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, withoutUndefined(each)]));
}
