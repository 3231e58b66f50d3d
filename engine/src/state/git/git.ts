/** Running the real `git` for stores: never asking for passwords, never showing tokens, never waiting for ever (`watchRemote`). */
import { spawn } from "node:child_process";
import { systemProgram } from "../../programs.ts";
import { StoreError } from "../store.ts";
import { watchRemote } from "./watchRemote.ts";

/** How long another git is waited for that holds a lock file. Milliseconds. */
const lockedFor = 5000;

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  /** With credentials masked. */
  readonly stderr: string;
}

export interface GitOptions {
  readonly cwd: string;
  readonly input?: string | Buffer;
  /** Talks to the remote: ended when that is silent for long, or nobody waits for it any more. */
  readonly isRemote?: boolean;
}

/** Runs git and returns what it said, whatever its exit status. Throws StoreError when git itself cannot be run. */
export async function tryGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const deadline = performance.now() + lockedFor;
  for (;;) {
    const result = await runGit(args, options);
    // A git that outlived its killed process may still hold a lock file for a moment.
    const isLocked = result.code !== 0 && /\.lock': File exists/.test(result.stderr);
    if (!isLocked || performance.now() > deadline) return result;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const { cwd, isRemote = false } = options;
  const env = isRemote ? await remoteEnvironment(cwd) : environment();
  return await new Promise((resolve, reject) => {
    const [first = ""] = args;
    // In a session of its own, what talks to a remote has no terminal to ask for a password at, Ctrl-C does not tear it out
    // of a push that records something, and it can be ended with all that it started.
    const detached = isRemote && process.platform !== "win32";
    const child = spawn(systemProgram("git"), [...settings, ...args], { cwd, env, detached, windowsHide: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const watch = isRemote ? watchRemote(child, first) : undefined;
    child.stdout.on("data", (data: Buffer) => stdout.push(data));
    child.stderr.on("data", (data: Buffer) => stderr.push(data));
    child.on("error", (error) => {
      watch?.close();
      reject(new StoreError("`git` was not found on PATH; a git store needs it.", "remote", { cause: error }));
    });
    child.on("close", (code) => {
      const end = watch?.close();
      if (end === "interrupted") return reject(new StoreError("Interrupted while waiting for a git remote.", "remote"));
      const said = withoutCredentials(Buffer.concat(stderr).toString());
      resolve({ code: code ?? 1, stdout: Buffer.concat(stdout), stderr: end ?? said });
    });
    // A git that ends early closes its input; its exit status tells why.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

/** Runs git and returns its output without the final newline. Throws StoreError when it fails. */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const { code, stdout, stderr } = await tryGit(args, options);
  if (code === 0) return stdout.toString().trimEnd();
  throw new StoreError(`git ${args[0]} failed in ${options.cwd}: ${lastLine(stderr)}`, "remote");
}

/** The line of git's messages that says what is wrong. */
export function lastLine(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const index = lines.findIndex((line) => /^(?:fatal|error|remote: error):/i.test(line));
  const telling = lines[index] ?? lines.at(-1) ?? "no reason given";
  // Of what goes wrong on the way, ssh has spoken before.
  const way = /Could not read from remote repository/.test(telling) ? lines[index - 1] : undefined;
  return (way ?? telling).replace(/^(?:fatal|error):\s*/i, "");
}

/** Text without user names and tokens in URLs. */
export function withoutCredentials(text: string): string {
  return text.replace(/:\/\/[^/\s'"]*@/g, "://");
}

const settings = [
  "-c",
  "core.autocrlf=false",
  "-c",
  "core.safecrlf=false",
  "-c",
  "core.quotePath=false",
  "-c",
  "http.lowSpeedLimit=1",
  "-c",
  "http.lowSpeedTime=110",
];

/** What tells git which repository it is about, as hooks have it (`git rev-parse --local-env-vars`): a store is another one. */
const ofOneRepository = new Set([
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_NAMESPACE",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_QUARANTINE_PATH",
  "GIT_REPLACE_REF_BASE",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
]);

function environment(): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofOneRepository.has(name)));
  const name = env.OCUROOT_GIT_USER_NAME || "Ocuroot";
  const email = env.OCUROOT_GIT_USER_EMAIL || "contact@ocuroot.com";
  return {
    ...env,
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

/** As `environment`; ssh does not ask either, unless people have a command of their own for it. */
async function remoteEnvironment(cwd: string): Promise<NodeJS.ProcessEnv> {
  const env = environment();
  if (env.GIT_SSH_COMMAND || env.GIT_SSH) return env;
  const { code } = await runGit(["config", "--get", "core.sshCommand"], { cwd });
  return code === 0 ? env : { ...env, GIT_SSH_COMMAND: "ssh -o BatchMode=yes -o ConnectTimeout=20" };
}
