import { CommanderError } from "commander";
import pc from "picocolors";
import type { CliIo } from "../terminal/io.ts";
import { harmless } from "../terminal/text.ts";
import { CliError, repairHints } from "./errors.ts";
import { createProgram } from "./program.ts";

/** Runs one command. Returns the exit code: 0 complete or blocked, 1 failed or refused, 2 wrong usage, 130 interrupted. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode = 0;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, io);
  }
}

function report(error: unknown, io: CliIo): number {
  // Commander has printed what there is to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const useColor = io.stderr.isTTY === true && !io.env.NO_COLOR;
  const label = pc.createColors(useColor).red("error:");
  const known = isForUsers(error);
  const text = error instanceof Error ? error.message : String(error);
  const shown = (line: string) => (io.stderr.isTTY ? harmless(line) : line);
  io.stderr.write(`${label} ${shown(known ? text : `something went wrong inside ocuroot: ${text}`)}\n`);
  for (const line of detailsOf(error)) io.stderr.write(`  ${shown(line)}\n`);
  if (!known && !io.env.OCUROOT_DEBUG) io.stderr.write("  run again with OCUROOT_DEBUG=1 for details\n");
  if (io.env.OCUROOT_DEBUG && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return error instanceof CliError ? error.exitCode : 1;
}

/** What to do about it. */
function detailsOf(error: unknown): readonly string[] {
  if (error instanceof CliError) return error.details;
  const isDamage = error instanceof Error && error.name === "StoreError" && "code" in error && error.code === "damaged";
  return isDamage ? repairHints : [];
}

/** Errors whose message was written for users; by name, so that their modules need not be loaded to check. */
function isForUsers(error: unknown): boolean {
  const names = ["CliError", "StoreError", "HostError", "RefError"];
  return error instanceof Error && names.includes(error.name);
}
