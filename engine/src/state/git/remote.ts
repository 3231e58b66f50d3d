/** Talking to the remote of a git store: fetching its branch, pushing to it. */
import { StoreError } from "../store.ts";
import { git, lastLine, tryGit, withoutCredentials } from "./git.ts";

export interface GitRemote {
  /** May hold credentials: passed to git, never written or shown. */
  readonly url: string;
  readonly branch: string;
  readonly createBranch: boolean;
}

export const trackingRef = (branch: string) => `refs/remotes/origin/${branch}`;

/** Brings the remote's branch. Returns its commit; undefined when there is no such branch yet and we may create it. */
export async function fetchBranch(folder: string, remote: GitRemote): Promise<string | undefined> {
  const { url, branch } = remote;
  const refspec = `+refs/heads/${branch}:${trackingRef(branch)}`;
  const args = ["fetch", "--progress", "--no-tags", "--no-write-fetch-head", "--", url, refspec];
  const { code, stderr } = await tryGit(args, { cwd: folder, isRemote: true });
  if (code === 0) return findCommit(folder, trackingRef(branch));
  if (!/couldn't find remote ref/i.test(stderr)) throw remoteError("read", remote, stderr);
  const known = await findCommit(folder, trackingRef(branch));
  if (known) {
    throw new StoreError(
      `The branch ${branch} is gone from ${withoutCredentials(url)}. The clone of this machine still has it; to bring it back: git -C ${folder} push ${withoutCredentials(url)} ${known}:refs/heads/${branch}.`,
      "remote",
    );
  }
  if (!remote.createBranch) {
    throw new StoreError(
      `${withoutCredentials(url)} has no branch ${branch}; create it, or set create_branch=True.`,
      "missing",
    );
  }
  return undefined;
}

/** Pushes a commit. `behind`: others were faster. Throws StoreError when the remote does not answer or refuses. */
export async function pushCommit(folder: string, remote: GitRemote, commit: string): Promise<"pushed" | "behind"> {
  const { url, branch } = remote;
  const args = ["push", "--progress", "--no-verify", "--porcelain", "--", url, `${commit}:refs/heads/${branch}`];
  const { code, stdout, stderr } = await tryGit(args, { cwd: folder, isRemote: true });
  if (code === 0) {
    await git(["update-ref", trackingRef(branch), commit], { cwd: folder });
    return "pushed";
  }
  const said = `${stdout}\n${stderr}`;
  const other = /'refs\/heads\/([^']+)' exists; cannot create/.exec(said)?.[1];
  if (other !== undefined) {
    const at = withoutCredentials(url);
    throw new StoreError(
      `${at} has a branch ${other}, beside which git cannot make the branch ${branch}; choose another name for the store's branch.`,
      "remote",
    );
  }
  if (
    /\[rejected\]|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|reference already exists|stale info/i.test(
      said,
    )
  ) {
    return "behind";
  }
  throw remoteError("written", remote, refusal(stdout.toString(), stderr) ?? stderr);
}

/** That the remote refused, with what it said itself; undefined when it did not. */
function refusal(stdout: string, stderr: string): string | undefined {
  const refused = /\[remote rejected\].*/.exec(stdout)?.[0].trim();
  const isProgress = /^(?:Enumerating|Counting|Compressing|Resolving|Processing|Total) /;
  const words = [...stderr.matchAll(/^remote: +(.*?) *$/gm)].flatMap(([, text = ""]) =>
    text === "" || isProgress.test(text) ? [] : [text],
  );
  return refused && [refused, ...words.slice(0, 3)].join("; ");
}

/** The branch that the remote calls its own; `main` for an empty one. */
export async function defaultBranch(cwd: string, url: string): Promise<string> {
  const { code, stdout, stderr } = await tryGit(["ls-remote", "--symref", "--", url, "HEAD"], { cwd, isRemote: true });
  if (code !== 0) throw remoteError("read", { url, branch: "HEAD", createBranch: false }, stderr);
  return /^ref: refs\/heads\/(\S+)\s+HEAD$/m.exec(stdout.toString())?.[1] ?? "main";
}

/** Whether a commit is part of the history of another. */
export async function isAncestor(folder: string, commit: string, of: string): Promise<boolean> {
  return (await tryGit(["merge-base", "--is-ancestor", commit, of], { cwd: folder })).code === 0;
}

/** Whether a commit has a file. */
export async function hasFile(folder: string, commit: string, path: string): Promise<boolean> {
  return (await tryGit(["cat-file", "-e", `${commit}:${path}`], { cwd: folder })).code === 0;
}

/** The commit that a name stands for, in the clone. */
export async function findCommit(folder: string, name: string): Promise<string | undefined> {
  const { code, stdout } = await tryGit(["rev-parse", "--verify", "--quiet", `${name}^{commit}`], { cwd: folder });
  return code === 0 ? stdout.toString().trim() : undefined;
}

function remoteError(action: "read" | "written", remote: GitRemote, said: string): StoreError {
  const reason = withoutCredentials(lastLine(said)).replace(/\.$/, "");
  return new StoreError(`The state at ${withoutCredentials(remote.url)} could not be ${action}: ${reason}.`, "remote");
}
