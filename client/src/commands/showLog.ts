import * as vscode from "vscode";
import { logDocumentUri } from "../model/documentUris.ts";
import { subjectOf } from "../model/subject.ts";
import type { Services } from "../services.ts";
import { pickRun } from "./pickRun.ts";

/** Show Log: the log of a run as a document that follows it; of a release, the logs of all its work. */
export function registerShowLog(services: Services): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.showLog", async (...args: unknown[]) => {
    const run = await pickRun(services, subjectOf(args), "Show Log");
    if (!run) return;
    const opened = await vscode.workspace.openTextDocument(vscode.Uri.from(logDocumentUri(run)));
    const document = await vscode.languages.setTextDocumentLanguage(opened, "ocuroot-log");
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    const [, , line] = args;
    const place = typeof line === "number" ? lineStart(document, line) : placeToShow(document);
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  });
}

/** The start of a line that is asked for; of the last one where the log has become shorter. */
function lineStart(document: vscode.TextDocument, line: number): vscode.Position {
  return new vscode.Position(Math.min(Math.max(0, line), document.lineCount - 1), 0);
}

/** What failed first, else the end. */
function placeToShow(document: vscode.TextDocument): vscode.Position {
  const failure = document
    .getText()
    .split("\n")
    .findIndex((line) => /^(✗ failed|! interrupted): /.test(line));
  return failure >= 0 ? new vscode.Position(failure, 0) : document.lineAt(document.lineCount - 1).range.end;
}
