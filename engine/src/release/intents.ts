/** Making state what intent says, for custom state and environments (spec 4.6). */

import type { JsonValue } from "../json/json.ts";
import { sameJson } from "../json/sameJson.ts";
import { literalGlob } from "../refs/glob.ts";
import { RememberingReader } from "../state/rememberingReader.ts";
import { type Store, StoreError, type StoreReader } from "../state/store.ts";
import type { DeployRequest } from "./deployRuns.ts";
import { bodyTypes, refs } from "./documents.ts";
import { applyEnvironments, environmentProblem, markReleases, releasesWaitingFor } from "./environments.ts";
import { listFiles, listRepositories } from "./listing.ts";
import { allWork, latestRun, type ReleaseState } from "./plan.ts";
import { listRuns, readRun } from "./readRelease.ts";
import { shortRef } from "./runWrites.ts";

/** Something in intent that state cannot become. */
export class IntentError extends Error {
  override readonly name = "IntentError";
}

export type IntentKind = "custom" | "environment" | "deploy";

/** What kind of intent a ref is; undefined for refs that intent does not hold. */
export function intentKind(ref: string): IntentKind | undefined {
  const kind = /(?:^|\/)@[^/]*\/(custom|environment|deploy)\/./.exec(ref)?.[1];
  return kind as IntentKind | undefined;
}

/** A ref whose intent and state differ. */
export interface IntentDifference {
  readonly ref: string;
  readonly change: "create" | "update" | "delete";
}

/**
 * Refs whose intent differs from state, sorted. What cannot be read is told to `onDamage`, and the rest compared all the
 * same; without it, it is thrown.
 */
export async function diffIntent(
  stores: { readonly state: StoreReader; readonly intent: StoreReader },
  onDamage?: (error: StoreError) => void,
): Promise<IntentDifference[]> {
  const [state, intent] = [new RememberingReader(stores.state), new RememberingReader(stores.intent)];
  const [intended, present] = await Promise.all([intentRefs(intent), intentRefs(state)]);
  const all = [...new Set([...intended, ...present])].sort();
  const differences = await Promise.all(
    all.map((ref) =>
      differenceAt(state, intent, ref).catch((error: unknown) => {
        if (onDamage === undefined || !(error instanceof StoreError) || error.code !== "damaged") throw error;
        onDamage(error);
        return undefined;
      }),
    ),
  );
  return differences.filter((each) => each !== undefined);
}

/**
 * Documents that intent and state have in common: custom state, environments, current deployments. Looks nowhere else; there
 * may be no document at some.
 */
async function intentRefs(store: StoreReader): Promise<string[]> {
  const files = (await listRepositories(store)).map((repo) => listFiles(store, repo));
  const places = (await Promise.all(files)).flat();
  const folders = ["@/environment", ...places.map((file) => `${file}/@/deploy`)];
  const globs = ["@/custom/**", ...places.map((file) => `${literalGlob(file)}/@*/custom/**`)];
  const found = await Promise.all([
    ...folders.map(async (folder) => (await store.children(folder)).map((name) => `${folder}/${name}`)),
    ...globs.map((glob) => store.match(glob)),
  ]);
  return found.flat().filter((ref) => intentKind(ref) !== undefined);
}

async function differenceAt(
  state: StoreReader,
  intent: StoreReader,
  ref: string,
): Promise<IntentDifference | undefined> {
  const [wanted, present] = await Promise.all([bodyAt(intent, ref), bodyAt(state, ref)]);
  if (wanted === undefined && present === undefined) return undefined;
  if (wanted === undefined) return { ref, change: "delete" };
  if (present === undefined) return { ref, change: "create" };
  const isSame = intentKind(ref) === "deploy" ? sameDeployment(wanted, present) : sameJson(wanted, present);
  return isSame ? undefined : { ref, change: "update" };
}

async function bodyAt(store: StoreReader, ref: string): Promise<JsonValue | undefined> {
  const target = await store.resolve(ref);
  const stored = target === undefined ? undefined : await store.read(target);
  return stored?.kind === "ref" ? stored.body : undefined;
}

/** A deployment is as intended when it is of that release, with those inputs; its environment goes without saying. */
function sameDeployment(wanted: JsonValue, present: JsonValue): boolean {
  const parts = (value: JsonValue) => {
    const { release = null, input } = value as { readonly release?: JsonValue; readonly input?: JsonValue };
    const { environment: _environment, ...inputs } = (input ?? {}) as Readonly<Record<string, JsonValue>>;
    return { release, inputs };
  };
  return sameJson(parts(wanted), parts(present));
}

/** Something that only a release can do: runs of deployments. Given by whoever can evaluate files and run them. */
export type RunDeployments = (requests: readonly DeployRequest[]) => Promise<boolean>;

/**
 * Makes state what intent says at a ref. Returns what changed; undefined when nothing differed. `run` brings deployments
 * about, and says whether all of them were done.
 */
export async function applyIntent(
  repository: { readonly state: Store; readonly intent: Store },
  ref: string,
  run: RunDeployments,
): Promise<IntentDifference["change"] | undefined> {
  const { state, intent } = repository;
  const difference = await differenceAt(state, intent, ref);
  if (!difference) return undefined;
  const stored = await intent.read(ref);
  const wanted = stored?.kind === "ref" ? stored.body : undefined;
  const kind = intentKind(ref);
  if (kind === "custom") await applyCustom(state, ref, wanted);
  else if (kind === "environment") await applyEnvironment(state, ref, wanted, run);
  else await applyDeployment(state, ref, wanted, run);
  return difference.change;
}

