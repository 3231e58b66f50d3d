/** Which runs of a release may start, and in what state the release is. Pure: a picture of the store goes in, decisions come out. */
import type { ReleaseWork, RunStatus } from "./documents.ts";
import type { ReleaseOutcome, WorkId } from "./events.ts";

/** One attempt at a piece of work. */
export interface RunState {
  readonly ref: string;
  readonly number: number;
  readonly status: RunStatus;
  /** A `running` run whose process is gone. */
  readonly isAbandoned?: boolean;
  /** A `failed` run that did not fail by itself: its command was interrupted. */
  readonly isInterrupted?: boolean;
  /** The machine that a `running` run is on, when nobody can see from here whether its process is still there. */
  readonly machine?: string;
  /** A `cancelled` deployment whose environment was removed before it began: nobody waits for it. */
  readonly isDropped?: boolean;
}

export interface WorkState {
  /** `task/build`, `deploy/staging`. */
  readonly id: WorkId;
  readonly work: ReleaseWork;
  /** In order of their numbers. */
  readonly runs: readonly RunState[];
}

export interface ReleaseState {
  /** `shop/-/frontend/release.ocu.star/@r8`. */
  readonly ref: string;
  readonly number: number;
  readonly commit: string;
  readonly phases: readonly { readonly name: string; readonly work: readonly WorkState[] }[];
}

export function allWork(release: ReleaseState): WorkState[] {
  return release.phases.flatMap((phase) => phase.work);
}

/** The attempt that counts: the one with the highest number. */
export function latestRun(work: WorkState): RunState | undefined {
  return work.runs.at(-1);
}

/** The same picture with what became of some runs since. */
export function withStatuses(release: ReleaseState, statuses: ReadonlyMap<string, RunStatus>): ReleaseState {
  const changed = (run: RunState): RunState => ({ ...run, status: statuses.get(run.ref) ?? run.status });
  const phases = release.phases.map((phase) => ({
    ...phase,
    work: phase.work.map((work) => ({ ...work, runs: work.runs.map(changed) })),
  }));
  return { ...release, phases };
}

/** Runs that nobody works on and whose dependencies are complete; whether their inputs are there is another question. */
export function startableRuns(
  release: ReleaseState,
  dependenciesOf: (run: RunState) => readonly string[],
): { readonly work: WorkState; readonly run: RunState }[] {
  const complete = completedWork(release);
  return allWork(release).flatMap((work) => {
    const run = latestRun(work);
    if (run?.status === "paused") return [{ work, run }];
    if (run?.status !== "pending") return [];
    return dependenciesOf(run).every((dependency) => isFulfilled(dependency, complete)) ? [{ work, run }] : [];
  });
}

/** Refs (without number) of work in which some attempt is complete. */
function completedWork(release: ReleaseState): Set<string> {
  const done = allWork(release).filter((work) => work.runs.some((run) => run.status === "complete"));
  return new Set(done.map((work) => `${release.ref}/${work.id}`));
}

/** A dependency names the first attempt's marker; a later attempt fulfils it too. */
function isFulfilled(dependency: string, complete: ReadonlySet<string>): boolean {
  const work = /^(.*)\/\d+\/status\/complete$/.exec(dependency)?.[1];
  return work !== undefined && complete.has(work);
}

/** The state in which a release stands when nothing more can start. `interrupted`: nothing failed by itself. */
export function releaseOutcome(release: ReleaseState): ReleaseOutcome {
  const statuses = allWork(release).map((work) => latestRun(work));
  if (statuses.some((run) => run?.status === "failed" && !run.isInterrupted)) return "failed";
  if (statuses.some((run) => run?.isInterrupted || run?.isAbandoned)) return "interrupted";
  if (statuses.some((run) => run?.status === "running")) return "running";
  if (statuses.every((run) => run === undefined || run.status === "complete" || run.isDropped)) return "complete";
  return "blocked";
}

/** Whether work of the release was given up by `release cancel`. */
export function isCancelled(release: ReleaseState): boolean {
  return allWork(release)
    .map(latestRun)
    .some((run) => run?.status === "cancelled" && !run.isDropped);
}

/** Runs that `retry` gives a new attempt. `lost`: a machine that is gone, with all that ran on it. */
export function retryableWork(release: ReleaseState, lost?: string): WorkState[] {
  return allWork(release).filter((work) => {
    const run = latestRun(work);
    const isLost = lost !== undefined && run?.status === "running" && run.machine === lost;
    return run?.status === "failed" || run?.isAbandoned === true || isLost;
  });
}

/** The dependencies of each phase's runs: the completion of all work in the phase before. */
export function phaseDependencies(
  releaseRef: string,
  phases: readonly { readonly work: readonly { readonly id: WorkId }[] }[],
): string[][] {
  let before: string[] = [];
  return phases.map((phase) => {
    const dependencies = before;
    // A phase without work stands in nobody's way: the one after waits for the one before.
    if (phase.work.length > 0) before = phase.work.map(({ id }) => `${releaseRef}/${id}/1/status/complete`);
    return dependencies;
  });
}
