import * as vscode from "vscode";
import { currentCommand } from "./command.ts";

export const taskType = "ocuroot";

/** A task as `tasks.json` has it. */
export interface OcurootTask extends vscode.TaskDefinition {
  readonly type: typeof taskType;
  /** Such as `release new`. */
  readonly command: string;
  /** Package file, relative to the workspace folder. */
  readonly file?: string;
  readonly args?: readonly string[];
}

/** Arguments of `ocuroot` that a definition stands for. */
export function taskArguments(definition: OcurootTask): string[] {
  const words = definition.command.split(/\s+/).filter((word) => word !== "");
  return [...words, ...(definition.file ? [definition.file] : []), ...(definition.args ?? [])];
}

/** How a task runs: process, folder and panel. */
export interface TaskRun {
  readonly definition: vscode.TaskDefinition;
  readonly scope: vscode.WorkspaceFolder | vscode.TaskScope.Workspace;
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Its folder is the root of the repository, which the command prints places relative to (see `ocuroot.runFolder`). */
  readonly isInRoot?: boolean;
}

/** A task that runs `ocuroot` in the dedicated panel, with its problems in the Problems view. */
export function createTask(context: vscode.ExtensionContext, run: TaskRun): vscode.Task {
  const command = currentCommand(context);
  const execution = new vscode.ProcessExecution(command.executable, [...command.args, ...run.args], {
    env: { ...command.env },
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
  });
  // What lint finds in an open file, the language server shows there already.
  const matcher = `$ocuroot${run.isInRoot ? "-repository" : ""}${run.args[1] === "lint" ? "-lint" : ""}`;
  const task = new vscode.Task(run.definition, run.scope, run.name, "Ocuroot", execution, matcher);
  task.detail = ["ocuroot", ...run.args].join(" ");
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
    echo: false,
    focus: false,
    clear: false,
    showReuseMessage: false,
  };
  return task;
}
