import type { EnvironmentModel, JsonValue } from "@ocuroot/engine";
import type { WorkStatus } from "../protocol.ts";

/** Newest work of a file as state has it. */
export interface WorkSummary {
  readonly status: WorkStatus;
  readonly release: string;
  readonly durationMs?: number;
  readonly news?: string;
  readonly runRef?: string;
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
  /** The value at an absolute ref with its fragment, links followed. */
  value(ref: string): StateValue | undefined;
  /** Names of custom documents below a prefix such as `@/custom/`. */
  customNames(prefix: string): readonly string[];
}

/** Nothing is known. */
export const unknownState: StateView = {
  environments: undefined,
  releases: () => [],
  work: () => undefined,
  value: () => undefined,
  customNames: () => [],
};
