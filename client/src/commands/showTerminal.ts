import * as vscode from "vscode";

/** Show Terminal: the panel in which releases run. */
export function registerShowTerminal(): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.showTerminal", async () => {
    const ours = vscode.window.terminals.find((terminal) => /^(Ocuroot: )?ocuroot\b/.test(terminal.name));
    if (ours) ours.show(true);
    else await vscode.commands.executeCommand("workbench.action.terminal.focus");
  });
}
