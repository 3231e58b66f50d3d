import * as vscode from "vscode";

/** Open Setting: where the command is chosen. On a remote machine that is the machine's setting, not the user's. */
export function registerOpenPathSetting(): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.openPathSetting", () => {
    const isRemote = vscode.env.remoteName !== undefined;
    const command = isRemote ? "workbench.action.openRemoteSettings" : "workbench.action.openSettings";
    return vscode.commands.executeCommand(command, { query: "ocuroot.path" });
  });
}
