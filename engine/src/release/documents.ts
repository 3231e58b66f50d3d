/** The documents of a release (spec 3.2): their refs, their shapes, and reading what a store holds, whoever wrote it. */

import type { JsonValue } from "../json/json.ts";
import type { FunctionRef, InputModel, PackageModel, WorkModel } from "../model/package.ts";
import { StoreError } from "../state/store.ts";
import type { RunFailure } from "./events.ts";
import type { RunPause } from "./runTimes.ts";

export type RunStatus = "pending" | "running" | "complete" | "failed" | "failed_retried" | "cancelled" | "paused";

export const runStatuses: readonly RunStatus[] = [
  "pending",
  "running",
  "complete",
  "failed",
  "failed_retried",
  "cancelled",
  "paused",
];

export const bodyTypes = {
  release: "release",
  marker: "marker",
  run: "run",
  logs: "logs",
  work: "work",
  environment: "environment",
  custom: "custom",
  repo: "repo",
  deploy: "deploy",
} as const;

/** An input as a run document has it: `value` once it was read. Refs are absolute. */
export interface RunInput {
  readonly ref?: string;
  readonly default?: JsonValue;
  readonly value?: JsonValue;
}

export type RunInputs = Readonly<Record<string, RunInput>>;

export interface RunFunction {
  readonly fn: FunctionRef;
  readonly dependencies: readonly string[];
  readonly inputs: RunInputs;
  /** What the function that went on to this one says of it (ours). */
  readonly annotation?: string;
}

export type RunType = "task" | "up" | "down";

export interface RunDocument {
  readonly type: RunType;
  /** Ref of the release. */
  readonly release: string;
  readonly functions: readonly RunFunction[];
  readonly output?: JsonValue;
  readonly watch_files?: readonly string[];
  /** What the last function says of the result (ours). */
  readonly annotation?: string;
  /** ISO times, when it waited for inputs, and why it failed: ours; others ignore them. */
  readonly started?: string;
  readonly ended?: string;
  readonly pauses?: readonly RunPause[];
  readonly failure?: RunFailure;
}

export interface LogEntry {
  readonly timestamp: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly stream: string;
}

/** A piece of work as the release document lists it. */
export type ReleaseWork =
  | { readonly kind: "task"; readonly name: string; readonly fn: FunctionRef; readonly inputs: RunInputs }
  | {
      readonly kind: "deploy";
      readonly name: string;
      readonly up: FunctionRef;
      readonly down: FunctionRef;
      readonly inputs: RunInputs;
    };

export interface ReleaseDocument {
  readonly commit: string;
  readonly phases: readonly { readonly name: string; readonly work: readonly ReleaseWork[] }[];
}

/** A package file in a repository: what the refs of its releases start with. */
export interface PackagePlace {
  readonly repo: string;
  /** Repository-relative path with `/`. */
  readonly file: string;
}

export const refs = {
  package: ({ repo, file }: PackagePlace) => `${repo}/-/${file}`,
  release: (place: PackagePlace, number: number) => `${refs.package(place)}/@r${number}`,
  commit: (release: string, sha: string) => `${release}/commit/${sha}`,
  work: (release: string, work: string) => `${release}/${work}`,
  run: (release: string, work: string, number: number) => `${release}/${work}/${number}`,
  status: (run: string, status: RunStatus) => `${run}/status/${status}`,
  logs: (run: string) => `${run}/logs`,
  /** The link to the most recent completed run of a piece of work; in intent, what a deployment should be. */
  current: (place: PackagePlace, work: string) => `${refs.package(place)}/@/${work}`,
  tag: (place: PackagePlace, tag: string) => `${refs.package(place)}/@${tag}`,
  environment: (name: string) => `@/environment/${name}`,
  repository: (repo: string, commit: string) => `${repo}/-/repo.ocu.star/@${commit}`,
  latestRepository: (repo: string) => `${repo}/-/repo.ocu.star/@`,
  checkEnvironments: (release: string) => `${release}/op/check_envs`,
};

/** Why a run was cancelled, in its status marker (ours): its environment was removed before it began. */
export const environmentRemoved = "environment removed";

export function workId(work: WorkModel): string {
  return work.kind === "task" ? `task/${work.name}` : `deploy/${work.environment.name}`;
}

/** The release document of an evaluated file. `toAbsolute` makes the refs of inputs absolute. */
export function releaseBody(model: PackageModel, commit: string, toAbsolute: (ref: string) => string): JsonValue {
  const phases = model.phases.map((phase) => ({
    name: phase.name,
    tasks: phase.work.map((work): JsonValue => {
      const inputs = inputsBody(declaredInputs(work, toAbsolute));
      if (work.kind === "task") return { task: { name: work.name, inputs, fn: functionBody(work.fn) } };
      const { environment, up, down } = work;
      return { deploy: { environment: environment.name, up: functionBody(up), down: functionBody(down), inputs } };
    }),
  }));
  const functions = model.functions.map(({ ref }) => [`${ref.name}/${ref.pos}`, { function: functionBody(ref) }]);
  return { commit, package: { functions: Object.fromEntries(functions), phases } };
}

/** What a piece of work takes in, a deployment's environment included. */
export function declaredInputs(work: WorkModel, toAbsolute: (ref: string) => string): RunInputs {
  const inputs = absoluteInputs(work.inputs, toAbsolute);
  if (work.kind === "task") return inputs;
  return { ...inputs, environment: { ref: refs.environment(work.environment.name) } };
}

