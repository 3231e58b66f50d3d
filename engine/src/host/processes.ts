import { type ChildProcess, spawn } from "node:child_process";
import { systemProgram } from "../programs.ts";

/** Signals that ask a command to stop. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** How long commands have to stop by themselves before they are killed, in milliseconds. */
const graceMs = 5000;

/**
 * The commands that are running, each the leader of a process group of its own, so that a signal reaches everything a
 * command started and nothing else.
 */
export class ProcessGroups {
  readonly #running = new Map<ChildProcess, string>();
  #stopping: "no" | "asked" | "killed" = "no";
  #timer: NodeJS.Timeout | undefined;

  /** Commands as they were given, in the order of their start. */
  get commands(): string[] {
    return [...this.#running.values()];
  }

  /** Once asked to stop, nothing new may be started. */
  get isStopping(): boolean {
    return this.#stopping !== "no";
  }

  add(child: ChildProcess, command: string): void {
    this.#running.set(child, command);
    child.once("close", () => this.#remove(child));
    child.once("error", () => this.#remove(child));
  }

  /** Sends the signal to every command, and kills after some seconds what is still there. */
  stop(signal: StopSignal, grace = graceMs): void {
    if (this.#stopping !== "no") return;
    this.#stopping = "asked";
    for (const child of this.#running.keys()) signalGroup(child, signal);
    if (this.#running.size > 0) this.#timer = setTimeout(() => this.kill(), grace);
  }

  kill(): void {
    this.#stopping = "killed";
    clearTimeout(this.#timer);
    for (const child of this.#running.keys()) signalGroup(child, "SIGKILL");
  }

  #remove(child: ChildProcess): void {
    this.#running.delete(child);
    if (this.#running.size === 0) clearTimeout(this.#timer);
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    const args = ["/pid", String(child.pid), "/T", ...(signal === "SIGKILL" ? ["/F"] : [])];
    spawn(systemProgram("taskkill"), args, { stdio: "ignore", windowsHide: true }).once("error", () =>
      child.kill(signal),
    );
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal); // The group is gone; the child itself may be a zombie that waits to be collected.
  }
  // A command that outlives its shell may hold our pipes open for ever: after a kill we stop listening.
  if (signal === "SIGKILL") {
    for (const stream of child.stdio) stream?.destroy();
  }
}
