import * as vscode from "vscode";
import { logDocumentUri } from "../model/documentUris.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { pickRun } from "./pickRun.ts";

/** Show Log: the log of a run as a document that follows it. */
export function registerShowLog(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.showLog", async (...args: unknown[]) => {
    const run = await pickRun(services, subjectOf(args), "Show Log");
    if (!run) return;
    const opened = await vscode.workspace.openTextDocument(vscode.Uri.from(logDocumentUri(run)));
    const document = await vscode.languages.setTextDocumentLanguage(opened, "ocuroot-log");
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(new vscode.Range(end, end));
  });
}
