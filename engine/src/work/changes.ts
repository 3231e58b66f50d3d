/** Deployments that used a value which is another one now (spec 4.5). */

import type { JsonValue } from "../json/json.ts";
import { sameJson } from "../json/sameJson.ts";
import { type PackagePlace, type RunInputs, type RunStatus, refs } from "../release/documents.ts";
import { readRef } from "../release/inputs.ts";
import { deployedReleases, listRuns, readRun, readRunStatus } from "../release/readRelease.ts";
import type { StoreReader } from "../state/store.ts";
import type { ChangedItem } from "./items.ts";
import { findPlaces, releaseAt, type Scope } from "./survey.ts";
import { type OnDamage, unlessDamaged } from "./unlessDamaged.ts";

/** What is deployed of a file in an environment. */
export interface Deployment {
  /** `shop/-/backend/release.ocu.star deploy/eu`, whatever the release. */
  readonly key: string;
  readonly place: PackagePlace;
  readonly environment: string;
  /** Ref of the last completed run, without number. */
  readonly ref: string;
  readonly release: string;
  readonly commit: string;
  readonly type: "up" | "down" | "task";
  /** What its functions, one after the other, were given. */
  readonly inputs: readonly RunInputs[];
  /** Number of the newest attempt. */
  readonly attempt: number;
  /** Status of the newest attempt, which may be a later one than that which completed. */
  readonly latest: RunStatus;
}

