import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { basename } from "node:path";
import { shellEnvironment } from "../sdk/environment.ts";
import { HostError, type ShellRequest, type ShellResult } from "../sdk/host.ts";
import { InterruptedError } from "./errors.ts";
import { statIfThere } from "./files.ts";
import { gated, hasGates, isProgram, openGate } from "./gate.ts";
import { LineSplitter } from "./lines.ts";
import type { ProcessGroups } from "./processes.ts";

export type OutputStream = "stdout" | "stderr";

export interface ShellContext {
  readonly groups: ProcessGroups;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called for each line as it comes. */
  onLine?(stream: OutputStream, line: string): void;
  /**
   * Called when the command has a process, and before it does anything (but on Windows). Returns what to call when it has
   * ended. When it throws, the command does not begin.
   */
  onStart?(pid: number, command: string): () => void;
}

/** Runs a command to its end. Output is collected in the order of arrival. Rejects with HostError when it cannot be started, InterruptedError when all work is being stopped. */
export async function runShell(request: ShellRequest, context: ShellContext): Promise<ShellResult> {
  if (context.groups.isStopping) throw new InterruptedError();
  checkFolder(request.dir);
  const child = start(request, context);
  context.groups.add(child, request.command);
  const onEnd = begin(child, request, context);
  return await new Promise((resolve, reject) => {
    const output = collect(child, context);
    child.once("error", (error: NodeJS.ErrnoException) => reject(startError(request, error)));
    child.once("close", (code, signal) => {
      output.end();
      onEnd?.();
      const number = signal ? 128 + constants.signals[signal] : undefined;
      // 128 + number when a signal ended the command, as shells report it.
      resolve({ ...output.result(), exitCode: number ?? code ?? 1, ...(signal && { signal }) });
    });
  });
}

/** Records the command, then lets it begin. */
function begin(child: ChildProcess, request: ShellRequest, context: ShellContext): (() => void) | undefined {
  if (child.pid === undefined || !context.onStart) return undefined;
  try {
    const onEnd = context.onStart(child.pid, request.command);
    openGate(child);
    return onEnd;
  } catch (error) {
    child.once("error", () => {});
    child.kill("SIGKILL");
    throw error;
  }
}

function start(request: ShellRequest, context: ShellContext): ChildProcess {
  const env = { ...shellEnvironment(context.env), ...request.env };
  const args = shellArguments(request.shell, request.command);
  const waits = hasGates && context.onStart !== undefined && isProgram(request.shell, env.PATH, request.dir);
  const { program, args: all } = waits ? gated(request.shell, args) : { program: request.shell, args };
  try {
    return spawn(program, all, {
      cwd: request.dir,
      env,
      stdio: ["ignore", "pipe", "pipe", ...(waits ? ["pipe" as const] : [])],
      // A group of its own (and no console window on Windows): signals go to the whole group.
      detached: process.platform !== "win32",
      windowsHide: true,
      windowsVerbatimArguments: isCmd(request.shell),
    });
  } catch (error) {
    throw startError(request, error as NodeJS.ErrnoException);
  }
}

function collect(child: ChildProcess, context: ShellContext) {
  const chunks: { readonly stream: OutputStream; readonly bytes: Buffer }[] = [];
  const splitters = (["stdout", "stderr"] as const).map((stream) => {
    const splitter = new LineSplitter((line) => context.onLine?.(stream, line));
    child[stream]?.on("data", (bytes: Buffer) => {
      chunks.push({ stream, bytes });
      splitter.push(bytes);
    });
    return splitter;
  });
  const joined = (stream?: OutputStream) =>
    Buffer.concat(
      chunks.filter((chunk) => stream === undefined || chunk.stream === stream).map((chunk) => chunk.bytes),
    ).toString();
  return {
    end: () => {
      for (const splitter of splitters) splitter.end();
    },
    result: () => {
      const [stdout, stderr] = [joined("stdout"), joined("stderr")];
      // Where one stream said it all, long output is not kept twice.
      return { stdout, stderr, combinedOutput: stderr === "" ? stdout : stdout === "" ? stderr : joined() };
    },
  };
}

function shellArguments(shell: string, command: string): string[] {
  if (isCmd(shell)) return ["/d", "/s", "/c", `"${command}"`];
  const name = programName(shell);
  if (name === "pwsh" || name === "powershell") return ["-NoProfile", "-NonInteractive", "-Command", command];
  return ["-c", command];
}

function isCmd(shell: string): boolean {
  return programName(shell) === "cmd";
}

function programName(shell: string): string {
  return basename(shell.replaceAll("\\", "/"))
    .toLowerCase()
    .replace(/\.exe$/, "");
}

function checkFolder(dir: string): void {
  const stats = statIfThere(dir);
  if (!stats) throw new HostError(`the folder ${dir} does not exist`);
  if (!stats.isDirectory()) throw new HostError(`${dir} is not a folder`);
}

function startError(request: ShellRequest, error: NodeJS.ErrnoException): HostError {
  if (error.code === "ENOENT") return new HostError(`the shell \`${request.shell}\` was not found on PATH`);
  if (error.code === "ERR_INVALID_ARG_VALUE") return new HostError("a command cannot hold a NUL character");
  if (error.code === "E2BIG") return new HostError("the command or its environment is too long for the system");
  return new HostError(`the shell \`${request.shell}\` could not be started: ${error.message}`, { cause: error });
}
