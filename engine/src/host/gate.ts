/**
 * Starting a command so that it does nothing before it is recorded. A process that is killed just after it started a command,
 * and before it wrote down which one, would leave one behind that nobody knows of: it would still run when its work is done
 * again. So what is started is a gate: a shell that waits for a line from us, and then becomes the command, with the same
 * process number. When we die before we say so, it sees the end of its input, and nothing has happened.
 */

import type { ChildProcess } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Duplex } from "node:stream";

/** Where the gate reads from. Standard input is the command's. */
const gateDescriptor = 3;

const gateScript = `IFS= read -r _ocuroot_gate <&${gateDescriptor} || exit 125; exec "$@" ${gateDescriptor}<&-`;

/** Whether the system has what a gate needs. */
export const hasGates = process.platform !== "win32";

/** What to start in place of a program, so that it waits. Its file descriptor after the standard ones must be a pipe. */
export function gated(program: string, args: readonly string[]): { readonly program: string; readonly args: string[] } {
  return { program: "/bin/sh", args: ["-c", gateScript, "sh", program, ...args] };
}

/** Lets a gated command begin. */
export function openGate(child: ChildProcess): void {
  const gate = child.stdio[gateDescriptor] as Duplex | null | undefined;
  // A command that was killed meanwhile reads nothing any more.
  gate?.on("error", () => {});
  gate?.end("\n", () => gate.destroy());
}

/** Whether a program can be started: the gate would only say afterwards that it is not there. */
export function isProgram(name: string, path: string | undefined, folder: string): boolean {
  if (name.includes("/")) return canRun(isAbsolute(name) ? name : join(folder, name));
  return (path ?? "/usr/bin:/bin").split(delimiter).some((each) => canRun(join(each === "" ? folder : each, name)));
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
