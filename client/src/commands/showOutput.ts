import * as vscode from "vscode";
import type { Services } from "../services.ts";

/** Show Output: the extension's and the server's log. */
export function registerShowOutput(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.showOutput", () => services.output.show());
}
