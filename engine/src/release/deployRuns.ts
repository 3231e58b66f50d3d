/** Runs that intent asks for (spec 4.6): another `up` of a release's deployment, or its `down`. */
import { allWork, type WorkState } from "../runner/plan.ts";
import type { JsonValue } from "../state/json.ts";
import type { Store } from "../state/store.ts";
import { bodyTypes, type ReleaseWork, type RunDocument, type RunInputs, refs } from "./documents.ts";
import { readRelease, readRun } from "./readRelease.ts";
import { setRun, shortRef } from "./runWrites.ts";

/** A deployment that cannot be run as asked; the message says why. */
export class DeployError extends Error {
  override readonly name = "DeployError";
}

export interface DeployRequest {
  /** Ref of the release. */
  readonly release: string;
  readonly environment: string;
  readonly type: "up" | "down";
  /** Values that are to be used in place of what refs say. */
  readonly values?: Readonly<Record<string, JsonValue>>;
}

/** Adds a pending run of `up` or `down` to a release; one that waits already is taken. Returns the run's ref. */
export async function addDeployRun(state: Store, request: DeployRequest): Promise<string> {
  const { release, environment, type } = request;
  const id = `deploy/${environment}`;
  return await state.transact(`${shortRef(release)}/${id} ${type}`, async (tx) => {
    const current = await readRelease(state, release);
    const work = current && allWork(current).find((each) => each.id === id);
    if (!work) throw new DeployError(`${shortRef(release)} has no deployment to ${environment}`);
    const latest = work.runs.at(-1);
    if (latest?.status === "running" && !latest.isAbandoned)
      throw new DeployError(`${shortRef(latest.ref)} is running`);
    if (latest?.status === "pending" && (await readRun(state, latest.ref)).type === type) return latest.ref;
    const run = refs.run(release, id, (latest?.number ?? 0) + 1);
    const time = new Date().toISOString();
    setRun(tx, run, await newRun(state, work, request));
    tx.set(refs.status(run, "pending"), bodyTypes.marker, { time });
    return run;
  });
}

async function newRun(state: Store, work: WorkState, request: DeployRequest): Promise<RunDocument> {
  const { release, environment, type } = request;
  const fn = functionOf(work.work, type);
  if (!fn) throw new DeployError(`${shortRef(release)} does not say how to take ${environment} ${type}`);
  const inputs = { environment: { ref: refs.environment(environment) }, ...(await lastInputs(state, work)) };
  // What is taken down is what was put there: with the inputs it got then. An `up` reads its inputs anew.
  const given = type === "down" ? inputs : withValues(inputs, request.values ?? {});
  return { type, release, functions: [{ fn, dependencies: [], inputs: given }] };
}

function functionOf(work: ReleaseWork, type: "up" | "down") {
  const fn = work.kind === "deploy" ? work[type] : undefined;
  return fn?.name ? fn : undefined;
}

/** Inputs of the last `up` that was done, else as declared. */
async function lastInputs(state: Store, { work, runs }: WorkState): Promise<RunInputs> {
  for (const run of runs.filter(({ status }) => status === "complete").reverse()) {
    const { type, functions } = await readRun(state, run.ref);
    if (type === "up") return functions[0]?.inputs ?? {};
  }
  return work.inputs;
}

function withValues(inputs: RunInputs, values: Readonly<Record<string, JsonValue>>): RunInputs {
  const entries = Object.entries(inputs).map(([name, { value, ...declared }]) => {
    if (Object.hasOwn(values, name) && name !== "environment") return [name, { ...declared, value: values[name] }];
    return [name, declared.ref === undefined ? { ...declared, value } : declared];
  });
  return Object.fromEntries(entries) as RunInputs;
}
