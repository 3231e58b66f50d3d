import * as vscode from "vscode";
import { findPackageFiles } from "../packageFiles.ts";
import type { Services } from "../services.ts";
import { relativePath } from "../uris.ts";
import { createTask, type OcurootTask, taskArguments, taskType } from "./task.ts";

/** Offers a release and a lint task for each package file, and completes those that `tasks.json` names. */
export function registerTaskProvider(services: Services): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(taskType, {
    async provideTasks() {
      if (!vscode.workspace.isTrusted) return [];
      const files = await findPackageFiles(services);
      return files.flatMap(({ uri }) => tasksOf(services, vscode.Uri.parse(uri)));
    },
    resolveTask(task) {
      const definition = task.definition as OcurootTask;
      if (typeof definition.command !== "string" || typeof task.scope !== "object") return undefined;
      return create(services, definition, task.scope, task.name);
    },
  });
}

function tasksOf(services: Services, uri: vscode.Uri): vscode.Task[] {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) return [];
  const file = relativePath(folder.uri, uri);
  return ["release new", "release lint"].map((command) =>
    create(services, { type: taskType, command, file }, folder, `${command} ${file}`),
  );
}

function create(services: Services, definition: OcurootTask, scope: vscode.WorkspaceFolder, name: string): vscode.Task {
  // The definition stays as it came: the editor refuses a resolved task whose definition differs.
  return createTask(services.context, {
    definition,
    scope,
    name,
    args: taskArguments(definition),
    cwd: scope.uri.fsPath,
  });
}
