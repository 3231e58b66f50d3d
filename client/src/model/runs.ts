import type { PackageState, ReleaseState } from "@ocuroot/server/protocol";
import { lastMeaningfulLine } from "./format.ts";
import { missingName, refParts, releaseArgument } from "./refText.ts";
import { firstMissing, newsWork } from "./releases.ts";

/** A run of the `ocuroot` command that the editor starts. */
export interface RunRequest {
  /** Arguments after `ocuroot`. */
  readonly args: readonly string[];
  /** For people: "Release of frontend/release.ocu.star". */
  readonly title: string;
  /** Repository-relative package file that the run is about, if any. */
  readonly file?: string;
  /** Repository root (URI). */
  readonly repository: string;
  /** What a failure means. */
  readonly kind: "release" | "lint" | "other";
}

/** `release new`, with `--force` and `--parallel` as asked (0: the command's own default). */
export function newReleaseArguments(file: string, options: { force?: boolean; parallel?: number } = {}): string[] {
  return ["release", "new", file, ...(options.force ? ["--force"] : []), ...parallelArguments(options.parallel)];
}

/** The files that a retry uses: those checked out when that is the release's commit, those there are, those of a worktree. */
export type RetryFiles = "checkout" | "current" | "worktree";

const filesOptions = { checkout: [], current: ["--any-commit"], worktree: ["--worktree"] } as const;

/** `release retry` of the newest release of a file, or of the one a ref names. */
export function retryArguments(fileOrRef: string, options: { files?: RetryFiles; parallel?: number } = {}): string[] {
  const files = filesOptions[options.files ?? "checkout"];
  return ["release", "retry", releaseArgument(fileOrRef), ...files, ...parallelArguments(options.parallel)];
}

/** `release cancel` of a release. */
export function cancelArguments(releaseRef: string): string[] {
  return ["release", "cancel", releaseArgument(releaseRef)];
}

/** `work continue` or `work cascade`; `--dryrun` prints what would be done, and does nothing. */
export function workArguments(
  what: "continue" | "cascade",
  options: { dryRun?: boolean; parallel?: number } = {},
): string[] {
  if (options.dryRun) return ["work", what, "--dryrun"];
  return ["work", what, ...parallelArguments(options.parallel)];
}

/** `release continue` of a release. */
export function continueArguments(releaseRef: string, parallel?: number): string[] {
  return ["release", "continue", releaseArgument(releaseRef), ...parallelArguments(parallel)];
}

function parallelArguments(parallel = 0): string[] {
  return parallel > 0 ? ["--parallel", String(Math.trunc(parallel))] : [];
}

/** What a finished run means to a person. */
export type RunOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "problems"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string; readonly releaseRef?: string; readonly runRef?: string }
  | { readonly kind: "waits"; readonly message: string; readonly releaseRef: string; readonly inputRef: string }
  | { readonly kind: "held"; readonly message: string }
  /** The file is released at this commit already: only `--force` makes another. */
  | { readonly kind: "alreadyReleased"; readonly message: string };

/**
 * Reads the outcome of a run off its exit code (spec 5: 0 complete or blocked, 1 failed or refused, 2 wrong usage, 130
 * interrupted) and the package's releases before and after.
 */
export function runOutcome(
  request: RunRequest,
  exitCode: number | undefined,
  before: PackageState | undefined,
  after: PackageState | undefined,
): RunOutcome {
  if (exitCode === undefined || exitCode === 130) return { kind: "interrupted" };
  const release = touchedRelease(before, after);
  if (exitCode === 0) {
    const continued = continuedRelease(request, after);
    return waiting(release ?? continued) ?? held(continued) ?? { kind: "done" };
  }
  if (request.kind === "lint") return { kind: "problems", message: `${request.file} has problems.` };
  const work = release && newsWork(release);
  if (release && work && release.status !== "complete") {
    const news = lastMeaningfulLine(work.news ?? "");
    const message = `${request.file} ${release.name}: ${work.name} ${news ? `failed: ${news}` : "failed."}`;
    return { kind: "failed", message, releaseRef: release.ref, runRef: work.attempts[0]?.ref ?? work.ref };
  }
  if (exitCode === 1 && isRefusedNewRelease(request, before)) {
    return { kind: "alreadyReleased", message: `${request.title} was refused: see the terminal.` };
  }
  return { kind: "failed", message: `${request.title} ended with exit code ${exitCode}: see the terminal.` };
}

/** The newest release, when the run made or changed it. */
function touchedRelease(before: PackageState | undefined, after: PackageState | undefined): ReleaseState | undefined {
  const newest = after?.releases[0];
  if (!newest) return undefined;
  const old = before?.releases.find((release) => release.ref === newest.ref);
  return old && JSON.stringify(old) === JSON.stringify(newest) ? undefined : newest;
}

/** The release that was asked to go on: where it did not, it still waits, which is to be said. */
function continuedRelease({ args }: RunRequest, after: PackageState | undefined): ReleaseState | undefined {
  const [group, what, argument] = args;
  if (group !== "release" || what !== "continue") return undefined;
  return after?.releases.find((release) => releaseArgument(release.ref) === argument);
}

/** A release that was told to go on and waits for what nobody can give by hand. */
function held(release: ReleaseState | undefined): RunOutcome | undefined {
  const missing = release && firstMissing(release);
  if (!release || !missing) return undefined;
  const { file } = refParts(release.ref);
  const message = `${release.name} of ${file} still waits for ${missingName(missing)}, which another release makes.`;
  return { kind: "held", message };
}

function waiting(release: ReleaseState | undefined): RunOutcome | undefined {
  const work = release?.phases.flatMap((phase) => phase.work) ?? [];
  const missing = work.flatMap((each) => each.missing ?? []).find((each) => each.canBeSet);
  if (!release || !missing) return undefined;
  const message = `${release.name} of ${refParts(release.ref).file} waits for ${missingName(missing)}.`;
  return { kind: "waits", message, releaseRef: release.ref, inputRef: missing.ref };
}

function isRefusedNewRelease(request: RunRequest, before: PackageState | undefined): boolean {
  return (
    request.args[0] === "release" &&
    request.args[1] === "new" &&
    !request.args.includes("--force") &&
    (before?.releases.length ?? 0) > 0
  );
}

/**
 * The lowest lane that is free. Runs share one terminal panel by being the same task again; only a run beside another one
 * needs a second lane.
 */
export function freeLane(busy: ReadonlySet<number>): number {
  let lane = 1;
  while (busy.has(lane)) lane++;
  return lane;
}
