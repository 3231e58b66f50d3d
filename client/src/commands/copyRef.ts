import * as vscode from "vscode";
import { subjectOf } from "../model/subject.ts";

/** Copy Ref: the absolute ref of what was clicked. */
export function registerCopyRef(): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.copyRef", async (...args: unknown[]) => {
    const { ref, runRef, releaseRef } = subjectOf(args);
    const text = ref ?? runRef ?? releaseRef;
    if (text === undefined) return;
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(`Copied ${text}`, 3000);
  });
}
