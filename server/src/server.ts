import type { Parser } from "@ocuroot/starlark";
import {
  type CancellationToken,
  type CodeActionParams,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  type InitializeParams,
  type InitializeResult,
  type TextDocumentPositionParams,
} from "vscode-languageserver/node";
import { capabilities } from "./capabilities.ts";
import { offsetAt } from "./convert.ts";
import { Dispatcher } from "./dispatch.ts";
import { doCodeActions } from "./features/codeActions.ts";
import { doCodeLenses } from "./features/codeLens.ts";
import { doComplete } from "./features/completion/index.ts";
import { findDefinition } from "./features/definition.ts";
import { findHighlights } from "./features/documentHighlights.ts";
import { getDocumentLinks } from "./features/documentLinks.ts";
import { getDocumentSymbols } from "./features/documentSymbols.ts";
import { getFoldingRanges } from "./features/folding.ts";
import { doHover } from "./features/hover.ts";
import { doPrepareRename } from "./features/prepareRename.ts";
import { findReferences } from "./features/references.ts";
import { doRename } from "./features/rename.ts";
import { getSelectionRanges } from "./features/selectionRanges.ts";
import { getSemanticTokens } from "./features/semanticTokens.ts";
import { doSignatureHelp } from "./features/signatureHelp.ts";
import { getWorkspaceSymbols } from "./features/workspaceSymbols.ts";
import { canonicalUri } from "./paths.ts";
import * as protocol from "./protocol.ts";
import { Session } from "./session.ts";
import type { Snapshot } from "./snapshot.ts";
import { respell } from "./spelling.ts";

export interface ServerOptions {
  readonly parser: Parser;
  /** Bundle of the preview's thread. */
  readonly previewWorker?: string;
}

type Feature<Params, Result> = (snapshot: Snapshot, params: Params) => Result;

