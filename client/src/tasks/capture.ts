import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { currentCommand } from "./command.ts";

const run = promisify(execFile);

/** What `ocuroot` prints, for commands that only look (dry runs). Throws an error with what it says on failure. */
export async function capture(services: Services, repository: string, args: readonly string[]): Promise<string> {
  const { executable, args: own, env } = currentCommand(services.context);
  const options = {
    cwd: vscode.Uri.parse(repository).fsPath,
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  };
  try {
    return (await run(executable, [...own, ...args], options)).stdout;
  } catch (error) {
    throw new Error((error as { stderr?: string }).stderr?.trim() || String(error));
  }
}
