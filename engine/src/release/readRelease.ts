/** A picture of a release as the store has it: every piece of work, every attempt, every status. */

import { ownerState, readOwner } from "../state/owner.ts";
import { type ReadOptions, StoreError, type StoreReader } from "../state/store.ts";
import {
  environmentRemoved,
  type LogEntry,
  type PackagePlace,
  type ReleaseWork,
  type RunDocument,
  type RunFunction,
  type RunInput,
  type RunStatus,
  readLogBody,
  readReleaseBody,
  readRunBody,
  refs,
  runStatuses,
} from "./documents.ts";
import type { ReleaseState, RunState, WorkState } from "./plan.ts";
import { absoluteRef } from "./toAbsolute.ts";

/**
 * Numbers of a file's releases, ascending. What was set for releases to come (`…/@r9/custom/approval`, when r7 is the newest)
 * makes none, and takes no number away: those releases will find it when they are made.
 */
export async function listReleases(store: StoreReader, place: PackagePlace): Promise<number[]> {
  const names = await store.children(refs.package(place));
  const numbers = numbersIn(names.filter((name) => name.startsWith("@r")).map((name) => name.slice(2)));
  while (numbers.length > 0 && !(await isRelease(store, refs.release(place, numbers.at(-1)!)))) numbers.pop();
  return numbers;
}

/**
 * Whether a release is there, or what is left of one: anything but custom state. A number whose document was lost must not
 * be given again while its runs are there.
 */
export async function isRelease(store: StoreReader, release: string, options?: ReadOptions): Promise<boolean> {
  const parts = await store.children(release, options);
  if (parts.some((name) => name !== "custom")) return true;
  // A document alone: other tools may leave out its commit's marker. One that cannot be read is there, too.
  return await store.read(release, options).then(
    (document) => document !== undefined,
    () => true,
  );
}

/** Releases that are always asked for their commit, newest first. */
const recentReleases = 50;

/**
 * Numbers of the releases of a file at a commit, ascending. A release is made together with the record of what its commit
 * configures, so that where there is no such record one look-up is enough; a few releases are asked all the same, should
 * another tool have left the record out.
 */
export async function releasesOfCommit(store: StoreReader, place: PackagePlace, commit: string): Promise<number[]> {
  const isKnown = await store.read(refs.repository(place.repo, commit)).then(
    (document) => document !== undefined,
    () => true, // Damaged: there is one.
  );
  const all = await listReleases(store, place);
  const numbers = isKnown ? all : all.slice(-recentReleases);
  const found = await Promise.all(
    numbers.map((number) => store.read(refs.commit(refs.release(place, number), commit))),
  );
  return numbers.filter((_, index) => found[index] !== undefined);
}

