import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as vscode from "vscode";
import { launchers, launcherVariables } from "../model/runtime.ts";
import { currentCommand, launcherFolder } from "../tasks/command.ts";

/** Makes `ocuroot` a command in every integrated terminal, unless the one on the PATH is used anyway. */
export function contributeLauncher(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
): vscode.Disposable {
  const update = () => {
    const collection = context.environmentVariableCollection;
    collection.clear();
    if (!vscode.workspace.isTrusted) return;
    const setting = vscode.workspace.getConfiguration("ocuroot").get<string>("path", "auto");
    const command = currentCommand(context);
    if ((!command.bundled && setting === "auto") || command.problem !== undefined) return;
    try {
      const folder = launcherFolder(context);
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of launchers(command, process.platform)) writeScript(join(folder, name), text);
      collection.description = "Adds the `ocuroot` command of the Ocuroot extension.";
      for (const [name, value] of Object.entries(launcherVariables(command, process.platform)))
        collection.replace(name, value);
      collection.prepend("PATH", folder + delimiter);
    } catch (error) {
      output.warn(`\`ocuroot\` could not be added to terminals: ${String(error)}`);
    }
  };
  update();
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("ocuroot.path")) update();
    }),
  );
}

function writeScript(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  chmodSync(path, 0o755);
}
