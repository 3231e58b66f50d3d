import type { FunctionRef } from "../model/package.ts";
import type { WorkInput, WorkOutcome } from "../package/session.ts";

/**
 * What a function says while it runs, one line at a time, secrets masked. `position` is the place of the `print` or the
 * command that said it: `path/from/root.star:line:column`.
 */
export type LineListener = (stream: "stdout" | "stderr" | "print", line: string, position?: string) => void;

/** Told of each command that starts, secrets masked. Returns what to call when the command has ended. */
export type CommandListener = (pid: number, command: string) => () => void;

/** Calls work functions, each in a thread of its own. */
export interface WorkCaller {
  /** Never rejects because of what the function does. */
  call(fn: FunctionRef, input: WorkInput, onLine: LineListener, onCommand?: CommandListener): Promise<WorkOutcome>;
  /** Starts threads ahead of need: so many calls will soon be made at once. */
  prepare(count: number): void;
  /** Asks everything that runs to stop. */
  stop(signal: "SIGINT" | "SIGTERM"): void;
  kill(): void;
  /** Commands that are running. */
  readonly commands: readonly string[];
}
