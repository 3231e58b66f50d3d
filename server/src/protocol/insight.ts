/**
 * Messages of `protocol.ts` that tell what would happen, and where something came from. Part of that file; import them from
 * there.
 */
import type { PhaseGraph, ProtocolRange, WorkStatus } from "./index.ts";

/** A place in a file of the workspace. */
export interface ProtocolPlace {
  readonly uri: string;
  readonly range: ProtocolRange;
}

// ── What would change if I released this now (spec 6.4.6) ──────────────────────────────────────────────────────────────

/**
 * Client → server: what releasing a package file as it is in the editor would change against its newest release. Null for a
 * file that is no package file of a repository. Ask again after `phaseGraphChanged` and `stateChanged`.
 */
export const releaseChangesRequest = "ocuroot/releaseChanges";
export interface ReleaseChangesParams {
  readonly uri: string;
}
export interface ReleaseChanges {
  readonly uri: string;
  /** The release compared with; absent: this would be the first one. */
  readonly base?: { readonly ref: string; readonly name: string; readonly commit: string; readonly status: WorkStatus };
  /** `r9`: the name the new release would get. */
  readonly next: string;
  /** Why there is nothing to compare (a sentence): the file has an error, the workspace is not trusted. */
  readonly problem?: string;
  /** The file has an error: this is about its last good text. */
  readonly stale: boolean;
  /** One line: `2 to be taken down · 1 added · 3 changed · 4 run again elsewhere`; `Nothing would change`. */
  readonly summary: string;
  /** Gravest first: tear-downs, then what is left behind, removed, changed, added, moved. */
  readonly changes: readonly ReleaseChange[];
  /** Work of other files (and repositories) that would run again after it, as far as refs tell. */
  readonly downstream: readonly DownstreamWork[];
}

/**
 * - `teardown`: something that is deployed would be taken down (its environment or deployment was deleted in intent).
 * - `leftBehind`: it is deployed, and the file no longer deploys it: nothing takes it down by itself.
 * - `removed`, `added`: work that the file lost or gained; `moved`: to another phase; `changed`: same work, other inputs,
 *   other functions or another function text.
 * - `environmentAdded`, `environmentRemoved`, `environmentChanged`: registered by the file, against what state has.
 */
export type ReleaseChangeKind =
  | "teardown"
  | "leftBehind"
  | "removed"
  | "environmentRemoved"
  | "environmentChanged"
  | "changed"
  | "environmentAdded"
  | "added"
  | "moved";

export interface ReleaseChange {
  readonly kind: ReleaseChangeKind;
  /** `task/build`, `deploy/us`, `environment/us`. */
  readonly id: string;
  /** The same in words: `deploy us`. */
  readonly title: string;
  /** One sentence each: what differs, or what will happen and what to do about it. */
  readonly details: readonly string[];
  /** Phase it is in now, or was in. */
  readonly phase?: string;
  /** Where it is written now; absent for what is gone. */
  readonly place?: ProtocolPlace;
  /** Inputs that were added, removed or changed. */
  readonly inputs?: readonly InputChange[];
}

export interface InputChange {
  readonly name: string;
  readonly kind: "added" | "removed" | "changed";
  /** The ref or constant as the last release has it, and as the file has it now; secrets masked. */
  readonly before?: string;
  readonly after?: string;
}

export interface DownstreamWork {
  /** `shop/-/frontend/release.ocu.star deploy/us`: repository, file, work. */
  readonly repository: string;
  readonly file: string;
  /** `deploy/us`. */
  readonly work: string;
  /** The file when it is in the workspace, and the input's place there. */
  readonly place?: ProtocolPlace;
  /** The inputs that lead there, as refs are written or stored. */
  readonly because: readonly string[];
  /** `deploy/us` of this file, or the downstream work in between (`shop/-/x.ocu.star deploy/us`). */
  readonly after: string;
  /** Live there now: the release. */
  readonly release?: string;
}

// ── What-if environments (spec 6.4.13) ─────────────────────────────────────────────────────────────────────────────────

/**
 * Parameters of `ocuroot/phaseGraph` may also say `whatIf`: the graph is then evaluated with these environments and answered
 * when that is done; nothing is kept, nothing is written, no `phaseGraphChanged` follows. In such a graph `problem` tells
 * why there is none. Environments are those that a plain preview has, with those named here added or replaced, and those
 * in `without` left out.
 */
