import type { CommitDeployment, PushEffectsResult, PushedRelease, WhereIsCommitResult } from "@ocuroot/server/protocol";
import { plural, shortCommit, shorten } from "./format.ts";

/** A line of a list about commits. */
export interface CommitLine {
  readonly label: string;
  readonly description: string;
  /** The run whose log it leads to. */
  readonly ref?: string;
}

/** Lines under one heading. */
export interface CommitLines {
  readonly title: string;
  readonly lines: readonly CommitLine[];
}

/** `3f2c1a9 Fix the till · live in 2 of 5 deployments`. */
export function commitTitle({ commit = "", subject, deployments }: WhereIsCommitResult): string {
  const live = deployments.filter((each) => each.state === "contains").length;
  const where =
    deployments.length === 0
      ? "nothing is deployed from this repository"
      : `live in ${live} of ${plural(deployments.length, "deployment")}`;
  return [`${shortCommit(commit)}${subject ? ` ${shorten(subject, 60)}` : ""}`, where].join(" · ");
}

const groups = [
  ["contains", "it is live here", "pass"],
  ["behind", "what is live here is older", "circle-outline"],
  ["unknown", "what is live here comes from a commit that is not in this repository", "question"],
] as const;

/** Deployments by whether they contain the commit; empty groups are left out. */
export function commitLines({ deployments, releases }: WhereIsCommitResult): CommitLines[] {
  const found = groups.map(([state, title, icon]) => ({
    title,
    lines: deployments.filter((each) => each.state === state).map((each) => deploymentLine(each, icon)),
  }));
  const own = releases.map((ref) => ({ label: `$(tag) ${ref}`, description: "", ref }));
  return [...found, { title: "releases of this commit", lines: own }].filter((group) => group.lines.length > 0);
}

function deploymentLine(deployment: CommitDeployment, icon: string): CommitLine {
  const { environment, file, release, releaseCommit, state, distance, ref } = deployment;
  const commits = distance === undefined || distance === 0 ? "" : plural(distance, "commit");
  const age = commits === "" ? "" : state === "behind" ? `${commits} behind` : `and ${commits} more`;
  const description = [file, `${release} (${shortCommit(releaseCommit)})`, age]
    .filter((each) => each !== "")
    .join(" · ");
  return { label: `$(${icon}) ${environment}`, description, ref };
}

/** `2 of 3 package files would be released`, or why it is not known. */
export function pushSummary({ problem, releases }: PushEffectsResult): string {
  if (problem !== undefined) return problem;
  const caused = releases.filter(wouldRelease).length;
  return caused === 0 ? "A push would release nothing for this" : `A push would make ${plural(caused, "release")}`;
}

/** True when a push makes a release of the file. */
export function wouldRelease({ causes, ignored }: PushedRelease): boolean {
  return causes && !ignored;
}

/** A line for a package file: what a push does with it, and why. */
export function pushLine(release: PushedRelease): { readonly label: string; readonly detail: string } {
  const icon = wouldRelease(release) ? "rocket" : "circle-slash";
  const words = release.ignored
    ? "left alone by release_ignore"
    : release.causes
      ? "would be released"
      : "not released";
  return { label: `$(${icon}) ${release.file}: ${words}`, detail: release.because };
}
