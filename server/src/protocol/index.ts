/**
 * The messages between editor and language server beyond LSP, declared once: the server implements them, the client (and
 * any other editor) imports this file and nothing else of the server. All data is plain JSON.
 */

import type { WhatIf } from "./insight.ts";

export * from "./insight.ts";

/** 0-based lines and UTF-16 columns, as in LSP. */
export interface ProtocolRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** Status words of design page "ux"; the same everywhere. */
export type WorkStatus =
  | "pending"
  | "running"
  | "complete"
  | "failed"
  | "blocked"
  | "paused"
  | "retried"
  | "cancelled"
  | "interrupted"
  | "removed";

/** Client → server: the phase graph of an open package file. */
export const phaseGraphRequest = "ocuroot/phaseGraph";
export interface PhaseGraphParams {
  readonly uri: string;
  /** Evaluate with other environments; the answer is then a {@link WhatIfGraph}. */
  readonly whatIf?: WhatIf;
}

/** Server → client: the graph of an open file changed (its text, its modules, environments or its state). */
export const phaseGraphChangedNotification = "ocuroot/phaseGraphChanged";
export interface PhaseGraphChangedParams {
  readonly uri: string;
  readonly graph: PhaseGraph;
}

/** `stale`: the file has an error, and this is the last good graph. */
export interface PhaseGraph {
  readonly uri: string;
  readonly version: number | null;
  readonly stale: boolean;
  /** Why there is no (current) graph: the first error, its place, or a reason such as an untrusted workspace. */
  readonly problem?: { readonly message: string; readonly range?: ProtocolRange };
  /** True when environments were not in state and come from `register_environment` calls in the workspace. */
  readonly environmentsNotReleased: boolean;
  readonly phases: readonly GraphPhase[];
  /** The newest release whose statuses the cards show. */
  readonly release?: { readonly ref: string; readonly name: string; readonly status: WorkStatus };
}

export interface GraphPhase {
  /** Stable across edits. */
  readonly id: string;
  /** "" for a phase of one nameless piece of work. */
  readonly name: string;
  readonly range: ProtocolRange;
  readonly cards: readonly GraphCard[];
}

export interface GraphCard {
  /** Stable across edits: `task/build`, `deploy/staging`. */
  readonly id: string;
  readonly kind: "task" | "deploy";
  /** Call name or environment name. */
  readonly title: string;
  /** File that `range` is in (a module may declare the work). */
  readonly uri: string;
  readonly range: ProtocolRange;
  readonly inputs: readonly GraphInput[];
  readonly status?: WorkStatus;
  readonly durationMs?: number;
  /** One line of news: the error, or what it needs. */
  readonly news?: string;
  /** Ref of the newest run, for log and retry. */
  readonly runRef?: string;
}

export interface GraphInput {
  readonly name: string;
  /** As written; undefined for a constant. */
  readonly ref?: string;
  /** Card that produces the value, when it is in this file. */
  readonly from?: string;
  /** File that produces it, when it is another one of the workspace. */
  readonly fromUri?: string;
  /** Value to show: constant, what the newest run got, else what is there now or the default; shortened. */
  readonly value?: string;
  /** `r8`: the release whose run got this value. */
  readonly recordedBy?: string;
  readonly blocked: boolean;
  /** A release made now would wait for it: nothing in this file makes it, state does not have it, and there is no default. */
  readonly missing?: boolean;
}

/** Client → server: the release state of every repository in the workspace, newest releases first. */
export const releasesRequest = "ocuroot/releases";
export interface ReleasesParams {
  /** Releases to return for each package file; the rest is counted. */
  readonly limit: number;
  /** Only this package file (repository-relative path), for "n more". */
  readonly file?: string;
  readonly repository?: string;
  /** `r120`: only older releases than this one; the next page of a file. */
  readonly before?: string;
}
export interface ReleasesResult {
  readonly repositories: readonly RepositoryState[];
}

/** Server → client: state changed on disk; ask again for what is shown. */
export const stateChangedNotification = "ocuroot/stateChanged";
export interface StateChangedParams {
  /** Repository roots (URIs) whose state changed. */
  readonly repositories: readonly string[];
}

