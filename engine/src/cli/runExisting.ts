/** What retry and continue have in common: the release's own code must be checked out before it runs on. */
import { readRelease } from "../release/readRelease.ts";
import { currentCommit, isSameCommit, RepositoryError } from "../release/repository.ts";
import type { ReleaseState } from "../runner/plan.ts";
import type { CliContext } from "./context.ts";
import { CliError } from "./errors.ts";
import { type FileTarget, findRelease, requireFile } from "./target.ts";

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
