import * as vscode from "vscode";
import type { Services } from "../services.ts";

/** Refresh: reads state again, also where no event told of a change. */
export function registerRefreshReleases(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.refreshReleases", () => services.releases.refreshAll());
}
