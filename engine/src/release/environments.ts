/** Environments in state and intent, and what their change means for releases (spec 4.6). */

import type { JsonValue } from "../json/json.ts";
import type { EnvironmentModel } from "../model/package.ts";
import { literalGlob } from "../refs/glob.ts";
import type { Store, StoreReader, Transaction } from "../state/store.ts";
import { bodyTypes, refs } from "./documents.ts";
import { listFiles, listPackageFiles, listRepositories } from "./listing.ts";
import { deployedReleases, listReleases } from "./readRelease.ts";

const namePattern = /^[A-Za-z0-9._-]+$/;

/** The environments in state, sorted by name. */
export async function readEnvironments(state: StoreReader): Promise<EnvironmentModel[]> {
  const names = await state.children("@/environment");
  const found = await Promise.all(
    names.map(async (name) => readEnvironment(await state.read(refs.environment(name)), name)),
  );
  return found.filter((each) => each !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readEnvironment(stored: Awaited<ReturnType<StoreReader["read"]>>, name: string): EnvironmentModel | undefined {
  if (stored?.kind !== "ref") return undefined;
  const { attributes } = stored.body as { readonly attributes?: Record<string, string> };
  return { name, attributes: attributes ?? {} };
}

function environmentBody({ name, attributes }: EnvironmentModel): JsonValue {
  return { name, attributes: { ...attributes } };
}

/** What keeps a value from being the environment of that name; undefined when nothing does. */
export function environmentProblem(name: string, value: JsonValue): string | undefined {
  if (!namePattern.test(name))
    return `\`${name}\` is no name for an environment: use letters, digits, \`.\`, \`_\` and \`-\``;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return "an environment is an object with name and attributes";
  const { name: own, attributes = {} } = value as { readonly name?: JsonValue; readonly attributes?: JsonValue };
  if (own === undefined) return `the environment has no name; add "name": ${JSON.stringify(name)}`;
  if (own !== name) return `the environment's name is ${JSON.stringify(own)}, the ref says ${JSON.stringify(name)}`;
  const isDict = typeof attributes === "object" && attributes !== null && !Array.isArray(attributes);
  if (!isDict) return "the attributes of an environment are an object of strings";
  const wrong = Object.entries(attributes as object).find(([, each]) => typeof each !== "string");
  return wrong ? `the attribute \`${wrong[0]}\` is not a string` : undefined;
}

/** Puts environments into intent. */
export async function intendEnvironments(intent: Store, environments: readonly EnvironmentModel[]): Promise<void> {
  await intent.transact(subject("Intend", environments), (tx) => {
    for (const each of environments) tx.set(refs.environment(each.name), bodyTypes.environment, environmentBody(each));
  });
}

/**
 * Puts environments into state, and marks the releases that must look again because of those that are new or different.
 */
export async function applyEnvironments(
  state: StoreReader,
  tx: Transaction,
  environments: readonly EnvironmentModel[],
): Promise<void> {
  // Only these are read: others may be many, or damaged.
  const known = await Promise.all(
    environments.map(async ({ name }) => readEnvironment(await state.read(refs.environment(name)), name)),
  );
  const changed = environments.filter((each, index) => !sameEnvironment(known[index], each));
  if (changed.length === 0) return;
  for (const each of changed) tx.set(refs.environment(each.name), bodyTypes.environment, environmentBody(each));
  await markReleases(
    state,
    tx,
    changed.map(({ name }) => name),
  );
}

/**
 * Marks every release that has a deployment, or the newest one of a file that never deployed, to look at environments
 * again. The marker names those that came or changed since it last looked.
 */
export async function markReleases(
  state: StoreReader,
  tx: Transaction,
  names: readonly string[],
  others: readonly string[] = [],
): Promise<void> {
  const time = new Date().toISOString();
  for (const release of new Set([...(await releasesToCheck(state)), ...others])) {
    const ref = refs.checkEnvironments(release);
    const marker = await state.read(ref);
    const before = marker?.kind === "ref" ? checkedEnvironments(marker.body) : [];
    tx.set(ref, bodyTypes.marker, { time, environments: [...new Set([...before, ...names])].sort() });
  }
}

/** Releases with a deployment to the environment that has not begun. */
export async function releasesWaitingFor(state: StoreReader, environment: string): Promise<string[]> {
  const repositories = await Promise.all((await listRepositories(state)).map((repo) => listFiles(state, repo)));
  const globs = repositories
    .flat()
    .map((file) => `${literalGlob(file)}/@r*/deploy/${environment}/*/status/{pending,paused}`);
  const found = (await Promise.all(globs.map((glob) => state.match(glob)))).flat();
  return [...new Set(found.map((ref) => ref.replace(/\/deploy\/[^/]+\/\d+\/status\/[^/]+$/, "")))];
}

/** The environments that a marker names; none in one that another tool wrote. */
export function checkedEnvironments(marker: JsonValue): string[] {
  const { environments } = (marker ?? {}) as { readonly environments?: JsonValue };
  return Array.isArray(environments) ? environments.filter((each) => typeof each === "string") : [];
}

async function releasesToCheck(state: StoreReader): Promise<string[]> {
  const repositories = await listRepositories(state);
  const places = await Promise.all(
    repositories.map(async (repo) => (await listPackageFiles(state, repo)).map((file) => ({ repo, file }))),
  );
  const releases = places.flat().map(async (place) => {
    const deployed = await deployedReleases(state, place);
    if (deployed.length > 0) return deployed.map(({ release }) => release);
    const newest = (await listReleases(state, place)).at(-1);
    return newest === undefined ? [] : [refs.release(place, newest)];
  });
  return [...new Set((await Promise.all(releases)).flat())];
}

function sameEnvironment(a: EnvironmentModel | undefined, b: EnvironmentModel): boolean {
  const attributes = (each: EnvironmentModel) => JSON.stringify(Object.entries(each.attributes).sort());
  return a !== undefined && attributes(a) === attributes(b);
}

function subject(verb: string, environments: readonly EnvironmentModel[]): string {
  return `${verb} ${environments.length === 1 ? `environment ${environments[0]?.name}` : `${environments.length} environments`}`;
}
