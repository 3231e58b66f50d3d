/** Releases as people see them: what ran, how it went, what it waits for. Plain data, the same for editor and terminal. */

import type { JsonValue } from "../json/json.ts";
import type { SourcePosition } from "../model/package.ts";
import type { RunFailure, WorkStatus } from "../release/events.ts";

export type { WorkStatus };

/** The releases of one package file, newest first. */
export interface FileHistory {
  readonly repo: string;
  /** Path from the repository's root. */
  readonly file: string;
  readonly releases: readonly ReleaseHistory[];
  /** Older releases that were not asked for. */
  readonly moreReleases: number;
}

export interface ReleaseHistory {
  /** Absolute: `shop/-/frontend/release.ocu.star/@r8`. */
  readonly ref: string;
  readonly repo: string;
  readonly file: string;
  readonly number: number;
  /** `r8`. */
  readonly name: string;
  readonly tags: readonly string[];
  readonly commit: string;
  readonly status: WorkStatus;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  /** Time during which something ran, in milliseconds; absent while something runs. */
  readonly durationMs?: number;
  /** One line: what failed and why, or what is needed. */
  readonly news?: string;
  readonly phases: readonly PhaseHistory[];
  /** Why the release's documents could not be read (a sentence that names one); then the rest is empty. */
  readonly problem?: string;
}

export interface PhaseHistory {
  /** "" for work that stands alone. */
  readonly name: string;
  readonly status: WorkStatus;
  readonly work: readonly WorkHistory[];
}

export interface WorkHistory {
  /** `…/@r8/deploy/us`. */
  readonly ref: string;
  readonly kind: "task" | "deploy";
  readonly name: string;
  readonly status: WorkStatus;
  readonly durationMs?: number;
  readonly news?: string;
  /** The function as recorded at the release's commit. */
  readonly position?: SourcePosition;
  /** Newest first. */
  readonly attempts: readonly AttemptHistory[];
  /** What it waits for, when its status is `blocked` or `paused`. */
  readonly missing: readonly MissingInputHistory[];
}

export interface AttemptHistory {
  /** `…/@r8/deploy/us/2`. */
  readonly ref: string;
  readonly number: number;
  readonly type: "task" | "up" | "down";
  readonly status: WorkStatus;
  readonly startedAt?: number;
  readonly durationMs?: number;
  /** Values that its function got, by name. */
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly outputs: Readonly<Record<string, JsonValue>>;
  /** What its last function says of the result (`done`), or of what it waits for (`next`). */
  readonly annotation?: string;
  readonly failure?: RunFailure;
}

export interface MissingInputHistory {
  readonly name: string;
  readonly ref: string;
  /** Custom state: can be given with `state set`. */
  readonly canBeSet: boolean;
}

export interface EnvironmentHistory {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly deployments: readonly DeploymentHistory[];
}

/** What is deployed in an environment. */
export interface DeploymentHistory {
  readonly repo: string;
  readonly file: string;
  /** `r8`. */
  readonly release: string;
  /** `…/@r8/deploy/us`. */
  readonly ref: string;
}