export interface WhatIf {
  readonly environments: readonly WhatIfEnvironment[];
  readonly without?: readonly string[];
}
export interface WhatIfEnvironment {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Client → server: the environments that a preview of a file uses now (to prefill a what-if form), and all attribute names
 * and values in use, most used first.
 */
export const previewEnvironmentsRequest = "ocuroot/previewEnvironments";
export interface PreviewEnvironmentsParams {
  readonly uri: string;
}
export interface PreviewEnvironmentsResult {
  readonly environments: readonly WhatIfEnvironment[];
  /** They come from `register_environment` calls, not from state. */
  readonly notReleased: boolean;
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** A what-if graph says against the plain one which cards it gains and loses. */
export interface WhatIfGraph extends PhaseGraph {
  readonly whatIf?: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

// ── Where is this commit (spec 6.4.14) ─────────────────────────────────────────────────────────────────────────────────

/**
 * Client → server: which deployments contain a commit: those whose release was made from it or from a later one. `commit` may
 * be a full or abbreviated name, a branch or a tag; default `HEAD`. Needs git.
 */
export const whereIsCommitRequest = "ocuroot/whereIsCommit";
export interface WhereIsCommitParams {
  /** Root folder of the repository, or any file in it. */
  readonly uri: string;
  readonly commit?: string;
}
export interface WhereIsCommitResult {
  /** Full name; absent when there is none. */
  readonly commit?: string;
  readonly subject?: string;
  /** Why it cannot be told (a sentence). */
  readonly problem?: string;
  readonly deployments: readonly CommitDeployment[];
  /** Releases made from exactly this commit: refs. */
  readonly releases: readonly string[];
}
export interface CommitDeployment {
  readonly environment: string;
  /** Package file, repository-relative, and its URI. */
  readonly file: string;
  readonly uri: string;
  /** The release that is live there. */
  readonly release: string;
  /** `…/@r8/deploy/us`. */
  readonly ref: string;
  readonly releaseCommit: string;
  /** `contains`: the commit is live there. `behind`: what is live is older. `unknown`: the release's commit is not here. */
  readonly state: "contains" | "behind" | "unknown";
  /** Commits between what is live and the commit (`behind`), or that followed it (`contains`). */
  readonly distance?: number;
}

/**
 * Client → server: which releases a push would make because of this source file (any file of the repository) and why: it is a
 * package file, a module that one loads, or at or below a watched path. Without `uri` in a repository (`uri` of its root):
 * all that changed since the last push.
 */
export const pushEffectsRequest = "ocuroot/pushEffects";
export interface PushEffectsParams {
  readonly uri: string;
}
export interface PushEffectsResult {
  /** Why it cannot be told (a sentence). */
  readonly problem?: string;
  /** Absent before the first push: then every package file would be released. */
  readonly lastPushed?: string;
  readonly releases: readonly PushedRelease[];
}
export interface PushedRelease {
  /** Package file, repository-relative, and its URI. */
  readonly file: string;
  readonly uri: string;
  /**
   * `package`: it is the file itself · `watch`: at or below `path`, which the file watches · `module`: the file loads it; a
   * push does not look at that unless it is watched, so `causes` is false · `first`: nothing was pushed yet.
   */
  readonly reason: "package" | "watch" | "module" | "first";
  /** The watched path as written, or the module. */
  readonly path?: string;
  /** Where the path is written (`watch=`), when the source still says so. */
  readonly place?: ProtocolPlace;
  /** False: it is related, but a push would not release it. */
  readonly causes: boolean;
  /** One sentence. */
  readonly because: string;
  /** `release_ignore` leaves the file alone. */
  readonly ignored: boolean;
}

// ── Logs both ways (spec 6.4.9) ────────────────────────────────────────────────────────────────────────────────────────

/**
 * Client → server: the places that printed the lines of a log, for the text that `ocuroot/runLog` gives: one entry for each
 * line of that text that is known. `certain`: recorded with the line; otherwise found by comparing it with what the
 * functions of the run print.
 */
export const logPlacesRequest = "ocuroot/logPlaces";
export interface LogPlacesParams {
  readonly repository: string;
  /** As given to `ocuroot/runLog`. */
  readonly ref: string;
}
export interface LogPlacesResult {
  readonly places: readonly {
    /** 0-based line of the log's text. */
    readonly line: number;
    readonly place: ProtocolPlace;
    readonly certain: boolean;
  }[];
}

/**
 * Client → server: what a source line printed last: for `line` of a file (or all lines that printed when it is absent) its
 * newest output, newest run first.
 */
export const lastOutputRequest = "ocuroot/lastOutput";
export interface LastOutputParams {
  readonly uri: string;
  /** 0-based. */
  readonly line?: number;
}
export interface LastOutputResult {
  readonly outputs: readonly LineOutput[];
}
export interface LineOutput {
  /** Line of the source, 0-based. */
  readonly line: number;
  /** Absolute ref of the run; open its log with it. */
  readonly runRef: string;
  /** 0-based line of the log's text (`ocuroot/runLog`) where its output begins. */
  readonly logLine: number;
  /** Its last lines (at most 20), joined by line feeds; secrets masked. */
  readonly text: string;
  /** How many lines it printed in that run. */
  readonly lineCount: number;
  /** Milliseconds since 1970. */
  readonly at?: number;
  /** `deploy us · r8`. */
  readonly title: string;
  readonly certain: boolean;
}

// ── Run one function (spec 6.4.8, Run Function…) ───────────────────────────────────────────────────────────────────────

/**
 * Client → server: the work function at a place (the `def` around it, or the one that the call at it names), its inputs and
 * their current values. Null when there is none.
 */
export const workFunctionRequest = "ocuroot/workFunction";
export interface WorkFunctionParams {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}
export interface WorkFunction {
  /** As `ocuroot` names it. */
  readonly name: string;
  /** `path/from/root.star:line:column`, as state records it. */
  readonly pos: string;
  /** Package file that uses it, repository-relative, and its URI. */
  readonly file: string;
  readonly uri: string;
  readonly place: ProtocolPlace;
  readonly dialect: "ctx" | "parameters";
  /** The pieces of work that call it, newest status of each; more than one when it is shared. */
  readonly uses: readonly WorkFunctionUse[];
}
export interface WorkFunctionUse {
  /** `task/build`, `deploy/us`; a chained function has that of the work it continues. */
  readonly work: string;
  /** The part it has there: `task`, `up`, `down`, or `next`. */
  readonly role: "task" | "up" | "down" | "next";
  readonly inputs: readonly WorkFunctionInput[];
  readonly status?: WorkStatus;
  readonly runRef?: string;
}
export interface WorkFunctionInput {
  readonly name: string;
  /** Absolute; undefined for a constant. */
  readonly ref?: string;
  /** Current value as JSON (state, else default, else constant); undefined when there is none. Secrets masked. */
  readonly value?: unknown;
  /** Where it is from: `state`, `default`, `constant`; `missing`: the work would wait for it. */
  readonly from: "state" | "default" | "constant" | "missing";
  /** It may be left out: the parameter has a default, or the function does not read it. */
  readonly optional: boolean;
}

// ── The dependency picture between files ───────────────────────────────────────────────────────────────────────────────

/** Client → server: who waits for whose outputs, over all repositories of the workspace. */
export const dependencyGraphRequest = "ocuroot/dependencyGraph";
export interface DependencyGraphParams {
  /** Only what this package file is connected with. */
  readonly uri?: string;
}
export interface DependencyGraph {
  readonly files: readonly DependencyFile[];
  readonly edges: readonly DependencyEdge[];
  /** Each a circle of `DependencyFile.id`s that no first release can get through. */
  readonly cycles: readonly (readonly string[])[];
}
export interface DependencyFile {
  /** `shop/-/backend/release.ocu.star`. */
  readonly id: string;
  readonly repository: string;
  readonly file: string;
  /** Absent when only refs or state tell of it. */
  readonly uri?: string;
  readonly status?: WorkStatus;
  readonly release?: string;
}
export interface DependencyEdge {
  /** The file that waits, and the one it waits for. */
  readonly from: string;
  readonly to: string;
  /** `refs`: written in the source; `state`: only known from the last release of a file that is not in the workspace. */
  readonly source: "refs" | "state";
  /** False when every input of it has a default, so that nothing waits. */
  readonly blocking: boolean;
  readonly inputs: readonly {
    readonly work: string;
    readonly name: string;
    readonly ref: string;
    readonly place?: ProtocolPlace;
  }[];
}

// ── SDK spellings ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Client → server: the edits that convert old spellings of the SDK (`call`, `work=`, `output=`, and in refs `call/` and `@1`)
 * to those of the newest version; of one file, or of the whole workspace when `uri` is absent. The answer is a WorkspaceEdit of LSP, or null
 * when there is nothing to convert. One file is also offered as code action `source.convertSpellings.ocuroot`.
 */
export const convertSpellingsRequest = "ocuroot/convertSpellings";
export interface ConvertSpellingsParams {
  readonly uri?: string;
}