/** Connects every message to what answers it. */
export function startServer(connection: Connection, options: ServerOptions): void {
  const dispatcher = new Dispatcher({
    error: (message) => connection.console.error(message),
    warn: (message) => connection.console.warn(message),
  });
  const session = new Session({
    ...options,
    dispatcher,
    sendDiagnostics: (params) => dispatcher.run("publish", () => connection.sendDiagnostics(params)),
    graphChanged: (uri, graph) =>
      dispatcher.run("graph", () =>
        connection.sendNotification(protocol.phaseGraphChangedNotification, { uri, graph }),
      ),
    stateChanged: (repositories) =>
      dispatcher.run("state", async () => {
        await connection.sendNotification(protocol.stateChangedNotification, { repositories });
        // The lenses tell the newest release, which no edit announces.
        if (start.canRefreshLenses) await connection.sendRequest(CodeLensRefreshRequest.type);
      }),
  });
  let start = { folders: [] as string[], canWatch: false, canRefreshLenses: false, canTriggerSuggest: false };

  const inEditorSpelling = <Result>(answer: Result): Result =>
    session.hasSpellings ? respell(answer, (uri) => session.spelling(uri)) : answer;

  /** A request about a document: answers `fallback` for one that is not known. */
  function feature<Params extends { readonly textDocument: { readonly uri: string } }, Result>(
    method: string,
    fallback: Result,
    answer: Feature<Params, Result>,
  ) {
    return dispatcher.request(method, fallback, (params: Params, _token: CancellationToken) => {
      const snapshot = session.snapshot(canonicalUri(params.textDocument.uri));
      return snapshot === undefined ? fallback : inEditorSpelling(answer(snapshot, params));
    });
  }

  /** A request about a place in a document. */
  function placed<Params extends TextDocumentPositionParams, Result>(
    method: string,
    answer: (snapshot: Snapshot, offset: number, params: Params) => Result,
  ) {
    return feature(method, null as Result | null, (snapshot, params: Params) =>
      answer(snapshot, offsetAt(snapshot.file.source, params.position), params),
    );
  }

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    start = {
      folders: params.workspaceFolders?.map((each) => each.uri) ?? (params.rootUri ? [params.rootUri] : []),
      canWatch: params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
      canRefreshLenses: params.capabilities.workspace?.codeLens?.refreshSupport === true,
      // The command that completions run to go on is VS Code's own.
      canTriggerSuggest: /code|codium|cursor|theia/i.test(params.clientInfo?.name ?? ""),
    };
    const given = params.initializationOptions as Partial<protocol.InitializationOptions> | undefined;
    if (given?.trusted === true) session.previews.grantTrust();
    return { capabilities, serverInfo: { name: "ocuroot-language-server", version: protocol.serverVersion } };
  });
  connection.onInitialized(
    dispatcher.notification("initialized", async () => {
      const listed = session.addFolders(start.folders);
      if (start.canWatch) {
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: "**/*.star" }, { globPattern: "**/*", kind: 1 | 4 }],
        });
      }
      await listed;
    }),
  );
  connection.onNotification(
    DidChangeWorkspaceFoldersNotification.type,
    dispatcher.notification("folders", async ({ event }) => {
      await session.removeFolders(event.removed.map((each) => each.uri));
      await session.addFolders(event.added.map((each) => each.uri));
    }),
  );
  connection.onShutdown(() => session.dispose());
  connection.onNotification(
    protocol.trustGrantedNotification,
    dispatcher.notification("trust", () => session.previews.grantTrust()),
  );

  connection.onDidOpenTextDocument(
    dispatcher.notification("open", ({ textDocument }) =>
      session.open(textDocument.uri, textDocument.version, textDocument.text),
    ),
  );
  connection.onDidChangeTextDocument(
    dispatcher.notification("change", ({ textDocument, contentChanges }) =>
      session.change(textDocument.uri, textDocument.version, contentChanges),
    ),
  );
  connection.onDidCloseTextDocument(
    dispatcher.notification("close", ({ textDocument }) => session.close(textDocument.uri)),
  );
  connection.onDidChangeWatchedFiles(
    dispatcher.notification("watched files", ({ changes }) => session.filesChanged(changes.map((each) => each.uri))),
  );

  connection.onHover(placed("hover", doHover));
  connection.onCompletion(
    placed("completion", (snapshot, offset) => {
      const items = doComplete(snapshot, offset);
      return start.canTriggerSuggest ? items : items.map(({ command: _command, ...item }) => item);
    }),
  );
  connection.onSignatureHelp(placed("signatureHelp", doSignatureHelp));
  connection.onDefinition(placed("definition", findDefinition));
  connection.onReferences(
    placed(
      "references",
      (snapshot, offset, params: TextDocumentPositionParams & { context: { includeDeclaration: boolean } }) =>
        findReferences(snapshot, offset, params.context),
    ),
  );
  connection.onDocumentHighlight(placed("documentHighlight", findHighlights));
  connection.onPrepareRename(placed("prepareRename", doPrepareRename));
  connection.onRenameRequest(
    placed("rename", (snapshot, offset, params: TextDocumentPositionParams & { newName: string }) =>
      doRename(snapshot, offset, params.newName),
    ),
  );
  connection.onDocumentSymbol(feature("documentSymbol", [], getDocumentSymbols));
  connection.onCodeAction(
    feature("codeAction", [], (snapshot, { range, context }: CodeActionParams) =>
      doCodeActions(snapshot, range, context.only),
    ),
  );
  connection.onCodeLens(feature("codeLens", [], doCodeLenses));
  connection.onDocumentLinks(feature("documentLink", [], getDocumentLinks));
  connection.onFoldingRanges(feature("foldingRange", [], getFoldingRanges));
  connection.onSelectionRanges(
    feature(
      "selectionRange",
      [],
      (snapshot, params: { textDocument: { uri: string }; positions: { line: number; character: number }[] }) =>
        getSelectionRanges(
          snapshot,
          params.positions.map((each) => offsetAt(snapshot.file.source, each)),
        ),
    ),
  );
  connection.languages.semanticTokens.on(feature("semanticTokens", { data: [] as number[] }, getSemanticTokens));
  connection.onWorkspaceSymbol(
    dispatcher.request("workspaceSymbol", [], ({ query }) =>
      inEditorSpelling(getWorkspaceSymbols(session.workspace.repositories, query)),
    ),
  );

  connection.onRequest<protocol.PhaseGraph | null, void>(
    protocol.phaseGraphRequest,
    dispatcher.request("phaseGraph", null as protocol.PhaseGraph | null, ({ uri }: protocol.PhaseGraphParams) => {
      const graph = session.previews.graph(canonicalUri(uri));
      return graph === undefined ? null : inEditorSpelling({ ...graph, uri });
    }),
  );
  connection.onRequest<protocol.ReleasesResult, void>(
    protocol.releasesRequest,
    dispatcher.request(
      "releases",
      { repositories: [] } as protocol.ReleasesResult,
      (params: protocol.ReleasesParams, token) =>
        session.stores.releases(session.workspace.repositories, params, token),
    ),
  );
  connection.onRequest<protocol.StateDocumentResult, void>(
    protocol.stateDocumentRequest,
    dispatcher.request(
      "stateDocument",
      { text: null } as protocol.StateDocumentResult,
      (params: protocol.StateDocumentParams) => session.stores.document(params),
    ),
  );
  connection.onRequest<protocol.RunLogResult, void>(
    protocol.runLogRequest,
    dispatcher.request(
      "runLog",
      { text: "", finished: true } as protocol.RunLogResult,
      (params: protocol.RunLogParams) => session.stores.runLog(params),
    ),
  );
  connection.listen();
}
