import * as vscode from "vscode";

/** Setting `ocuroot.parallel`; 0 leaves it to the command. */
export function parallelSetting(): number {
  return vscode.workspace.getConfiguration("ocuroot").get<number>("parallel", 0);
}
