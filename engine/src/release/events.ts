/** What the runner tells while it works: the terminal views, `--json` and tests listen to the same events. All plain data. */

import type { JsonValue } from "../json/json.ts";
import type { PackageProblem, SourcePosition } from "../model/package.ts";

/** A piece of work within its release: `task/build`, `deploy/staging`. */
export type WorkId = string;

/** The words of the status language (design page "ux"). */
export type WorkStatus =
  | "pending"
  | "running"
  | "complete"
  | "failed"
  | "blocked"
  | "paused"
  | "cancelled"
  | "interrupted"
  | "retried"
  | "removed";

/** An input that is not there yet. */
export interface MissingInput {
  /** Name of the input. */
  readonly input: string;
  /** Absolute ref that is waited for. */
  readonly ref: string;
  /** As the package file has it. */
  readonly written: string;
  /** What to do about it: a command that would set it, or a sentence that names what produces it. */
  readonly help: { readonly command: string } | { readonly sentence: string };
}

/** Why a run failed. `stack` is outermost first. */
export interface RunFailure {
  readonly message: string;
  readonly position?: SourcePosition;
  readonly stack: NonNullable<PackageProblem["stack"]>;
  readonly interrupted?: boolean;
}

export interface PlannedWork {
  readonly work: WorkId;
  readonly kind: "task" | "deploy";
  readonly name: string;
  readonly status: WorkStatus;
  readonly durationMs?: number;
  readonly outputs?: JsonValue;
  /** Why its newest attempt failed, before now. */
  readonly failure?: RunFailure;
}

export interface ReleaseStartEvent {
  readonly type: "release";
  /** Absolute ref, `shop/-/frontend/release.ocu.star/@r8`. */
  readonly ref: string;
  readonly repo: string;
  readonly file: string;
  /** `r8`. */
  readonly name: string;
  readonly commit: string;
  readonly phases: readonly { readonly name: string; readonly work: readonly PlannedWork[] }[];
}

export interface WorkEvent {
  readonly type: "work";
  readonly work: WorkId;
  /** The run's number. */
  readonly attempt: number;
  readonly status: WorkStatus;
  readonly time: string;
  readonly durationMs?: number;
  readonly outputs?: JsonValue;
  readonly needs?: readonly MissingInput[];
  readonly failure?: RunFailure;
  /** What the work function says of what is waited for, or of the result. */
  readonly annotation?: string;
  /** Taken by another process: this one only watches. */
  readonly elsewhere?: boolean;
}

export interface LogEvent {
  readonly type: "log";
  readonly work: WorkId;
  readonly stream: "stdout" | "stderr" | "print";
  readonly message: string;
  readonly time: string;
}

export interface StoppingEvent {
  readonly type: "stopping";
  readonly signal: string;
  /** Commands that were told to stop. */
  readonly commands: readonly string[];
}

/** `running`: nothing is left to do here, and another process is still at work on the release. */
export type ReleaseOutcome = "complete" | "failed" | "blocked" | "interrupted" | "running";

export interface ReleaseEndEvent {
  readonly type: "end";
  readonly ref: string;
  readonly outcome: ReleaseOutcome;
  readonly durationMs: number;
}

export type ReleaseEvent = ReleaseStartEvent | WorkEvent | LogEvent | StoppingEvent | ReleaseEndEvent;

export type ReleaseListener = (event: ReleaseEvent) => void;
