/** How a release stands, in the events that the views understand, for commands that only look. Reads and changes nothing. */
import { type PackagePlace, type RunDocument, refs } from "../release/documents.ts";
import type { ReleaseEvent, WorkEvent } from "../release/events.ts";
import { readInputs } from "../release/inputs.ts";
import { allWork, latestRun, type ReleaseState, type RunState, startableRuns } from "../release/plan.ts";
import { readRun } from "../release/readRelease.ts";
import { activeTime } from "../release/runTimes.ts";
import type { StoreReader } from "../state/store.ts";
import { type MissingHelp, missingInputs } from "./missing.ts";
import { shownStatus, startEvent } from "./startEvent.ts";

/** Documents of the latest attempts, by ref. */
async function readLatestRuns(state: StoreReader, release: ReleaseState): Promise<Map<string, RunDocument>> {
  const runs = allWork(release).flatMap((work) => latestRun(work) ?? []);
  return new Map(await Promise.all(runs.map(async ({ ref }) => [ref, await readRun(state, ref)] as const)));
}

/** Events that tell of each piece of work what there is to say now. */
export async function describeRelease(
  state: StoreReader,
  place: PackagePlace,
  release: ReleaseState,
  help: MissingHelp,
): Promise<ReleaseEvent[]> {
  const documents = await readLatestRuns(state, release);
  const startable = startableRuns(release, (run) => documents.get(run.ref)?.functions[0]?.dependencies ?? []);
  const waiting = new Set(startable.map(({ run }) => run.ref));
  const news = await Promise.all(
    allWork(release).map(async (work): Promise<WorkEvent | undefined> => {
      const run = latestRun(work);
      const document = run && documents.get(run.ref);
      if (!run || !document) return undefined;
      const base = { type: "work", work: work.id, attempt: run.number } as const;
      if (waiting.has(run.ref)) {
        const reading = await readInputs(state, document.functions.at(-1)?.inputs ?? {});
        const needs = reading.ok ? [] : await missingInputs(state, reading.missing, { release, work: work.id }, help);
        if (needs.length > 0)
          return {
            ...base,
            status: run.status === "paused" ? "paused" : "blocked",
            time: "",
            needs,
            ...annotated(document.functions.at(-1)?.annotation),
          };
      }
      return { ...base, ...(await outcomeOf(state, run, document)) };
    }),
  );
  return [startEvent(place, release, documents), ...news.filter((each) => each !== undefined)];
}

async function outcomeOf(state: StoreReader, run: RunState, document: RunDocument) {
  const { failure, output } = document;
  const durationMs = activeTime(document);
  const marker = await state.read(refs.status(run.ref, run.status));
  const body = marker?.kind === "ref" ? (marker.body as { readonly time?: string } | null) : undefined;
  return {
    status: shownStatus(run, document),
    time: body?.time ?? "",
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(failure ? { failure } : {}),
    ...(output === undefined ? {} : { outputs: output }),
    ...annotated(document.annotation),
  };
}

function annotated(annotation: string | undefined) {
  return annotation === undefined ? {} : { annotation };
}
