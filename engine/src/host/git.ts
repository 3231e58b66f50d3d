import { execFile } from "node:child_process";
import { systemProgram } from "../programs.ts";
import { shellEnvironment } from "../sdk/environment.ts";
import { HostError } from "../sdk/host.ts";

export interface GitContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The top folder of the git checkout that holds `cwd`; undefined outside of one. */
export async function findGitTopLevel(context: GitContext): Promise<string | undefined> {
  return await query(context, ["rev-parse", "--show-toplevel"]);
}

/** The commit that is checked out; undefined outside of a checkout and before the first commit. */
export async function findHeadCommit(context: GitContext): Promise<string | undefined> {
  return await query(context, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
}

/** The full id of a commit that may be given in short form. */
export async function findCommit(context: GitContext, name: string): Promise<string | undefined> {
  return await query(context, ["rev-parse", "--verify", "--quiet", `${name}^{commit}`]);
}

/** The URL of the remote `origin`, as configured. */
export async function findOriginUrl(context: GitContext): Promise<string | undefined> {
  return await query(context, ["config", "--get", "remote.origin.url"]);
}

/** URLs of all remotes, as configured. */
export async function findRemoteUrls(context: GitContext): Promise<string[]> {
  const lines = await query(context, ["config", "--get-regexp", "^remote\\..*\\.url$"]);
  return (lines ?? "").split("\n").flatMap((line) => line.split(" ").slice(1, 2));
}

/** Runs a read-only git command; undefined when git says there is no such thing. Throws when git itself is missing. */
function query(context: GitContext, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const env = { ...shellEnvironment(context.env), LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };
    execFile(systemProgram("git"), args, { cwd: context.cwd, env, windowsHide: true }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout.trimEnd() || undefined);
      if (error.code === "ENOENT") return reject(new HostError("`git` was not found on PATH; install git to go on"));
      if (/dubious ownership/.test(stderr)) return reject(new HostError(stderr.trim()));
      resolve(undefined);
    });
  });
}
