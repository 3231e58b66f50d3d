import type { EnvironmentModel, JsonValue } from "@ocuroot/engine";
import type { WorkStatus } from "../protocol/index.ts";

/** Newest work of a file as state has it. */
export interface WorkSummary {
  readonly status: WorkStatus;
  readonly release: string;
  readonly durationMs?: number;
  readonly news?: string;
  readonly runRef?: string;
  /** Values that its newest run got, by name; absent while none has begun. */
  readonly inputs?: Readonly<Record<string, JsonValue>>;
  /** Milliseconds since 1970 of the last change of status. */
  readonly at?: number;
}

/** A release, as completion and hover name it. */
export interface ReleaseSummary {
  /** Absolute. */
  readonly ref: string;
  /** `r8`. */
  readonly name: string;
  readonly tags: readonly string[];
  readonly status: WorkStatus;
  readonly commit: string;
  readonly startedAt?: number;
}

/** The last value of a document in state. */
export interface StateValue {
  readonly value: JsonValue;
  /** The release that produced it. */
  readonly release?: string;
}

/** A piece of work of a release, by its key (`task/build`, `deploy/staging`) and the name of its phase. */
export interface ReleasedWork {
  readonly key: string;
  readonly phase: string;
}

/** A package file of another repository whose newest release reads something of this one. */
export interface StateConsumer {
  readonly repository: string;
  readonly file: string;
  /** The input's ref, absolute. */
  readonly ref: string;
  /** What it reads: the file of this repository, `task/build`, and the output. */
  readonly path: string;
  readonly work: string;
  readonly output?: string;
}

/**
 * What a feature may know of state: an index in memory, kept current by events. Nothing here reads a disk; what is not
 * loaded yet is simply not there.
 */
export interface StateView {
  /** Undefined while state is not known; empty when there are no environments in it. */
  readonly environments: readonly EnvironmentModel[] | undefined;
  /** Newest first. */
  releases(path: string): readonly ReleaseSummary[];
  /** The newest release's work: key `task/build`, `deploy/staging`. */
  work(path: string, key: string): WorkSummary | undefined;
  /** All work of the newest release, in its order. */
  allWork(path: string): readonly ReleasedWork[];
  /** The value at an absolute ref with its fragment, links followed. */
  value(ref: string): StateValue | undefined;
  /** Names of custom documents below a prefix such as `@/custom/`. */
  customNames(prefix: string): readonly string[];
  /** What other repositories that share the store read from this one. */
  consumers(): readonly StateConsumer[];
}

/** Nothing is known. */
export const unknownState: StateView = {
  environments: undefined,
  releases: () => [],
  work: () => undefined,
  allWork: () => [],
  value: () => undefined,
  customNames: () => [],
  consumers: () => [],
};
