/** Runs that intent asks for (spec 4.6): another `up` of a release's deployment, or its `down`. */

import type { JsonValue } from "../json/json.ts";
import { sameJson } from "../json/sameJson.ts";
import type { PackageModel } from "../model/package.ts";
import type { Store } from "../state/store.ts";
import { bodyTypes, type ReleaseWork, type RunDocument, type RunInputs, refs } from "./documents.ts";
import { readRef } from "./inputs.ts";
import { allWork, type WorkState } from "./plan.ts";
import { readRelease, readRun } from "./readRelease.ts";
import { endLeftovers } from "./retry.ts";
import { setRun, setStatus, shortRef } from "./runWrites.ts";

/** A deployment that cannot be run as asked; the message says why. */
export class DeployError extends Error {
  override readonly name = "DeployError";
}

/** Another process is at it: what was asked for is being done, or the way is free when it has ended. */
export class DeployBusyError extends DeployError {}

export interface DeployRequest {
  /** Ref of the release. */
  readonly release: string;
  readonly environment: string;
  readonly type: "up" | "down";
  /** Values that are to be used in place of what refs say. */
  readonly values?: Readonly<Record<string, JsonValue>>;
  /** Number of the attempt that is to be done again: when another one was made meanwhile, that one counts. */
  readonly after?: number;
}

/**
 * Adds a pending run of `up` or `down` to a release; one that waits already is taken. Returns the run's ref. `model`, the
 * file evaluated, knows functions of deployments that came after the release was made.
 */
export async function addDeployRun(state: Store, request: DeployRequest, model?: PackageModel): Promise<string> {
  const { release, environment, type } = request;
  const id = `deploy/${environment}`;
  await endLeftovers(state, release);
  return await state.transact(`${shortRef(release)}/${id} ${type}`, async (tx) => {
    const current = await readRelease(state, release);
    const work = current && allWork(current).find((each) => each.id === id);
    if (!work) throw new DeployError(`${shortRef(release)} has no deployment to ${environment}`);
    const latest = work.runs.at(-1);
    if (latest && request.after !== undefined && latest.number !== request.after) return latest.ref;
    if (latest?.status === "running" && !latest.isAbandoned)
      throw new DeployBusyError(`${shortRef(latest.ref)} is running`);
    if (latest?.status === "pending" && (await readRun(state, latest.ref)).type === type) return latest.ref;
    const run = refs.run(release, id, (latest?.number ?? 0) + 1);
    const time = new Date().toISOString();
    // What failed, or was interrupted, is retried by this: it must not stay behind as something to see to.
    if (latest?.status === "failed" || latest?.isAbandoned) {
      await setStatus(state, tx, latest.ref, "failed_retried", time);
    }
    setRun(tx, run, await newRun(state, work, request, model));
    tx.set(refs.status(run, "pending"), bodyTypes.marker, { time });
    return run;
  });
}

async function newRun(
  state: Store,
  work: WorkState,
  request: DeployRequest,
  model: PackageModel | undefined,
): Promise<RunDocument> {
  const { release, environment, type } = request;
  const fn = functionOf(work.work, type) ?? declaredFunction(model, environment, type);
  if (!fn) throw new DeployError(`${shortRef(release)} does not say how to take ${environment} ${type}`);
  const inputs = { environment: { ref: refs.environment(environment) }, ...(await lastInputs(state, work)) };
  // What is taken down is what was put there: with the inputs it got then. An `up` reads its inputs anew.
  const given = type === "down" ? inputs : await withValues(state, inputs, request.values ?? {});
  return { type, release, functions: [{ fn, dependencies: [], inputs: given }] };
}

function functionOf(work: ReleaseWork, type: "up" | "down") {
  const fn = work.kind === "deploy" ? work[type] : undefined;
  return fn?.name ? fn : undefined;
}

function declaredFunction(model: PackageModel | undefined, environment: string, type: "up" | "down") {
  const all = model?.phases.flatMap(({ work }) => work) ?? [];
  const found = all.find((work) => work.kind === "deploy" && work.environment.name === environment);
  return found?.kind === "deploy" ? found[type] : undefined;
}

/** Inputs of the last `up` that was done, else as declared. */
async function lastInputs(state: Store, { work, runs }: WorkState): Promise<RunInputs> {
  for (const run of runs.filter(({ status }) => status === "complete").reverse()) {
    const { type, functions } = await readRun(state, run.ref);
    if (type === "up") return functions[0]?.inputs ?? {};
  }
  // A deployment that came after the release was made is not in its document: its first run has what was declared.
  const first = Object.keys(work.inputs).length === 0 ? runs[0] : undefined;
  return first ? ((await readRun(state, first.ref)).functions[0]?.inputs ?? {}) : work.inputs;
}

/** Inputs to be read anew; where another value is asked for than the ref has, that one for good. */
async function withValues(
  state: Store,
  inputs: RunInputs,
  values: Readonly<Record<string, JsonValue>>,
): Promise<RunInputs> {
  const entries = Object.entries(inputs).map(async ([name, { value, ...declared }]) => {
    if (!Object.hasOwn(values, name) || name === "environment") {
      return [name, declared.ref === undefined ? { ...declared, value } : declared];
    }
    const wanted = values[name] as JsonValue;
    const now = declared.ref === undefined ? undefined : await readRef(state, declared.ref);
    return [name, now && sameJson(now.value, wanted) ? declared : { value: wanted }];
  });
  return Object.fromEntries(await Promise.all(entries)) as RunInputs;
}
