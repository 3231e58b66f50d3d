import * as vscode from "vscode";
import type { Services } from "../services.ts";

/** Show Older Releases of one file. */
export function registerShowMoreReleases(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.showMoreReleases", (repository: string, file: string) =>
    services.releases.showMore(repository, file),
  );
}
