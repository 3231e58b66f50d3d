import * as vscode from "vscode";
import type { AnsiSpan, AnsiStyle } from "../model/ansi.ts";

/** Colours of log documents, as the commands printed them: decorations, one type for each look. */
export class LogStyles implements vscode.Disposable {
  private readonly spans = new Map<string, readonly AnsiSpan[]>();
  private readonly types = new Map<string, vscode.TextEditorDecorationType>();

  /** Keeps the styles of a document's new text, to be applied once the editor has that text. */
  keep(uri: vscode.Uri, spans: readonly AnsiSpan[]): void {
    this.spans.set(uri.toString(), spans);
  }

  forget(uri: vscode.Uri): void {
    this.spans.delete(uri.toString());
  }

  /** Styles an editor that shows a log. */
  apply(editor: vscode.TextEditor): void {
    const spans = this.spans.get(editor.document.uri.toString());
    if (spans === undefined) return;
    const ranges = new Map<string, vscode.Range[]>();
    for (const { line, start, end, style } of spans) {
      const key = JSON.stringify(style);
      if (!this.types.has(key)) this.types.set(key, decorationType(style));
      const list = ranges.get(key) ?? [];
      ranges.set(key, list);
      list.push(new vscode.Range(line, start, line, end));
    }
    for (const [key, type] of this.types) editor.setDecorations(type, ranges.get(key) ?? []);
  }

  dispose(): void {
    for (const type of this.types.values()) type.dispose();
  }
}

function decorationType(style: AnsiStyle): vscode.TextEditorDecorationType {
  const color = (name: string | undefined) =>
    name === undefined || name.startsWith("#") ? name : new vscode.ThemeColor(name);
  return vscode.window.createTextEditorDecorationType({
    color: color(style.color),
    backgroundColor: color(style.background),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    ...(style.bold ? { fontWeight: "bold" } : {}),
    ...(style.italic ? { fontStyle: "italic" } : {}),
    ...(style.underline ? { textDecoration: "underline" } : {}),
    ...(style.dim ? { opacity: "0.7" } : {}),
  });
}
