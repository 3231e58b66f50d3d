import * as vscode from "vscode";
import { packageFile } from "../packageFiles.ts";
import type { Services } from "../services.ts";

/** The repository (URI) of the active package file, else the only one, else a choice. */
export async function pickRepository(services: Services, title: string): Promise<string | undefined> {
  const active = services.activeFile();
  if (active) return (await packageFile(services, active)).repository;
  const { repositories } = services.releases;
  if (repositories.length <= 1) return repositories[0]?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri.toString();
  const items = repositories.map(({ uri, name, branch }) => ({ label: name, description: branch ?? "", uri }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: "Repository" }))?.uri;
}
