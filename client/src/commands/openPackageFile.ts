import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { pickPackage } from "./pickPackage.ts";

/** Open Package File: where a view has nothing to show before one is open. */
export function registerOpenPackageFile(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.openPackageFile", async () => {
    const target = await pickPackage(services, {}, "Open Package File");
    if (target) await vscode.window.showTextDocument(vscode.Uri.parse(target.uri));
  });
}
