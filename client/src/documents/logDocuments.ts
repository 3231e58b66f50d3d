import { type RunLogParams, type RunLogResult, runLogRequest } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { readAnsi } from "../model/ansi.ts";
import { documentAddress, logScheme } from "../model/documentUris.ts";
import { findLogParts } from "../model/logParts.ts";
import { findTerminalLinks } from "../model/terminalLinks.ts";
import { errorText } from "../serverConnection.ts";
import type { Services } from "../services.ts";
import { LogStyles } from "./logStyles.ts";

/** Logs of runs as text that follows: while the run goes on, new lines appear and the end stays in view. */
export function registerLogDocuments(services: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const finished = new Set<string>();
  const styles = new LogStyles();
  const style = (editors: readonly vscode.TextEditor[]) => {
    for (const editor of editors) if (editor.document.uri.scheme === logScheme) styles.apply(editor);
  };
  return vscode.Disposable.from(
    changed,
    styles,
    services.releases.onDidChangeState((repositories) => {
      for (const document of vscode.workspace.textDocuments) {
        if (document.uri.scheme !== logScheme || finished.has(document.uri.toString())) continue;
        const address = documentAddress(document.uri.query);
        if (address && repositories.includes(address.repository)) changed.fire(document.uri);
      }
    }),
    vscode.workspace.registerTextDocumentContentProvider(logScheme, {
      onDidChange: changed.event,
      async provideTextDocumentContent(uri) {
        const log = await read(services, uri);
        // A ref with the number of its run never runs again; one without may get a new attempt.
        if (log.finished && /\/\d+$/.test(documentAddress(uri.query)?.ref ?? "")) finished.add(uri.toString());
        const { text, spans } = readAnsi(log.text);
        styles.keep(uri, spans);
        return text === "" ? emptyText(log) : text;
      },
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.uri.scheme !== logScheme) return;
      style(vscode.window.visibleTextEditors.filter((editor) => editor.document === document));
      if (contentChanges.length > 0) followEnd(document);
    }),
    vscode.window.onDidChangeVisibleTextEditors(style),
    vscode.workspace.onDidCloseTextDocument((document) => {
      // A change of the document's language is told as a close, too.
      if (document.uri.scheme !== logScheme || !document.isClosed) return;
      finished.delete(document.uri.toString());
      styles.forget(document.uri);
    }),
    vscode.languages.registerFoldingRangeProvider({ scheme: logScheme }, { provideFoldingRanges: findFolds }),
    vscode.languages.registerDocumentLinkProvider({ scheme: logScheme }, { provideDocumentLinks: findLinks }),
  );
}

async function read(services: Services, uri: vscode.Uri): Promise<RunLogResult> {
  const address = documentAddress(uri.query);
  if (!address) return { text: "This address names no run.\n", finished: true };
  try {
    const params: RunLogParams = address;
    return await services.server.demand<RunLogResult>(runLogRequest, params);
  } catch (error) {
    return { text: `The log of ${address.ref} could not be read: ${errorText(error)}\n`, finished: false };
  }
}

/** An empty page would leave open whether there is nothing, or something went wrong. */
function emptyText({ finished }: RunLogResult): string {
  return finished ? "Nothing was printed.\n" : "Nothing was printed yet.\n";
}

function findFolds(document: vscode.TextDocument): vscode.FoldingRange[] {
  const parts = findLogParts(document.getText().split(/\r?\n/));
  return parts.map(({ start, end }) => new vscode.FoldingRange(start, end, vscode.FoldingRangeKind.Region));
}

/** Keeps the end in view where it was in view: a reader who scrolled up is left alone. */
function followEnd(document: vscode.TextDocument): void {
  const last = document.lineCount - 1;
  for (const editor of vscode.window.visibleTextEditors) {
    if (editor.document !== document) continue;
    const bottom = editor.visibleRanges.at(-1)?.end.line ?? 0;
    const page = bottom - (editor.visibleRanges[0]?.start.line ?? 0);
    const cursorAtEnd = editor.selection.active.line >= last - Math.max(page, 1);
    if (cursorAtEnd || bottom >= last - Math.max(page, 1)) {
      editor.revealRange(new vscode.Range(last, 0, last, 0), vscode.TextEditorRevealType.Default);
    }
  }
}

function findLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
  const repository = documentAddress(document.uri.query)?.repository;
  if (!repository) return [];
  const links: vscode.DocumentLink[] = [];
  for (let row = 0; row < Math.min(document.lineCount, 20_000); row++) {
    for (const found of findTerminalLinks(document.lineAt(row).text)) {
      if (found.kind !== "position") continue;
      const range = new vscode.Range(row, found.start, row, found.start + found.length);
      const target = vscode.Uri.joinPath(vscode.Uri.parse(repository), found.file);
      links.push(new vscode.DocumentLink(range, target.with({ fragment: `L${found.line},${found.column}` })));
    }
  }
  return links;
}
