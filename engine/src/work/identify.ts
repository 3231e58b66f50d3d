/** Finding the work there is: pending operations, runs that can start, deployments to do again, intent to apply. Changes nothing. */
import { refs } from "../release/documents.ts";
import { readInputs } from "../release/inputs.ts";
import { awaitedIntents, diffIntent, type IntentDifference, intendedRelease, intentKind } from "../release/intents.ts";
import { allWork, latestRun, startableRuns } from "../release/plan.ts";
import { readRelease, readRun } from "../release/readRelease.ts";
import { RememberingReader } from "../state/rememberingReader.ts";
import type { StoreReader } from "../state/store.ts";
import { findChanged } from "./changes.ts";
import type { IntentItem, OperationItem, ReleaseAt, RunItem, WorkItem } from "./items.ts";
import { findReleases, releaseOfRef, type Scope } from "./survey.ts";
import { type OnDamage, unlessDamaged } from "./unlessDamaged.ts";

/** Operations that are pending. */
export async function findOperations(state: StoreReader, scope: Scope): Promise<OperationItem[]> {
  const found = await Promise.all(
    (await findReleases(state, scope)).map(async (at): Promise<OperationItem | undefined> => {
      const ref = refs.checkEnvironments(at.release);
      const marker = await unlessDamaged(scope.onDamage, () => state.read(ref));
      return marker ? { workType: "op", ref, ...at } : undefined;
    }),
  );
  return found.filter((each) => each !== undefined);
}

/** Runs that can start now, in the order of releases and phases. */
export async function findRuns(state: StoreReader, scope: Scope): Promise<RunItem[]> {
  const releases = await findReleases(state, scope);
  const found = await Promise.all(
    releases.map((at) => unlessDamaged(scope.onDamage, () => runsOfRelease(state, at, scope.onDamage))),
  );
  return found.flatMap((runs) => runs ?? []);
}

/** Runs of one release that can start now, and those whose process is gone. */
async function runsOfRelease(state: StoreReader, at: ReleaseAt, onDamage?: OnDamage): Promise<RunItem[]> {
  const release = await readRelease(state, at.release);
  if (!release) return [];
  const runs = allWork(release).flatMap((work) => latestRun(work) ?? []);
  const waiting = runs.filter(({ status }) => status === "pending" || status === "paused");
  const documents = new Map(
    await Promise.all(waiting.map(async ({ ref }) => [ref, await readRun(state, ref)] as const)),
  );
  const dependenciesOf = (ref: string) => documents.get(ref)?.functions[0]?.dependencies ?? [];
  const ready = await Promise.all(
    startableRuns(release, (run) => dependenciesOf(run.ref)).map(async ({ run }): Promise<RunItem | undefined> => {
      const functions = documents.get(run.ref)?.functions ?? [];
      const reading = await unlessDamaged(onDamage, () => readInputs(state, functions.at(-1)?.inputs ?? {}));
      if (!reading?.ok) return undefined;
      return { workType: "run", reason: "ready", ref: run.ref, step: functions.length, ...at };
    }),
  );
  const interrupted = runs
    .filter(({ isAbandoned }) => isAbandoned)
    .map(({ ref }): RunItem => ({ workType: "run", reason: "interrupted", ref, step: 0, ...at }));
  return [...interrupted, ...ready.filter((each) => each !== undefined)];
}

export interface IntentScope {
  /** Repository that the command runs in; undefined in a checkout without source. */
  readonly repo: string | undefined;
  /** Commit that counts for intent that needs no files. */
  readonly commit: string;
  /** Told of documents that cannot be read; the rest is found all the same. */
  readonly onDamage?: OnDamage;
}

/**
 * Intent that differs from state. A deployment whose newest attempt runs, waits or failed is left out: intent has had its
 * effect, and the rest is a matter of the run.
 */
export async function findIntents(
  stores: { readonly state: StoreReader; readonly intent: StoreReader },
  scope: IntentScope,
): Promise<IntentItem[]> {
  const differences = await diffIntent(stores, scope.onDamage);
  const items = await Promise.all(
    differences.map((difference) => unlessDamaged(scope.onDamage, () => intentItem(stores, difference, scope))),
  );
  return items.filter((each) => each !== undefined);
}

async function intentItem(
  { state, intent }: { readonly state: StoreReader; readonly intent: StoreReader },
  { ref, change }: IntentDifference,
  scope: IntentScope,
): Promise<IntentItem | undefined> {
  const repo = ref.startsWith("@/") ? undefined : ref.replace(/\/-\/.*$/, "");
  const simple: IntentItem = { workType: change, ref, commit: scope.commit, repo, needsSource: false };
  if (intentKind(ref) !== "deploy") {
    // State of a release belongs to its commit; any other commit could apply it too.
    const own = repo === undefined || /\/@\//.test(ref) ? undefined : await releaseOfRef(state, ref);
    const known =
      own?.commit ?? (repo !== undefined && repo !== scope.repo ? await newestCommit(state, repo) : undefined);
    return known === undefined ? simple : { ...simple, commit: known };
  }
  const at = await deployTarget({ state, intent }, ref);
  if (!at) return undefined;
  const release = await readRelease(state, at.release);
  const work = release && allWork(release).find(({ id }) => ref.endsWith(`/${id}`));
  const latest = work && latestRun(work);
  const isOver = latest === undefined || latest.status === "complete" || latest.status === "cancelled";
  return isOver ? { ...simple, commit: at.commit, needsSource: true } : undefined;
}

/** Custom intent that only has to be applied for work in scope to go on: approvals above all. */
export async function findAwaited(
  stores: { readonly state: StoreReader; readonly intent: StoreReader },
  scope: Scope,
): Promise<IntentItem[]> {
  const found = await Promise.all(
    (await findReleases(stores.state, scope)).map(async ({ release: ref, commit }) => {
      const awaited = await unlessDamaged(scope.onDamage, async () => {
        const release = await readRelease(stores.state, ref);
        return release ? await awaitedIntents(stores, release) : [];
      });
      return (awaited ?? []).map((each): IntentItem => {
        const own = each.startsWith("@/") ? undefined : each.replace(/\/-\/.*$/, "");
        return { workType: "create", ref: each, commit, repo: own, needsSource: false };
      });
    }),
  );
  const items = new Map(found.flat().map((item) => [item.ref, item]));
  return [...items.values()];
}

/** The release that intent at a deployment is about: that which it names, else that which is to be taken down. */
async function deployTarget(
  { state, intent }: { readonly state: StoreReader; readonly intent: StoreReader },
  ref: string,
): Promise<ReleaseAt | undefined> {
  const wanted = await intent.read(ref);
  if (wanted?.kind !== "ref") {
    const deployed = await state.resolve(ref);
    return deployed === undefined ? undefined : await releaseOfRef(state, deployed);
  }
  const release = intendedRelease(ref, wanted.body);
  return release === undefined ? undefined : await releaseOfRef(state, release);
}

/** The commit whose configuration of a repository was recorded last. */
export async function newestCommit(state: StoreReader, repo: string): Promise<string | undefined> {
  const target = await state.resolve(refs.latestRepository(repo));
  return /\/@([^/]+)$/.exec(target ?? "")?.[1];
}

/** Operations, runs and deployments to do again, in the order in which they are done. */
export async function findWork(state: StoreReader, scope: Scope): Promise<WorkItem[]> {
  // All three look at the same releases.
  const seen = new RememberingReader(state);
  const [operations, runs, changed] = await Promise.all([
    findOperations(seen, scope),
    findRuns(seen, scope),
    findChanged(seen, scope),
  ]);
  return [...operations, ...runs, ...changed];
}
