import * as vscode from "vscode";
import type { Services } from "./services.ts";

/** Language status: how the server does, with the one action that helps. */
export function registerStatus(services: Services): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem("ocuroot.server", [
    { language: "ocuroot" },
    { pattern: "**/*.star" },
  ]);
  item.name = "Ocuroot";
  const update = () => {
    const { state } = services.server;
    item.busy = state.kind === "starting";
    item.severity =
      state.kind === "stopped" ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    item.text =
      state.kind === "running" ? "Ocuroot" : state.kind === "starting" ? "Ocuroot is starting" : "Ocuroot stopped";
    item.detail =
      state.kind === "stopped"
        ? state.reason
        : vscode.workspace.isTrusted
          ? services.capabilities.summary
          : "restricted mode: nothing is evaluated";
    if (state.kind === "running" && services.capabilities.summary !== undefined && vscode.workspace.isTrusted) {
      item.severity = vscode.LanguageStatusSeverity.Warning;
      item.command = { command: "ocuroot.openPathSetting", title: "Choose Command" };
      return;
    }
    item.command =
      state.kind === "stopped"
        ? { command: "ocuroot.restartServer", title: "Restart" }
        : { command: "ocuroot.showOutput", title: "Show Output" };
  };
  update();
  return vscode.Disposable.from(
    item,
    services.server.onDidChangeState(update),
    services.capabilities.onDidChange(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
  );
}
