import type { Parser } from "@ocuroot/starlark";
import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ShowMessageNotification,
  type SymbolInformation,
  type TextDocumentPositionParams,
} from "vscode-languageserver/node";
import type { Snapshot } from "./analysis/snapshot.ts";
import { capabilities, chooseEncoding, diagnosticProvider } from "./capabilities.ts";
import { Dispatcher } from "./connection/dispatch.ts";
import { getWorkspaceSymbols } from "./features/workspaceSymbols.ts";
import type { InsightContext } from "./insight/context.ts";
import { answerInsightRequests, answerWhatIf } from "./insight/index.ts";
import { answerLanguageRequests } from "./languageRequests.ts";
import { canonicalUri } from "./paths.ts";
import * as protocol from "./protocol/index.ts";
import { answerPulls } from "./pullDiagnostics.ts";
import { Session } from "./session.ts";
import { readSettings } from "./settings.ts";
import { respell } from "./spelling.ts";
import { offsetAt } from "./text/convert.ts";

export interface ServerOptions {
  readonly parser: Parser;
  /** Bundle of the preview's thread. */
  readonly previewWorker?: string;
  /** Reads the grammar of shell text; called when there is some to highlight. */
  readonly shellGrammar?: () => Uint8Array;
  /** Prepares for keystrokes while the client is idle. */
  readonly warmsUp?: boolean;
}

/** Changes within this time (milliseconds) are told to the client together. */
const refreshDelay = 300;

/** Requests whose answer needs the files of the workspace. */
const aboutWorkspace = new Set(["codeLens", "documentLink", "references", "rename", "incomingCalls", "outgoingCalls"]);

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
        // Hints and lenses tell what is in state, which no edit announces.
        await refresh();
      }),
    tell: (message, isGrave) =>
      dispatcher.run("tell", () =>
        isGrave
          ? connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message })
          : connection.console.warn(message),
      ),
    dependantsChanged: () => {
      if (refreshTimer !== undefined) return;
      refreshTimer = setTimeout(() => {
        refreshTimer = undefined;
        dispatcher.run("refresh", refresh);
      }, refreshDelay).unref();
    },
  });
  let refreshTimer: NodeJS.Timeout | undefined;
  /** Has the client ask again for what no edit of the file itself changed. */
  const refresh = async (): Promise<void> => {
    if (start.canRefreshHints) await connection.languages.inlayHint.refresh();
    if (start.canRefreshLenses) await connection.sendRequest(CodeLensRefreshRequest.type);
    if (start.canRefreshDiagnostics) await connection.languages.diagnostics.refresh();
  };
  let start = {
    folders: [] as string[],
    canWatch: false,
    canRefreshLenses: false,
    canRefreshHints: false,
    canRefreshDiagnostics: false,
    canTriggerSuggest: false,
    canAnnotate: false,
  };

  const inEditorSpelling = <Result>(answer: Result): Result =>
    session.hasSpellings ? respell(answer, (uri) => session.spelling(uri)) : answer;

  /** A request about a document: answers `fallback` for one that is not known. */
  function feature<Params extends { readonly textDocument: { readonly uri: string } }, Result>(
    method: string,
    fallback: Result,
    answer: Feature<Params, Result>,
  ) {
    return dispatcher.request(method, fallback, async (params: Params, _token: CancellationToken) => {
      // Right after the start: nobody asks again for what is not there yet, and a rename must not leave files out.
      if (aboutWorkspace.has(method)) await session.listed;
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
      canRefreshHints: params.capabilities.workspace?.inlayHint?.refreshSupport === true,
      canRefreshDiagnostics: params.capabilities.workspace?.diagnostics?.refreshSupport === true,
      canRefreshLenses: params.capabilities.workspace?.codeLens?.refreshSupport === true,
      canAnnotate: params.capabilities.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
      // The command that completions run to go on is VS Code's own.
      canTriggerSuggest: /code|codium|cursor|theia/i.test(params.clientInfo?.name ?? ""),
    };
    const given = params.initializationOptions as Partial<protocol.InitializationOptions> | undefined;
    session.configure(readSettings(given?.settings));
    if (given?.trusted === true) session.previews.grantTrust();
    const isPulling = given?.diagnostics === "pull";
    session.pushesDiagnostics = !isPulling;
    // A client that would show both what it asks for and what it is sent is not invited to ask.
    const isInvited = isPulling || params.capabilities.textDocument?.diagnostic === undefined;
    const encoding = chooseEncoding(params.capabilities.general?.positionEncodings);
    session.documents.encoding = encoding;
    return {
      capabilities: {
        ...capabilities,
        positionEncoding: encoding,
        ...(isInvited ? { diagnosticProvider } : {}),
      },
      serverInfo: { name: "ocuroot-language-server", version: protocol.serverVersion },
    };
  });
  connection.onInitialized(
    dispatcher.notification("initialized", async () => {
      if (!start.canWatch) session.workspace.followDisk((work) => dispatcher.run("watched files", work));
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
  connection.onDidChangeConfiguration(
    dispatcher.notification("configuration", async ({ settings }) => {
      session.configure(readSettings(settings));
      if (start.canRefreshHints) await connection.languages.inlayHint.refresh();
    }),
  );
  connection.onShutdown(() => dispatcher.run("shutdown", () => session.dispose()));
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

  answerLanguageRequests(connection, {
    feature,
    placed,
    tokens: session.tokens,
    settings: () => session.settings,
    completeShell: async ({ textDocument, position }, token) => {
      const snapshot = session.snapshot(canonicalUri(textDocument.uri));
      if (snapshot === undefined) return [];
      const offset = offsetAt(snapshot.file.source, position);
      return await session.completeShell(snapshot, offset, token).catch(() => []);
    },
    canTriggerSuggest: () => start.canTriggerSuggest,
    canAnnotate: () => start.canAnnotate,
  });
  connection.onWorkspaceSymbol(
    dispatcher.request("workspaceSymbol", [] as SymbolInformation[], async ({ query }) => {
      await session.listed;
      return inEditorSpelling(
        getWorkspaceSymbols(session.workspace.repositories, query, session.workspace.looseViews()),
      );
    }),
  );

  const insight: InsightContext = {
    parser: options.parser,
    previews: session.previews,
    stores: session.stores,
    listed: () => session.listed,
    repositories: () => session.workspace.repositories,
    sources: () => session.sourceUris(),
    snapshot: (uri) => session.snapshot(uri),
  };
  connection.onRequest<protocol.PhaseGraph | null, void>(
    protocol.phaseGraphRequest,
    dispatcher.request("phaseGraph", null as protocol.PhaseGraph | null, async (params, token) => {
      const { uri, whatIf } = params as protocol.PhaseGraphParams;
      if (whatIf !== undefined) {
        const other = await answerWhatIf(insight, canonicalUri(uri), whatIf, token);
        return other === null ? null : inEditorSpelling({ ...other, uri });
      }
      const graph = session.previews.graph(canonicalUri(uri));
      return graph === undefined ? null : inEditorSpelling({ ...graph, uri });
    }),
  );
  connection.onRequest<protocol.ReleasesResult, void>(
    protocol.releasesRequest,
    dispatcher.request(
      "releases",
      { repositories: [] } as protocol.ReleasesResult,
      async (params: protocol.ReleasesParams, token) => {
        // Right after the start an empty answer would say that there is no repository, and nobody would ask again.
        await session.listed;
        return await session.stores.releases(session.workspace.repositories, params, token);
      },
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
  answerPulls(connection, dispatcher, session);
  answerInsightRequests(connection, dispatcher, insight, inEditorSpelling);
  connection.listen();
}
