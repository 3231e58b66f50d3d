import * as vscode from "vscode";
import type { Services } from "../services.ts";

/** Restart Language Server. */
export function registerRestartServer(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.restartServer", () => services.server.restart());
}
