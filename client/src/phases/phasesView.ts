import * as vscode from "vscode";
import { isPackageFile } from "../packageFiles.ts";
import type { Services } from "../services.ts";
import { PhasesPageHost } from "./phasesPage.ts";

/** The Phases view of the sidebar: follows the active package file, keeps the last one while another editor is active. */
export function registerPhasesView(services: Services): vscode.Disposable {
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(view) {
      const host = new PhasesPageHost(services, view.webview);
      const follow = () => {
        const file = services.activeFile() ?? stillOpen(host.uri);
        view.description = file && vscode.workspace.asRelativePath(file);
        void host.setFile(file);
      };
      const subscriptions = vscode.Disposable.from(
        host,
        vscode.window.onDidChangeActiveTextEditor(follow),
        vscode.window.tabGroups.onDidChangeTabs(follow),
      );
      view.onDidDispose(() => subscriptions.dispose());
      follow();
    },
  };
  return vscode.window.registerWebviewViewProvider("ocuroot.phases", provider);
}

function stillOpen(uri: vscode.Uri | undefined): vscode.Uri | undefined {
  const documents = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .map((tab) => tab.input)
    .filter((input) => input instanceof vscode.TabInputText);
  return documents.some((input) => input.uri.toString() === uri?.toString())
    ? uri
    : documents.map((input) => input.uri).find(isPackageFile);
}
