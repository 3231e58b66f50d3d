import { CodeActionKind, type ServerCapabilities, TextDocumentSyncKind } from "vscode-languageserver-protocol";
import { semanticTokenModifiers, semanticTokenTypes } from "./semanticTokenLegend.ts";

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
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.Refactor] },
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
    full: true,
    range: false,
  },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};
