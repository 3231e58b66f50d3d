/** The operation `check_envs` (spec 4.6): a release gets runs for environments that came after it. */
import type { PackageModel, WorkModel } from "../model/package.ts";
import {
  bodyTypes,
  declaredInputs,
  environmentRemoved,
  type PackagePlace,
  type RunDocument,
  refs,
  workId,
} from "../release/documents.ts";
import { checkedEnvironments, readEnvironments } from "../release/environments.ts";
import { allWork, phaseDependencies, type WorkState } from "../release/plan.ts";
import { readRelease, readRun, releaseNumberOf } from "../release/readRelease.ts";
import { setRun, setStatus, shortRef } from "../release/runWrites.ts";
import { absoluteRef } from "../release/toAbsolute.ts";
import type { Store, StoreReader, Transaction } from "../state/store.ts";

/**
 * Adds a pending run for each piece of work that the file, evaluated with the environments that are in state now, declares
 * and the release does not have; for a deployment that was taken down, when its environment came back. The marker goes.
 * Returns the refs of the new runs.
 */
export async function checkEnvironments(
  state: Store,
  place: PackagePlace,
  release: string,
  model: PackageModel,
): Promise<string[]> {
  const operation = refs.checkEnvironments(release);
  return await state.transact(`${shortRef(release)} looked at environments`, async (tx) => {
    const marker = await state.read(operation);
    const current = await readRelease(state, release);
    if (marker?.kind !== "ref" || !current) return [];
    const present = new Set((await readEnvironments(state)).map(({ name }) => name));
    const returned = new Set(checkedEnvironments(marker.body));
    const known = new Map(allWork(current).map((work) => [work.id, work]));
    const phases = model.phases.map(({ work }) => ({ work: work.map((each) => ({ id: workId(each), work: each })) }));
    const dependencies = phaseDependencies(release, phases);
    const time = new Date().toISOString();
    const added: string[] = [];
    const removed = new Set(checkedEnvironments(marker.body).filter((name) => !present.has(name)));
    await dropRemoved(state, tx, allWork(current), removed);
    for (const [index, phase] of phases.entries()) {
      for (const { id, work } of phase.work) {
        if (work.kind === "deploy" && !present.has(work.environment.name)) continue;
        const before = known.get(id);
        if (before && !(await isToReturn(state, before, returned))) continue;
        if (work.kind === "deploy" && (await isSuperseded(state, place, release, id))) continue;
        const run = refs.run(release, id, (before?.runs.at(-1)?.number ?? 0) + 1);
        setRun(tx, run, newRun(place, release, work, dependencies[index] ?? []));
        tx.set(refs.status(run, "pending"), bodyTypes.marker, { time });
        added.push(run);
      }
    }
    tx.delete(operation);
    return added;
  });
}

/**
 * Gives up deployments that had not begun when their environment was removed. What comes after them waits for what they
 * waited for.
 */
async function dropRemoved(
  state: StoreReader,
  tx: Transaction,
  all: readonly WorkState[],
  removed: ReadonlySet<string>,
): Promise<void> {
  const waiting = all.flatMap(({ work, runs }) => {
    const run = runs.at(-1);
    return run?.status === "pending" || run?.status === "paused" ? [{ work, run }] : [];
  });
  const isGone = ({ work }: { readonly work: WorkState["work"] }) => work.kind === "deploy" && removed.has(work.name);
  if (!waiting.some(isGone)) return;
  const documents = new Map(
    await Promise.all(waiting.map(async ({ run }) => [run.ref, await readRun(state, run.ref)] as const)),
  );
  const time = new Date().toISOString();
  const instead = new Map<string, readonly string[]>();
  for (const { run } of waiting.filter(isGone)) {
    const marker = refs.status(run.ref.replace(/\/\d+$/, "/1"), "complete");
    instead.set(marker, documents.get(run.ref)?.functions[0]?.dependencies ?? []);
    await setStatus(state, tx, run.ref, "cancelled", time, environmentRemoved);
  }
  for (const each of waiting.filter((one) => !isGone(one))) {
    const document = documents.get(each.run.ref)!;
    const [first, ...rest] = document.functions;
    if (!first?.dependencies.some((marker) => instead.has(marker))) continue;
    const dependencies = [...new Set(first.dependencies.flatMap((marker) => replaced(marker, instead)))];
    setRun(tx, each.run.ref, { ...document, functions: [{ ...first, dependencies }, ...rest] });
  }
}

/** What to wait for in place of a marker; markers of phases before may be replaced in their turn. */
function replaced(marker: string, instead: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return instead.get(marker)?.flatMap((other) => replaced(other, instead)) ?? [marker];
}

/** Whether what was there was taken down with its environment, which is back. */
async function isToReturn(state: StoreReader, { work, runs }: WorkState, returned: ReadonlySet<string>) {
  const latest = runs.at(-1);
  if (latest === undefined) return true;
  if (latest.isDropped) return true;
  if (work.kind !== "deploy" || latest.status !== "complete" || !returned.has(work.name)) return false;
  return (await readRun(state, latest.ref)).type === "down";
}

/** Whether a newer release of the file is deployed there already. */
async function isSuperseded(state: StoreReader, place: PackagePlace, release: string, id: string): Promise<boolean> {
  const target = await state.resolve(refs.current(place, id));
  return target !== undefined && releaseNumberOf(target.slice(0, -(id.length + 1))) > releaseNumberOf(release);
}

function newRun(place: PackagePlace, release: string, work: WorkModel, dependencies: readonly string[]): RunDocument {
  const inputs = declaredInputs(work, absoluteRef(place, release));
  const fn = work.kind === "task" ? work.fn : work.up;
  return { type: work.kind === "task" ? "task" : "up", release, functions: [{ fn, dependencies, inputs }] };
}
