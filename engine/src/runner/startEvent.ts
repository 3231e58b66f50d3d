import type { PackagePlace, RunDocument } from "../release/documents.ts";
import type { PlannedWork, ReleaseStartEvent, WorkStatus } from "../release/events.ts";
import { latestRun, type ReleaseState, type RunState, type WorkState } from "../release/plan.ts";
import { activeTime } from "../release/runTimes.ts";

/** How the release stands when work on it begins. `documents` holds the latest run of each piece of work. */
export function startEvent(
  { repo, file }: PackagePlace,
  release: ReleaseState,
  documents: ReadonlyMap<string, RunDocument>,
): ReleaseStartEvent {
  const { ref, commit } = release;
  const phases = release.phases.map(({ name, work }) => ({
    name,
    work: work.map((each) => plannedWork(each, documents)),
  }));
  return { type: "release", ref, repo, file, name: `r${release.number}`, commit, phases };
}

function plannedWork(work: WorkState, documents: ReadonlyMap<string, RunDocument>): PlannedWork {
  const run = latestRun(work);
  const document = run && documents.get(run.ref);
  const durationMs = document && activeTime(document);
  return {
    work: work.id,
    kind: work.work.kind,
    name: work.work.name,
    status: run ? shownStatus(run, document) : "pending",
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(document?.output === undefined ? {} : { outputs: document.output }),
    ...(document?.failure && { failure: document.failure }),
  };
}

/** The word for a run's status in the language of the views. */
export function shownStatus(run: RunState, document: RunDocument | undefined): WorkStatus {
  if (run.isAbandoned || run.isInterrupted) return "interrupted";
  if (run.isDropped || (run.status === "complete" && document?.type === "down")) return "removed";
  return run.status === "failed_retried" ? "failed" : run.status;
}