/** What is deployed of a file: by environment, the release that it is of, and the document of its last completed run. */
export async function deployedReleases(
  store: StoreReader,
  place: PackagePlace,
): Promise<{ readonly environment: string; readonly release: string; readonly ref: string }[]> {
  const environments = await store.children(refs.current(place, "deploy"));
  const found = await Promise.all(
    environments.map(async (environment) => {
      const ref = await store.resolve(refs.current(place, `deploy/${environment}`));
      const release = /^(.*\/@[^/]+)\/deploy\/[^/]+$/.exec(ref ?? "")?.[1];
      return ref !== undefined && release !== undefined ? { environment, release, ref } : undefined;
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** The release with its work and runs; undefined when there is none. */
export async function readRelease(store: StoreReader, ref: string): Promise<ReleaseState | undefined> {
  const stored = await store.read(ref);
  if (stored?.kind !== "ref") return undefined;
  const { commit, phases } = readReleaseBody(ref, stored.body);
  const known = await Promise.all(
    phases.map(async ({ name, work }) => ({
      name,
      work: await Promise.all(work.map((each) => readWork(store, ref, each))),
    })),
  );
  const listed = new Set(known.flatMap((phase) => phase.work.map((work) => work.id)));
  const added = (
    await Promise.all((["task", "deploy"] as const).map((kind) => addedWork(store, ref, kind, listed)))
  ).flat();
  const later = await Promise.all(added.map((work) => readWork(store, ref, work)));
  return {
    ref,
    number: releaseNumberOf(ref),
    commit,
    phases: [...known, ...later.filter((work) => work.runs.length > 0).map((work) => ({ name: "", work: [work] }))],
  };
}

export function releaseNumberOf(ref: string): number {
  return Number(/\/@r(\d+)$/.exec(ref)?.[1] ?? Number.NaN);
}

/** The run's document; throws StoreError when it is not there. */
export async function readRun(store: StoreReader, ref: string): Promise<RunDocument> {
  const stored = await store.read(ref);
  if (stored?.kind !== "ref") throw new StoreError(`the run ${ref} has no document`, "missing");
  const run = readRunBody(ref, stored.body);
  return { ...run, functions: run.functions.map((each) => withAbsoluteRefs(ref, each)) };
}

/** A run's log as far as it is in the store. */
export async function readLog(store: StoreReader, run: string): Promise<LogEntry[]> {
  const stored = await store.read(refs.logs(run));
  return readLogBody(stored?.kind === "ref" ? stored.body : undefined);
}

/** Other tools may have written refs as the package file has them, or numbers without `r`. */
function withAbsoluteRefs(run: string, written: RunFunction): RunFunction {
  const { dependencies, inputs } = written;
  const [, repo, file, release] = /^(.*?)\/-\/(.*)\/(@[^/]+)\//.exec(run) ?? [];
  if (repo === undefined || file === undefined) return written;
  const absolute = absoluteRef({ repo, file }, `${repo}/-/${file}/${release}`);
  const toAbsolute = (ref: string) => {
    try {
      return absolute(ref);
    } catch {
      return ref; // Not a ref: it leads nowhere, and is shown as it is.
    }
  };
  const entries = Object.entries(inputs).map(([name, input]): [string, RunInput] => {
    return [name, input.ref === undefined ? input : { ...input, ref: toAbsolute(input.ref) }];
  });
  return { ...written, dependencies: dependencies.map(toAbsolute), inputs: Object.fromEntries(entries) };
}

/** Numbers of the runs of a piece of work, ascending. */
export async function listRuns(store: StoreReader, work: string): Promise<number[]> {
  return numbersIn(await store.children(work));
}

async function readWork(store: StoreReader, release: string, work: ReleaseWork): Promise<WorkState> {
  const id = `${work.kind}/${work.name}`;
  const numbers = await listRuns(store, refs.work(release, id));
  const runs = await Promise.all(numbers.map((number) => readRunState(store, release, id, number)));
  return { id, work, runs: runs.filter((run) => run !== undefined) };
}

/** Work that came after the release was made, for new environments: its runs say what it does. */
async function addedWork(
  store: StoreReader,
  release: string,
  kind: "task" | "deploy",
  listed: ReadonlySet<string>,
): Promise<ReleaseWork[]> {
  const names = (await store.children(`${release}/${kind}`)).filter((name) => !listed.has(`${kind}/${name}`));
  const fn = { name: "", pos: "" };
  return names.map((name) =>
    kind === "task" ? { kind, name, fn, inputs: {} } : { kind, name, up: fn, down: fn, inputs: {} },
  );
}

/** A run as it stands; undefined while the transaction that makes it has brought its folder only. */
async function readRunState(
  store: StoreReader,
  release: string,
  id: string,
  number: number,
): Promise<RunState | undefined> {
  const ref = refs.run(release, id, number);
  const found = await store.children(`${ref}/status`);
  if (found.every((status) => status === "pending") && (await isBeingMade(store, ref))) return undefined;
  const status = latestStatus(found);
  if (status === "cancelled" && (await isDropped(store, ref))) return { ref, number, status, isDropped: true };
  if (status === "failed" && (await wasInterrupted(store, ref))) return { ref, number, status, isInterrupted: true };
  if (status !== "running") return { ref, number, status };
  return { ref, number, status, ...(await ownerOf(store, ref)) };
}

/** Whether only folders of a run are there, its status's among them: its documents are about to be written. */
export async function isBeingMade(store: StoreReader, run: string, options?: ReadOptions): Promise<boolean> {
  if (await store.read(run, options)) return false;
  // The document comes before the status: a status without it is damage.
  return (await store.read(refs.status(run, "pending"), options)) === undefined;
}

/** Whether a cancelled run was given up because its environment was removed. */
export async function isDropped(store: StoreReader, run: string, options?: ReadOptions): Promise<boolean> {
  const stored = await store.read(refs.status(run, "cancelled"), options);
  const body = stored?.kind === "ref" ? (stored.body as { readonly reason?: unknown } | null) : undefined;
  return body?.reason === environmentRemoved;
}

/** Whether a failed run's command was interrupted; of a run whose document cannot be read, nobody can say. */
async function wasInterrupted(store: StoreReader, run: string): Promise<boolean> {
  const stored = await store.read(run).catch(() => undefined);
  const body = stored?.kind === "ref" ? (stored.body as { readonly failure?: { readonly interrupted?: unknown } }) : {};
  return body?.failure?.interrupted === true;
}

/** What can be seen from here of the process that took a run. */
async function ownerOf(store: StoreReader, run: string): Promise<Pick<RunState, "isAbandoned" | "machine">> {
  const stored = await store.read(refs.status(run, "running"));
  if (stored?.kind !== "ref") return { isAbandoned: false };
  const owner = readOwner((stored.body as { readonly owner?: unknown } | null)?.owner);
  const state = ownerState(owner);
  return { isAbandoned: state === "gone", ...(state === "unknown" && owner ? { machine: owner.host } : {}) };
}

/** The status that a run has now. */
export async function readRunStatus(store: StoreReader, run: string): Promise<RunStatus> {
  return latestStatus(await store.children(`${run}/status`));
}

/** Two at once can only be the work of another tool that was killed between two writes: the later stage counts. */
function latestStatus(found: readonly string[]): RunStatus {
  return runStatuses.findLast((status) => found.includes(status)) ?? "pending";
}

function numbersIn(names: readonly string[]): number[] {
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