async function applyCustom(state: Store, ref: string, wanted: JsonValue | undefined): Promise<void> {
  await state.transact(`${shortRef(ref)} ${wanted === undefined ? "removed" : "set"}`, (tx) => {
    if (wanted === undefined) tx.delete(ref);
    else tx.set(ref, bodyTypes.custom, wanted);
  });
}

async function applyEnvironment(state: Store, ref: string, wanted: JsonValue | undefined, run: RunDeployments) {
  const name = ref.slice(refs.environment("").length);
  if (wanted === undefined) return await removeEnvironment(state, ref, name, run);
  const problem = environmentProblem(name, wanted);
  if (problem) throw new IntentError(`${ref}: ${problem}`);
  const { attributes = {} } = wanted as { readonly attributes?: Record<string, string> };
  await state.transact(`Environment ${name} set`, (tx) => applyEnvironments(state, tx, [{ name, attributes }]));
}

/** Takes down what is deployed there, then removes it. */
async function removeEnvironment(state: Store, ref: string, environment: string, run: RunDeployments): Promise<void> {
  const repositories = await Promise.all((await listRepositories(state)).map((repo) => listFiles(state, repo)));
  const links = (
    await Promise.all(repositories.flat().map((file) => state.match(`${literalGlob(file)}/@/deploy/${environment}`)))
  ).flat();
  const requests = await Promise.all(links.map((link) => downRequest(state, link, environment)));
  if (requests.length > 0 && !(await run(requests))) {
    throw new IntentError(`environment ${environment} stays, since not all of its deployments are down`);
  }
  await state.transact(`Environment ${environment} removed`, async (tx) => {
    tx.delete(ref);
    await markReleases(state, tx, [environment], await releasesWaitingFor(state, environment));
  });
}

async function applyDeployment(state: Store, ref: string, wanted: JsonValue | undefined, run: RunDeployments) {
  const environment = /\/deploy\/([^/]+)$/.exec(ref)?.[1];
  if (environment === undefined) throw new IntentError(`${ref} names no deployment`);
  const { input = {} } = (wanted ?? {}) as { readonly input?: JsonValue };
  const release = wanted === undefined ? undefined : intendedRelease(ref, wanted);
  if (wanted !== undefined && release === undefined) throw new IntentError(`${ref} names no release`);
  const request: DeployRequest =
    release !== undefined
      ? await upRequest(state, release, environment, input as Record<string, JsonValue>)
      : await downRequest(state, ref, environment);
  if (!(await run([request]))) throw new IntentError(`${ref} is not as intended`);
}

/** The release that intent at a deployment names: its ref, or only its name when it is one of the same file. */
export function intendedRelease(ref: string, wanted: JsonValue): string | undefined {
  const { release } = (wanted ?? {}) as { readonly release?: JsonValue };
  if (typeof release !== "string" || release === "") return undefined;
  return release.includes("/") ? release : `${ref.replace(/\/@\/.*$/, "")}/@${release.replace(/^@/, "")}`;
}

async function upRequest(
  state: StoreReader,
  release: string,
  environment: string,
  values: Readonly<Record<string, JsonValue>>,
): Promise<DeployRequest> {
  const after = await newestAttempt(state, (await state.resolve(release)) ?? release, environment);
  return { release, environment, type: "up", values, after };
}

/** What others do meanwhile is not done again: they may have seen the same intent. */
async function newestAttempt(state: StoreReader, release: string, environment: string): Promise<number> {
  return (await listRuns(state, refs.work(release, `deploy/${environment}`))).at(-1) ?? 0;
}

/** What takes down the deployment that a link stands for. */
async function downRequest(state: StoreReader, link: string, environment: string): Promise<DeployRequest> {
  const target = await state.resolve(link);
  const release = /^(.*\/@[^/]+)\/deploy\/[^/]+$/.exec(target ?? "")?.[1];
  if (release === undefined) throw new IntentError(`${link} leads to no release`);
  return { release, environment, type: "down", after: await newestAttempt(state, release, environment) };
}

/**
 * Custom intents that runs of a release wait for, and that state does not have: who goes on with a release wants what was
 * set to count. Each ref once.
 */
export async function awaitedIntents(
  { state, intent }: { readonly state: StoreReader; readonly intent: StoreReader },
  release: ReleaseState,
): Promise<string[]> {
  const waiting = allWork(release).flatMap((work) => latestRun(work) ?? []);
  const runs = waiting.filter(({ status }) => status === "pending" || status === "paused");
  const inputs = await Promise.all(
    runs.map(async ({ ref }) => Object.values((await readRun(state, ref)).functions.at(-1)?.inputs ?? {})),
  );
  const wanted = inputs.flat().flatMap((input) => ("value" in input ? [] : (input.ref?.replace(/#.*$/, "") ?? [])));
  const custom = [...new Set(wanted)].filter((ref) => intentKind(ref) === "custom");
  const isAwaited = async (ref: string) =>
    (await state.resolve(ref)) === undefined && (await intent.read(ref))?.kind === "ref";
  const found = await Promise.all(custom.map(isAwaited));
  return custom.filter((_, index) => found[index]);
}

/** Applies the custom intents that runs of a release wait for. */
export async function applyAwaitedIntents(
  stores: { readonly state: Store; readonly intent: StoreReader },
  release: ReleaseState,
): Promise<void> {
  for (const ref of await awaitedIntents(stores, release)) {
    const intended = await stores.intent.read(ref);
    if (intended?.kind === "ref") await applyCustom(stores.state, ref, intended.body);
  }
}
