import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { runAndReport } from "../tasks/report.ts";

/** Initialize Repository: `ocuroot init` in a workspace folder. */
export function registerInitRepository(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.initRepository", async () => {
    const folder = await pickFolder();
    if (!folder) return;
    const repository = folder.uri.toString();
    const outcome = await runAndReport(services, {
      args: ["init"],
      title: `Set-up of ${folder.name}`,
      repository,
      kind: "other",
    });
    if (outcome.kind !== "done") return;
    const [made] = await vscode.workspace.findFiles(
      new vscode.RelativePattern(folder, "**/release.ocu.star"),
      undefined,
      1,
    );
    // Not in place of the walkthrough, which its button is on.
    if (made) await vscode.window.showTextDocument(made, { preview: false });
  });
}

async function pickFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    const answer = await vscode.window.showInformationMessage(
      "Open the folder that is to be a repository first.",
      "Open Folder",
    );
    if (answer) await vscode.commands.executeCommand("vscode.openFolder");
    return undefined;
  }
  return folders.length === 1
    ? folders[0]
    : await vscode.window.showWorkspaceFolderPick({ placeHolder: "Folder to set up" });
}