export function absoluteInputs(inputs: Readonly<Record<string, InputModel>>, toAbsolute: (ref: string) => string) {
  const entries = Object.entries(inputs).map(([name, input]): [string, RunInput] => {
    if (input.ref === undefined) return [name, { value: input.value ?? input.default ?? null }];
    const withDefault = input.hasDefault ? { default: input.default ?? null } : {};
    return [name, { ref: toAbsolute(input.ref), ...withDefault }];
  });
  return Object.fromEntries(entries) as RunInputs;
}

export function runBody(run: RunDocument): JsonValue {
  const functions = run.functions.map(({ fn, dependencies, inputs, annotation }) => ({
    fn: functionBody(fn),
    dependencies: [...dependencies],
    inputs: inputsBody(inputs),
    ...(annotation === undefined ? {} : { annotation }),
  }));
  const body = { ...run, functions } as unknown as Record<string, JsonValue | undefined>;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as JsonValue;
}

function functionBody({ name, pos }: FunctionRef): JsonValue {
  return { name, pos };
}

function inputsBody(inputs: RunInputs): JsonValue {
  return inputs as unknown as JsonValue;
}

/** The values that a run was given, by name. */
export function inputValues(inputs: RunInputs): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value ?? null]));
}

type Fields = Readonly<Record<string, JsonValue>>;

function fields(value: JsonValue | undefined): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function damaged(ref: string, what: string): StoreError {
  return new StoreError(`the document ${ref} is not one that Ocuroot wrote: ${what}`, "damaged");
}

/** Reads a release document; throws StoreError naming it when it is not one. */
export function readReleaseBody(ref: string, body: JsonValue): ReleaseDocument {
  const commit = text(fields(body)?.commit);
  const phases = fields(fields(body)?.package)?.phases;
  if (commit === undefined) throw damaged(ref, "it names no commit");
  return {
    commit,
    phases: list(phases).map((phase) => ({
      name: text(fields(phase)?.name) ?? "",
      work: list(fields(phase)?.tasks).map((task) => readWork(ref, task)),
    })),
  };
}

function readWork(ref: string, value: JsonValue): ReleaseWork {
  const task = fields(fields(value)?.task);
  const deploy = fields(fields(value)?.deploy);
  const name = text(task?.name ?? deploy?.environment) ?? text(fields(deploy?.environment)?.name);
  if (name === undefined) throw damaged(ref, "a piece of work has no name");
  if (task) return { kind: "task", name, fn: readFunction(ref, task.fn), inputs: readInputs(task.inputs) };
  const [up, down] = [readFunction(ref, deploy?.up), readFunction(ref, deploy?.down)];
  return { kind: "deploy", name, up, down, inputs: readInputs(deploy?.inputs) };
}

function readFunction(ref: string, value: JsonValue | undefined): FunctionRef {
  const name = text(fields(value)?.name);
  if (name === undefined) throw damaged(ref, "a function has no name");
  return { name, pos: text(fields(value)?.pos) ?? "" };
}

function readInputs(value: JsonValue | undefined): RunInputs {
  const entries = Object.entries(fields(value) ?? {}).map(([name, input]): [string, RunInput] => {
    const known = fields(input) ?? {};
    const ref = text(known.ref);
    return [
      name,
      {
        ...(ref ? { ref } : {}),
        ...("default" in known ? { default: known.default as JsonValue } : {}),
        ...("value" in known ? { value: known.value as JsonValue } : {}),
      },
    ];
  });
  return Object.fromEntries(entries);
}

/** Reads a run document; throws StoreError naming it when it is not one. */
export function readRunBody(ref: string, body: JsonValue): RunDocument {
  const known = fields(body);
  const type = text(known?.type);
  if (!known || (type !== "task" && type !== "up" && type !== "down")) throw damaged(ref, "its type is unknown");
  return {
    type,
    release: text(known.release) ?? "",
    functions: list(known.functions).map((each) => ({
      fn: readFunction(ref, fields(each)?.fn),
      dependencies: list(fields(each)?.dependencies).flatMap((dependency) => text(dependency) ?? []),
      inputs: readInputs(fields(each)?.inputs),
      annotation: text(fields(each)?.annotation),
    })),
    ...("output" in known ? { output: known.output } : {}),
    ...("watch_files" in known ? { watch_files: list(known.watch_files).flatMap((path) => text(path) ?? []) } : {}),
    annotation: text(known.annotation),
    started: text(known.started),
    ended: text(known.ended),
    ...("pauses" in known ? { pauses: list(known.pauses).flatMap((pause) => readPause(pause) ?? []) } : {}),
    failure: fields(known.failure) as unknown as RunFailure | undefined,
  };
}

function readPause(value: JsonValue): RunPause | undefined {
  const [from, to] = [text(fields(value)?.from), text(fields(value)?.to)];
  return from === undefined ? undefined : { from, ...(to !== undefined && { to }) };
}

/** Reads a run's log; a document that is none counts as empty. */
export function readLogBody(body: JsonValue | undefined): LogEntry[] {
  return list(body).flatMap((entry) => {
    const known = fields(entry);
    const message = text(known?.message);
    if (!known || message === undefined) return [];
    const attributes = (fields(known.attributes) ?? {}) as Record<string, string>;
    const [timestamp, stream] = [text(known.timestamp) ?? "", text(known.stream) ?? ""];
    return [{ timestamp, message, attributes, stream }];
  });
}