export interface RepositoryState {
  /** Root folder. */
  readonly uri: string;
  /** Alias or name. */
  readonly name: string;
  readonly branch?: string;
  readonly commit?: string;
  /** Why state could not be read (a sentence), if so. */
  readonly problem?: string;
  readonly packages: readonly PackageState[];
  readonly environments: readonly EnvironmentState[];
}

export interface PackageState {
  /** Repository-relative. */
  readonly file: string;
  readonly uri: string;
  readonly releases: readonly ReleaseState[];
  readonly moreReleases: number;
}

export interface ReleaseState {
  /** Absolute ref: `repo/-/file/@r8`. */
  readonly ref: string;
  /** `r8`. */
  readonly name: string;
  readonly tags: readonly string[];
  readonly commit: string;
  readonly status: WorkStatus;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly news?: string;
  readonly phases: readonly PhaseState[];
}

export interface PhaseState {
  readonly name: string;
  readonly status: WorkStatus;
  readonly work: readonly WorkState[];
}

export interface WorkState {
  /** `…/@r8/deploy/us`. */
  readonly ref: string;
  readonly kind: "task" | "deploy";
  readonly name: string;
  readonly status: WorkStatus;
  readonly durationMs?: number;
  readonly news?: string;
  /** Place in the source at the release's commit, as recorded. */
  readonly position?: { readonly file: string; readonly line: number; readonly column: number };
  /** Newest first. */
  readonly attempts: readonly AttemptState[];
  readonly missing?: readonly MissingInput[];
}

export interface AttemptState {
  readonly ref: string;
  readonly number: number;
  readonly status: WorkStatus;
  readonly startedAt?: number;
  readonly durationMs?: number;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  /** What the work says of its result (`done`), or of what it waits for (`next`). */
  readonly annotation?: string;
}

export interface MissingInput {
  readonly name: string;
  readonly ref: string;
  /** Can be given with `state set` (a custom ref). */
  readonly canBeSet: boolean;
}

export interface EnvironmentState {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What is deployed there: package file, release, status. */
  readonly deployments: readonly { readonly file: string; readonly release: string; readonly ref: string }[];
}

/** Client → server: a state document as text, for the virtual `ocuroot-state:` documents. Null when there is none. */
export const stateDocumentRequest = "ocuroot/stateDocument";
export interface StateDocumentParams {
  readonly repository: string;
  readonly ref: string;
}
export interface StateDocumentResult {
  readonly text: string | null;
}

/**
 * Client → server: the log of a run as text, with the codes of its colours, ending with why it failed; of the newest attempt
 * when the ref has no number, and of all work of a release, one part each, when it names a release.
 */
export const runLogRequest = "ocuroot/runLog";
export interface RunLogParams {
  readonly repository: string;
  readonly ref: string;
}
export interface RunLogResult {
  readonly text: string;
  readonly finished: boolean;
}

/** Sent by the client in `initializationOptions`. */
export interface InitializationOptions {
  /** False in an untrusted workspace: nothing is evaluated. */
  readonly trusted: boolean;
  /**
   * How a client that can ask for diagnostics gets them: `pull` when it asks, and nothing is published; `push`, which is what
   * happens without it, as notifications. Both requests are answered either way.
   */
  readonly diagnostics?: "push" | "pull";
  /** The section `ocuroot` of the settings, for editors that do not send it when it changes. */
  readonly settings?: unknown;
}

/** Client → server: trust was granted while running. */
export const trustGrantedNotification = "ocuroot/trustGranted";

/** The server's version, as it tells the client. */
export const serverVersion = "0.1.0";

/**
 * Commands that code lenses run; the client registers them. Arguments: the file's URI; for `log` also the run's ref
 * (absolute, as in {@link WorkState.ref}).
 */
export const lensCommands = {
  release: "ocuroot.newRelease",
  retry: "ocuroot.retryRelease",
  preview: "ocuroot.previewPhases",
  log: "ocuroot.showLog",
  /** Runs one piece of work: the file's URI, and the position where it is written. */
  run: "ocuroot.runFunction",
} as const;
