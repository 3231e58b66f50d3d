import * as vscode from "vscode";
import { subjectOf } from "../model/subject.ts";

/** Reveal in File: the place where the work is written, else the package file. */
export function registerRevealInFile(): vscode.Disposable {
  return vscode.commands.registerCommand("ocuroot.revealInFile", async (...args: unknown[]) => {
    const { source, uri } = subjectOf(args);
    if (source) return await showPosition(source);
    if (uri) await vscode.window.showTextDocument(vscode.Uri.parse(uri));
  });
}

async function showPosition(source: { uri: string; line: number; character: number }): Promise<void> {
  const position = new vscode.Position(source.line, source.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(source.uri), {
    selection: new vscode.Range(position, position),
  });
}
