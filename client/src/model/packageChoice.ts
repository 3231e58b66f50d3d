import type { PackageState, ReleaseState } from "@ocuroot/server/protocol";
import { packageNews } from "./releases.ts";
import { canRetry, hasNotBegun, isWaiting, lookOf } from "./status.ts";

/** A line of the quick pick that asks for a package file. */
export interface PackageChoice {
  readonly label: string;
  readonly description: string;
  readonly file: string;
  readonly uri: string;
  readonly repository: string;
}

/** A package file that can be chosen; `state` is missing when it was never released. */
export interface Candidate {
  readonly file: string;
  readonly uri: string;
  readonly repository: string;
  /** What the repository is called. */
  readonly repositoryName?: string;
  readonly state?: PackageState;
}

/**
 * Choices with file, newest release, status and age, and the repository where there are several; `last` (remembered) first,
 * then files whose newest release needs care.
 */
export function packageChoices(
  candidates: readonly Candidate[],
  last: string | undefined,
  now: number,
): PackageChoice[] {
  const areSeveral = new Set(candidates.map((each) => each.repository)).size > 1;
  return [...candidates]
    .sort((a, b) => rank(a, last) - rank(b, last) || a.file.localeCompare(b.file))
    .map(({ file, uri, repository, repositoryName, state }) => {
      const newest = state?.releases[0];
      const icon = newest ? lookOf(newest.status).icon : "circle-outline";
      return {
        label: `$(${icon}) ${file}`,
        description: [areSeveral ? repositoryName : "", state ? packageNews(state, now) : "not released yet"]
          .filter(Boolean)
          .join(" · "),
        file,
        uri,
        repository,
      };
    });
}

function rank(candidate: Candidate, last: string | undefined): number {
  if (candidate.uri === last) return 0;
  const status = candidate.state?.releases[0]?.status;
  return status && (canRetry(status) || isWaiting(status)) ? 1 : 2;
}

/** Which release of a package a command means, or why there is none. */
export type ReleaseTarget =
  | { readonly kind: "release"; readonly release: ReleaseState }
  | { readonly kind: "none"; readonly reason: string };

/** The release that `ref` names, else the newest one, when a retry would find failed work in it. */
export function retryTarget(file: string, state: PackageState | undefined, ref?: string): ReleaseTarget {
  const named = state?.releases.find((each) => ref === each.ref || ref?.startsWith(`${each.ref}/`));
  const newest = named ?? state?.releases[0];
  if (!newest) return { kind: "none", reason: `${file} was never released, so there is nothing to retry.` };
  if (newest.status === "running") return { kind: "none", reason: `${newest.name} of ${file} still runs.` };
  const failed =
    canRetry(newest.status) || newest.phases.some((phase) => phase.work.some((work) => canRetry(work.status)));
  return failed
    ? { kind: "release", release: newest }
    : { kind: "none", reason: `Nothing failed in ${newest.name} of ${file}, so there is nothing to retry.` };
}

/** The newest release, when it waits and could go on. */
export function continueTarget(file: string, state: PackageState | undefined): ReleaseTarget {
  const newest = state?.releases[0];
  if (!newest) return { kind: "none", reason: `${file} was never released, so there is nothing to continue.` };
  if (newest.status === "complete") return { kind: "none", reason: `${newest.name} of ${file} is done.` };
  if (canRetry(newest.status)) return { kind: "none", reason: `${newest.name} of ${file} failed. Retry it instead.` };
  return { kind: "release", release: newest };
}

/** The release that `ref` names, else the newest one, when it has work that was not begun. */
export function cancelTarget(file: string, state: PackageState | undefined, ref?: string): ReleaseTarget {
  const release = state?.releases.find((each) => ref === each.ref) ?? state?.releases[0];
  if (!release) return { kind: "none", reason: `${file} was never released, so there is nothing to cancel.` };
  return release.phases.some((phase) => phase.work.some(hasNotBegun))
    ? { kind: "release", release }
    : { kind: "none", reason: `All work of ${release.name} of ${file} was begun, so there is nothing to cancel.` };
}