/** The deployment that a ref reads from, as `Deployment.key`. */
export function producerKey(ref: string): string | undefined {
  const parts = /^(.+)\/@[^/]*\/deploy\/([^/#]+)/.exec(ref);
  return parts ? keyOf(parts[1]!, parts[2]!) : undefined;
}

function keyOf(file: string, environment: string): string {
  return `${file} deploy/${environment}`;
}

/** Deployments that a deployment reads from. */
export function producersOf(deployment: Deployment): string[] {
  const found = deployment.inputs.flatMap((inputs) =>
    Object.values(inputs).flatMap(({ ref }) => (ref === undefined ? [] : (producerKey(ref) ?? []))),
  );
  return [...new Set(found)];
}

/**
 * Names of inputs whose value is another one now. `read` says what a ref says now. Inputs that lead back to the deployment
 * itself, be it through others, are left out: they change because it was done.
 */
export async function changedInputs(
  deployment: Deployment,
  read: (ref: string) => Promise<{ readonly value: JsonValue } | undefined>,
  isFedBack: (producer: string) => Promise<boolean>,
): Promise<string[]> {
  const changed = new Set<string>();
  for (const inputs of deployment.inputs) {
    for (const [name, input] of Object.entries(inputs)) {
      if (input.ref === undefined || !("value" in input)) continue;
      const now = (await read(input.ref)) ?? ("default" in input ? { value: input.default as JsonValue } : undefined);
      if (now === undefined || sameJson(now.value, input.value as JsonValue)) continue;
      const producer = producerKey(input.ref);
      if (producer === undefined || !(await isFedBack(producer))) changed.add(name);
    }
  }
  return [...changed];
}

/** Reads deployments, each once. */
export class Deployments {
  readonly #state: StoreReader;
  readonly #onDamage: OnDamage | undefined;
  readonly #known = new Map<string, Promise<Deployment | undefined>>();

  /** What cannot be read is told to `onDamage`, and counts as not there. */
  constructor(state: StoreReader, onDamage?: OnDamage) {
    this.#state = state;
    this.#onDamage = onDamage;
  }

  /** Those of a file. */
  async ofPlace(place: PackagePlace): Promise<Deployment[]> {
    const deployed = await deployedReleases(this.#state, place);
    const found = await Promise.all(deployed.map(({ environment }) => this.#find(place, environment)));
    return found.filter((each) => each !== undefined);
  }

  /** The deployment with this key, if there is one now. */
  async ofKey(key: string): Promise<Deployment | undefined> {
    const [, repo, file, environment] = /^(.*?)\/-\/(.*) deploy\/([^/]+)$/.exec(key) ?? [];
    if (repo === undefined || file === undefined || environment === undefined) return undefined;
    return await this.#find({ repo, file }, environment);
  }

  /** Whether a deployment reads, be it through others, what another one gives. */
  async reads(reader: string, wanted: string): Promise<boolean> {
    const seen = new Set<string>();
    const open = [reader];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (key === wanted) return true;
      if (seen.has(key)) continue;
      seen.add(key);
      const deployment = await this.ofKey(key);
      if (deployment) open.push(...producersOf(deployment));
    }
    return false;
  }

  #find(place: PackagePlace, environment: string): Promise<Deployment | undefined> {
    const key = keyOf(refs.package(place), environment);
    const known = this.#known.get(key) ?? unlessDamaged(this.#onDamage, () => this.#read(key, place, environment));
    this.#known.set(key, known);
    return known;
  }

  async #read(key: string, place: PackagePlace, environment: string): Promise<Deployment | undefined> {
    const state = this.#state;
    const ref = await state.resolve(refs.current(place, `deploy/${environment}`));
    const stored = ref === undefined ? undefined : await state.read(ref);
    if (ref === undefined || stored?.kind !== "ref") return undefined;
    const { run_ref: runRef } = stored.body as { readonly run_ref?: string };
    const release = ref.slice(0, -`/deploy/${environment}`.length);
    const found = runRef === undefined ? undefined : await releaseAt(state, place, release);
    if (runRef === undefined || !found) return undefined;
    const { type, functions } = await readRun(state, runRef);
    const attempt = (await listRuns(state, ref)).at(-1) ?? 0;
    const latest = attempt === 0 ? "complete" : await readRunStatus(state, `${ref}/${attempt}`);
    const inputs = functions.map((each) => each.inputs);
    return { key, place, environment, ref, release, commit: found.commit, type, inputs, attempt, latest };
  }
}

/**
 * Deployments in scope that are to be done again. Those whose newest attempt runs, waits or failed are left out: it will
 * read the new value, or is a matter of `release retry`.
 */
export async function findChanged(state: StoreReader, scope: Scope): Promise<ChangedItem[]> {
  const { onDamage } = scope;
  const deployments = new Deployments(state, onDamage);
  const places = await findPlaces(state, scope);
  const ofPlaces = places.map((place) => unlessDamaged(onDamage, () => deployments.ofPlace(place)));
  const all = (await Promise.all(ofPlaces)).flatMap((found) => found ?? []);
  const candidates = all.filter(
    ({ commit, latest, type }) =>
      (scope.commit === undefined || commit === scope.commit) && latest === "complete" && type === "up",
  );
  const items = await Promise.all(
    candidates.map(async (deployment): Promise<ChangedItem | undefined> => {
      const isFedBack = (producer: string) => deployments.reads(producer, deployment.key);
      const read = (ref: string) => readRef(state, ref);
      const inputs = await unlessDamaged(onDamage, () => changedInputs(deployment, read, isFedBack));
      if (inputs === undefined || inputs.length === 0) return undefined;
      const { place, release, commit, ref, environment, attempt } = deployment;
      return { workType: "run", reason: "changed", ref, place, release, commit, environment, attempt, inputs };
    }),
  );
  return items.filter((each) => each !== undefined);
}

/** Of deployments that are to be done again, those that wait for none of the others: they come first. */
export async function firstOfChanged(
  state: StoreReader,
  items: readonly ChangedItem[],
  onDamage?: OnDamage,
): Promise<ChangedItem[]> {
  const deployments = new Deployments(state, onDamage);
  const keys = items.map(({ place, environment }) => keyOf(refs.package(place), environment));
  const isFirst = await Promise.all(
    keys.map(async (key) => {
      const others = keys.filter((other) => other !== key);
      const reads = await Promise.all(others.map((other) => deployments.reads(key, other)));
      return !reads.includes(true);
    }),
  );
  const first = items.filter((_, index) => isFirst[index]);
  return first.length > 0 ? first : [...items];
}
