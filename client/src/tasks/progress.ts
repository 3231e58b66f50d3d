import * as vscode from "vscode";
import { progressText } from "../model/progress.ts";
import type { Services } from "../services.ts";

/** Status bar item while something runs: what, and how far it is. A click shows the terminal. */
export function registerProgress(services: Services): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("ocuroot.progress", vscode.StatusBarAlignment.Left, 10);
  item.name = "Ocuroot Runs";
  item.command = "ocuroot.showTerminal";
  const update = () => {
    const text = progressText(
      services.runner.active.map((run) => run.request),
      services.releases.repositories,
    );
    if (text === undefined) return item.hide();
    item.text = `$(sync~spin) ${text}`;
    item.tooltip = "Show the terminal";
    item.accessibilityInformation = { label: `Ocuroot: ${text}` };
    item.show();
  };
  return vscode.Disposable.from(item, services.runner.onDidChange(update), services.releases.onDidChange(update));
}
