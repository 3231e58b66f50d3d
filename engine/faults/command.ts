/** Running the built command as a process of its own, and killing it. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";

/** What a kill takes away: the process, its process group (with the git that it runs), or everything that it started. */
export type KillMode = "process" | "group" | "machine";

export interface Started {
  readonly args: readonly string[];
  readonly code: number | null;
  /** It was still running when the kill came. */
  readonly wasKilled: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export interface CommandOptions {
  readonly program: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kill?: { readonly afterMs: number; readonly mode: KillMode };
}

/** Nothing here takes that long: a command that does hangs. */
const hangsAfter = 180_000;

export async function runCommand(args: readonly string[], options: CommandOptions): Promise<Started> {
  const started = Date.now();
  const child = spawn(process.execPath, [options.program, ...args], {
    cwd: options.cwd,
    env: options.env as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that the group can be killed without us.
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let wasKilled = false;
  const { kill } = options;
  const timer = kill && setTimeout(() => killNow(child, kill.mode), kill.afterMs);
  const watchdog = setTimeout(() => killNow(child, "machine"), hangsAfter);
  // Not "close": what a killed process started may keep the pipes open for as long as it lives.
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, signal) => {
      wasKilled = signal === "SIGKILL";
      resolve(status);
    });
  });
  clearTimeout(timer);
  clearTimeout(watchdog);
  if (wasKilled) {
    await new Promise(setImmediate);
    child.stdout.destroy();
    child.stderr.destroy();
  } else if (!child.stdout.readableEnded) await new Promise((resolve) => child.stdout.once("close", resolve));
  const durationMs = Date.now() - started;
  if (durationMs >= hangsAfter) throw new Error(`ocuroot ${args.join(" ")} did not end\n${stdout}\n${stderr}`);
  return { args, code, wasKilled, stdout, stderr, durationMs };
}

function killNow(child: ChildProcess, mode: KillMode): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const targets =
    mode === "group" ? [-pid] : mode === "machine" ? [...descendants(pid).map((each) => each), pid] : [pid];
  // The command first: it must not see what it started die.
  for (const target of targets.reverse()) {
    try {
      process.kill(target, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** Processes that a process started, those that these started, and so on. */
function descendants(pid: number): number[] {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = list
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const found: number[] = [];
  const open = [pid];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const [child, of] of pairs) {
      if (of !== parent) continue;
      found.push(child);
      open.push(child);
    }
  }
  return found;
}
