/** What retry and continue have in common: the release's own code must be checked out before it runs on. */

import type { ReleaseState } from "../release/plan.ts";
import { readRelease } from "../release/readRelease.ts";
import { currentCommit, isSameCommit, type Repository, RepositoryError } from "../release/repository.ts";
import { SourceError, Sources } from "../work/sources.ts";
import type { CliContext } from "./context.ts";
import { CliError, usageError } from "./errors.ts";
import { type FileTarget, findRelease, requireFile } from "./target.ts";
import { commitOf } from "./work.ts";

export interface FilesOptions {
  readonly anyCommit?: boolean;
  readonly worktree?: boolean;
}

/**
 * Acts with the files that a release goes on with: those of its commit, checked out or in a worktree that goes away
 * afterwards, or with `anyCommit` those that are there.
 */
export async function withFilesOf<T>(
  context: CliContext,
  target: FileTarget,
  release: ReleaseState,
  { anyCommit = false, worktree = false }: FilesOptions,
  act: (repository: Repository) => Promise<T>,
): Promise<T> {
  if (anyCommit && worktree) throw usageError("--any-commit and --worktree exclude each other");
  if (!worktree) {
    await requireCommit(context, target, release, anyCommit);
    return await act(target.repository);
  }
  const { repository } = target;
  const { root: _root, name: _name, ...base } = repository;
  const commit = await commitOf(repository);
  const sources = new Sources({ home: { repository, commit }, base, takesCheckout: false });
  try {
    return await act(await sources.at(repository.name, release.commit));
  } catch (error) {
    if (error instanceof SourceError) throw new CliError(error.message);
    throw error;
  } finally {
    await sources.close();
  }
}

/** The release an argument names, as it stands. */
export async function openRelease(context: CliContext, target: FileTarget): Promise<ReleaseState> {
  const ref = await findRelease(context, target);
  const release = await readRelease(target.repository.state, ref);
  if (!release) throw new CliError(`there is no release ${ref}`);
  return release;
}

/** Throws CliError when another commit is checked out than the release was made of. */
async function requireCommit(context: CliContext, target: FileTarget, release: ReleaseState, anyCommit: boolean) {
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
