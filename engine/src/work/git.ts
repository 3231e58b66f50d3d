/** What work needs to know of a git checkout. Paths are relative to the repository's root, with `/`. */
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Repository } from "../release/repository.ts";
import { git, tryGit } from "../state/git/git.ts";

/** Whether a commit could be called so; what `OCU_REPO_COMMIT_OVERRIDE` says may be anything. */
export function isCommitName(name: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
}

/** Whether the commit is there. */
export async function hasCommit(cwd: string, commit: string): Promise<boolean> {
  const { code } = await tryGit(["cat-file", "-e", `${commit}^{commit}`], { cwd });
  return code === 0;
}

/** Files that differ from what is committed, new ones included; those of the repository's own stores are left out. */
export async function uncommittedFiles({ root, model }: Pick<Repository, "root" | "model">): Promise<string[]> {
  const said = await git(["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", "."], {
    cwd: root,
  });
  const top = await git(["rev-parse", "--show-toplevel"], { cwd: root });
  const { state, intent } = model.stores;
  const folders = [state, intent].flatMap((store) =>
    store?.kind === "fs" ? [isAbsolute(store.path) ? store.path : join(root, store.path)] : [],
  );
  const files = said
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => resolve(top, entry.slice(3)));
  const isOurs = (file: string) => folders.some((folder) => !relative(folder, file).startsWith(".."));
  return files.filter((file) => !isOurs(file)).map((file) => relative(root, file).split(sep).join("/"));
}

/** Files of a commit below the root. */
export async function committedFiles(root: string, commit: string): Promise<string[]> {
  const said = await git(["ls-tree", "-r", "-z", "--name-only", commit], { cwd: root });
  return said.split("\0").filter((file) => file !== "");
}

/** Files below the root that differ between two commits. */
export async function changedFiles(root: string, from: string, to: string): Promise<string[]> {
  const said = await git(["diff", "--name-only", "-z", "--no-renames", "--relative", from, to, "--", "."], {
    cwd: root,
  });
  return said.split("\0").filter((file) => file !== "");
}

/** Commits that `end` has and `start` has not, `end` included. Throws StoreError for commits that are not there. */
export async function commitsBetween(cwd: string, start: string, end: string): Promise<ReadonlySet<string>> {
  const said = await git(["rev-list", end, `^${start}`, "--"], { cwd });
  return new Set(said.split("\n").filter((line) => line !== ""));
}
