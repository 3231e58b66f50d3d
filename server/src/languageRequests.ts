import type { Span } from "@ocuroot/starlark";
import type {
  CallHierarchyItem,
  CancellationToken,
  CodeActionParams,
  CompletionItem,
  Connection,
  Position,
  Range,
  ResponseError,
  SemanticTokens,
  SemanticTokensDelta,
  TextDocumentPositionParams,
} from "vscode-languageserver/node";
import type { Snapshot } from "./analysis/snapshot.ts";
import { doPrepareCallHierarchy, findIncomingCalls, findOutgoingCalls } from "./features/callHierarchy/index.ts";
import { doCodeActions } from "./features/codeActions.ts";
import { doCodeLenses } from "./features/codeLens.ts";
import { doComplete } from "./features/completion/index.ts";
import { findDefinition } from "./features/definition.ts";
import { findHighlights } from "./features/documentHighlights.ts";
import { getDocumentLinks } from "./features/documentLinks.ts";
import { getDocumentSymbols } from "./features/documentSymbols.ts";
import { getFoldingRanges } from "./features/folding.ts";
import { doFormat } from "./features/formatting.ts";
import { doHover } from "./features/hover.ts";
import { getInlayHints } from "./features/inlayHints.ts";
import { doFormatOnType } from "./features/onTypeFormatting.ts";
import { doPrepareRename } from "./features/prepareRename.ts";
import { doFormatRange } from "./features/rangeFormatting.ts";
import { findReferences } from "./features/references.ts";
import { doRename } from "./features/rename.ts";
import { getSelectionRanges } from "./features/selectionRanges.ts";
import { getSemanticTokens } from "./features/semanticTokens/index.ts";
import type { TokenResults } from "./features/semanticTokens/results.ts";
import { doSignatureHelp } from "./features/signatureHelp.ts";
import type { Settings } from "./settings.ts";
import { offsetAt } from "./text/convert.ts";

interface AboutDocument {
  readonly textDocument: { readonly uri: string };
}

/** A request about something that an earlier answer named. */
interface AboutItem extends AboutDocument {
  readonly item: CallHierarchyItem;
}

type Handler<Params, Result> = (params: Params, token: CancellationToken) => Promise<Result | ResponseError<void>>;

/** How the server makes handlers of requests about a document, and about a place in one. */
export interface RequestWiring {
  feature<Params extends AboutDocument, Result>(
    method: string,
    fallback: Result,
    answer: (snapshot: Snapshot, params: Params) => Result,
  ): Handler<Params, Result>;
  placed<Params extends TextDocumentPositionParams, Result>(
    method: string,
    answer: (snapshot: Snapshot, offset: number, params: Params) => Result,
  ): Handler<Params, Result | null>;
  readonly tokens: TokenResults;
  settings(): Settings;
  /** What others know of shell text; never fails. */
  completeShell(params: TextDocumentPositionParams, token: CancellationToken): Promise<readonly CompletionItem[]>;
  canTriggerSuggest(): boolean;
  canAnnotate(): boolean;
}

const noTokens: SemanticTokens = { data: [] };

function spanOfRange({ file: { source } }: Snapshot, range: Range): Span {
  return { start: offsetAt(source, range.start), end: offsetAt(source, range.end) };
}

/** Connects the requests of the protocol about documents to what answers them. */
export function answerLanguageRequests(connection: Connection, wiring: RequestWiring): void {
  const { feature, placed } = wiring;
  connection.onHover(placed("hover", doHover));
  const complete = placed("completion", (snapshot, offset) => {
    const items = doComplete(snapshot, offset);
    return wiring.canTriggerSuggest() ? items : items.map(({ command: _command, ...item }) => item);
  });
  connection.onCompletion(async (params, token) => {
    const own = await complete(params, token);
    // In shell text somebody else may know more; anywhere else nobody is asked.
    return Array.isArray(own) ? [...own, ...(await wiring.completeShell(params, token))] : own;
  });
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
      doRename(snapshot, offset, params.newName, { annotate: wiring.canAnnotate() }),
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
  const { semanticTokens } = connection.languages;
  semanticTokens.on(
    feature("semanticTokens", noTokens, (snapshot) =>
      wiring.tokens.full(snapshot.file.uri, getSemanticTokens(snapshot).data),
    ),
  );
  semanticTokens.onDelta(
    feature(
      "semanticTokensDelta",
      noTokens as SemanticTokens | SemanticTokensDelta,
      (snapshot, params: AboutDocument & { previousResultId: string }) =>
        wiring.tokens.delta(snapshot.file.uri, params.previousResultId, getSemanticTokens(snapshot).data),
    ),
  );
  semanticTokens.onRange(
    feature("semanticTokensRange", noTokens, (snapshot, { range }: AboutDocument & { range: Range }) =>
      getSemanticTokens(snapshot, spanOfRange(snapshot, range)),
    ),
  );
  connection.onDocumentFormatting(
    feature("formatting", [], (snapshot) => (wiring.settings().format ? doFormat(snapshot) : [])),
  );
  connection.onDocumentRangeFormatting(
    feature("rangeFormatting", [], (snapshot, { range }: AboutDocument & { range: Range }) =>
      wiring.settings().format ? doFormatRange(snapshot, range) : [],
    ),
  );
  connection.onDocumentOnTypeFormatting(
    feature("onTypeFormatting", [], (snapshot, params: AboutDocument & { position: Position; ch: string }) =>
      wiring.settings().format
        ? doFormatOnType(snapshot, offsetAt(snapshot.file.source, params.position), params.ch)
        : [],
    ),
  );
  connection.languages.inlayHint.on(
    feature("inlayHint", [], (snapshot, { range }: AboutDocument & { range: Range }) => {
      return getInlayHints(snapshot, spanOfRange(snapshot, range), { values: wiring.settings().inlayValues });
    }),
  );
  const { callHierarchy } = connection.languages;
  callHierarchy.onPrepare(placed("prepareCallHierarchy", doPrepareCallHierarchy));
  const incoming = feature("incomingCalls", [], (snapshot, { item }: AboutItem) => findIncomingCalls(snapshot, item));
  const outgoing = feature("outgoingCalls", [], (snapshot, { item }: AboutItem) => findOutgoingCalls(snapshot, item));
  callHierarchy.onIncomingCalls(({ item }, token) => incoming({ item, textDocument: item }, token));
  callHierarchy.onOutgoingCalls(({ item }, token) => outgoing({ item, textDocument: item }, token));
}
