import { CodeActionKind, type ServerCapabilities, TextDocumentSyncKind } from "vscode-languageserver-protocol";
import { convertSpellingsKind } from "./features/refactor/index.ts";
import { semanticTokenModifiers, semanticTokenTypes } from "./protocol/tokenLegend.ts";
import type { PositionEncoding } from "./text/textSource.ts";

/** How columns are counted: in the first way that the client knows of those we know, else in UTF-16 units. */
export function chooseEncoding(offered: unknown): PositionEncoding {
  const known: readonly unknown[] = ["utf-8", "utf-16", "utf-32"] satisfies PositionEncoding[];
  const chosen = Array.isArray(offered) ? (offered as unknown[]).find((each) => known.includes(each)) : undefined;
  return (chosen as PositionEncoding | undefined) ?? "utf-16";
}

/** What the server offers. */
export const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
  completionProvider: { triggerCharacters: [".", '"', "'", "/", "#", "@", "{", "("], resolveProvider: false },
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: ["(", ","], retriggerCharacters: [")"] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  codeActionProvider: {
    codeActionKinds: [
      CodeActionKind.QuickFix,
      CodeActionKind.RefactorExtract,
      CodeActionKind.RefactorRewrite,
      `${CodeActionKind.SourceFixAll}.ocuroot`,
      convertSpellingsKind,
    ],
  },
  codeLensProvider: { resolveProvider: false },
  documentLinkProvider: { resolveProvider: false },
  foldingRangeProvider: true,
  callHierarchyProvider: true,
  inlayHintProvider: { resolveProvider: false },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: "\n", moreTriggerCharacter: [")"] },
  selectionRangeProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...semanticTokenTypes], tokenModifiers: [...semanticTokenModifiers] },
    full: { delta: true },
    range: true,
  },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** For clients that ask for diagnostics. */
export const diagnosticProvider = { identifier: "ocuroot", interFileDependencies: true, workspaceDiagnostics: true };
