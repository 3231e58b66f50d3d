/** What retry and continue have in common: the release's own code must be checked out before it runs on. */
import { addDeployRun, type DeployRequest } from "../release/deployRuns.ts";
import { readRelease, readRunStatus } from "../release/readRelease.ts";
import { currentCommit, isSameCommit, type Repository, RepositoryError } from "../release/repository.ts";
import type { ReleaseState } from "../runner/plan.ts";
import type { CliContext } from "./context.ts";
import { CliError } from "./errors.ts";
import { runRelease } from "./runRelease.ts";
import { type FileTarget, findRelease, parseArgument, requireFile } from "./target.ts";

/** The release an argument names, as it stands. */
export async function openRelease(context: CliContext, target: FileTarget): Promise<ReleaseState> {
  const ref = await findRelease(context, target);
  const release = await readRelease(target.repository.state, ref);
  if (!release) throw new CliError(`there is no release ${ref}`);
  return release;
}

/** Throws CliError when another commit is checked out than the release was made of. */
export async function requireCommit(
  context: CliContext,
  target: FileTarget,
  release: ReleaseState,
  anyCommit: boolean,
) {
  requireFile(context, target);
  if (anyCommit) return;
  try {
    const commit = await currentCommit(target.repository);
    if (await isSameCommit(target.repository, commit, release.commit)) return;
    const short = (name: string) => name.slice(0, 7);
    throw new CliError(
      `r${release.number} is of commit ${short(release.commit)}, but ${short(commit)} is checked out`,
      {
        details: [`git checkout ${release.commit}`, "or run it with the files as they are: --any-commit"],
      },
    );
  } catch (error) {
    if (error instanceof RepositoryError) throw new CliError(error.message);
    throw error;
  }
}

/** Runs `up` or `down` of deployments, release by release. Returns whether all of them were done. */
export async function runDeployments(
  context: CliContext,
  repository: Repository,
  requests: readonly DeployRequest[],
  options: { readonly anyCommit: boolean; readonly parallel: number },
): Promise<boolean> {
  const targets = await Promise.all(
    [...new Set(requests.map(({ release }) => release))].map((ref) => releaseTarget(repository, ref)),
  );
  // Everything that could be refused comes first, so that it is all or nothing.
  for (const { target, release } of targets) await requireCommit(context, target, release, options.anyCommit);
  let isDone = true;
  for (const { target, release } of targets) {
    const { place } = target;
    const { caller } = await context.evaluate(repository, place.file);
    const own = requests.filter((request) => request.release === release.ref);
    const runs = await Promise.all(own.map((request) => addDeployRun(repository.state, request)));
    const { parallel } = options;
    const code = await runRelease(context, {
      repository,
      place,
      release: release.ref,
      caller,
      parallel,
      only: new Set(runs),
    });
    const statuses = await Promise.all(runs.map((run) => readRunStatus(repository.state, run)));
    isDone &&= code === 0 && statuses.every((status) => status === "complete");
  }
  return isDone;
}

async function releaseTarget(
  repository: Repository,
  ref: string,
): Promise<{ target: FileTarget; release: ReleaseState }> {
  const parsed = parseArgument(ref);
  const release = await readRelease(repository.state, ref);
  if (!release) throw new CliError(`there is no release ${ref}`);
  return { target: { repository, ref: parsed, place: { repo: parsed.repo ?? "", file: parsed.path } }, release };
}
