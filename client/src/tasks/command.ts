import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import * as vscode from "vscode";
import { type CommandLine, ocurootCommand, searchFolders } from "../model/runtime.ts";

/** The command line of `ocuroot` as the settings and this machine have it now. */
export function currentCommand(context: vscode.ExtensionContext): CommandLine {
  return ocurootCommand({
    setting: vscode.workspace.getConfiguration("ocuroot").get<string>("path", "auto"),
    execPath: process.execPath,
    isElectron: process.versions.electron !== undefined,
    launchScript: join(context.extensionPath, "dist", "launch.cjs"),
    installed: findInstalled(context),
    home: homedir(),
  });
}

/** Folder of the launcher that makes `ocuroot` a command in integrated terminals. */
export function launcherFolder(context: vscode.ExtensionContext): string {
  return join(context.globalStorageUri.fsPath, "bin");
}

function findInstalled(context: vscode.ExtensionContext): string | undefined {
  const folders = searchFolders(process.env.PATH ?? "", {
    separator: delimiter,
    workspaceFolders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    ours: launcherFolder(context),
  });
  // A .cmd or .ps1 shim needs a shell in between, so that on Windows only a true executable counts.
  const name = process.platform === "win32" ? "ocuroot.exe" : "ocuroot";
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
