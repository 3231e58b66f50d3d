import type { CancellationToken, Connection, WorkspaceEdit } from "vscode-languageserver/node";
import type { FileView } from "../analysis/snapshot.ts";
import { type Dispatcher, RequestProblem } from "../connection/dispatch.ts";
import { findOldSpellings } from "../features/convertSpellings.ts";
import { canonicalUri } from "../paths.ts";
import * as protocol from "../protocol/index.ts";
import { rangeOf } from "../text/convert.ts";
import { breathe, type InsightContext } from "./context.ts";
import { findDependencies } from "./dependencies.ts";
import { findLastOutput, findLogPlaces } from "./logPlaces.ts";
import { findPushEffects } from "./pushEffects.ts";
import { findReleaseChanges } from "./releaseChanges.ts";
import { findPreviewEnvironments, findWhatIfGraph } from "./whatIf.ts";
import { findCommit } from "./whereIsCommit.ts";
import { findWorkFunction } from "./workFunction.ts";

/** Connects the requests about the whole picture: what would happen, and where something came from. */
export function answerInsightRequests(
  connection: Connection,
  dispatcher: Dispatcher,
  context: InsightContext,
  respelled: <Result>(answer: Result) => Result,
): void {
  /** Params are objects whose `uri`, when there is one, is put into our spelling. */
  function on<Params extends { readonly uri?: string }, Result>(
    method: string,
    fallback: Result,
    answer: (params: Params, signal: AbortSignal) => Promise<Result>,
  ): void {
    connection.onRequest<unknown, void>(
      method,
      dispatcher.request<Params, unknown>(method, fallback, async (params, token) => {
        await context.listed();
        const uri = params.uri === undefined ? {} : { uri: canonicalUri(params.uri) };
        return respelled(await withSignal(token, (signal) => answer({ ...params, ...uri }, signal)));
      }),
    );
  }
  on(protocol.releaseChangesRequest, null, ({ uri }: protocol.ReleaseChangesParams, signal) =>
    findReleaseChanges(context, uri, signal),
  );
  const noEnvironments: protocol.PreviewEnvironmentsResult = { environments: [], notReleased: false, attributes: [] };
  on(protocol.previewEnvironmentsRequest, noEnvironments, ({ uri }: protocol.PreviewEnvironmentsParams, signal) =>
    findPreviewEnvironments(context, uri, signal),
  );
  const noCommit: protocol.WhereIsCommitResult = { deployments: [], releases: [] };
  on(protocol.whereIsCommitRequest, noCommit, (params: protocol.WhereIsCommitParams, signal) =>
    findCommit(context, params, signal),
  );
  const noReleases: protocol.PushEffectsResult = { releases: [] };
  on(protocol.pushEffectsRequest, noReleases, ({ uri }: protocol.PushEffectsParams, signal) =>
    findPushEffects(context, { uri }, signal),
  );
  const noPlaces: protocol.LogPlacesResult = { places: [] };
  on(protocol.logPlacesRequest, noPlaces, (params: protocol.LogPlacesParams & { uri?: string }) =>
    findLogPlaces(context, { repository: canonicalUri(params.repository), ref: params.ref }),
  );
  const noOutput: protocol.LastOutputResult = { outputs: [] };
  on(protocol.lastOutputRequest, noOutput, (params: protocol.LastOutputParams, signal) =>
    findLastOutput(context, params, signal),
  );
  on(protocol.workFunctionRequest, null, (params: protocol.WorkFunctionParams, signal) =>
    findWorkFunction(context, params, signal),
  );
  const noGraph: protocol.DependencyGraph = { files: [], edges: [], cycles: [] };
  on(protocol.dependencyGraphRequest, noGraph, (params: protocol.DependencyGraphParams, signal) =>
    findDependencies(context, params, signal),
  );
  on(protocol.convertSpellingsRequest, null, ({ uri }: protocol.ConvertSpellingsParams) => convert(context, uri));
}

/** The phase graph with other environments; the client asks for it as a phase graph. */
export function answerWhatIf(
  context: InsightContext,
  uri: string,
  whatIf: protocol.WhatIf,
  token: CancellationToken,
): Promise<protocol.WhatIfGraph | null> {
  return withSignal(token, (signal) => findWhatIfGraph(context, uri, readWhatIf(whatIf), signal));
}

/** Attributes are strings, as in state. */
function readWhatIf({ environments, without }: protocol.WhatIf): protocol.WhatIf {
  const read = environments.map(({ name, attributes }) => {
    const texts = Object.entries(attributes).map(([key, value]) => [key, String(value)]);
    return { name, attributes: Object.fromEntries(texts) as Record<string, string> };
  });
  return { environments: read, without: without ?? [] };
}

async function withSignal<Result>(token: CancellationToken, work: (signal: AbortSignal) => Promise<Result>) {
  const abort = new AbortController();
  const cancellation = token.onCancellationRequested(() => abort.abort());
  try {
    return await work(abort.signal);
  } finally {
    cancellation.dispose();
  }
}

async function convert(context: InsightContext, uri: string | undefined): Promise<WorkspaceEdit | null> {
  const files: FileView[] = [];
  if (uri !== undefined) {
    const view = context.snapshot(uri)?.file;
    if (view === undefined) throw new RequestProblem("The file is not known.");
    files.push(view);
  } else {
    for (const source of context.sources()) {
      const view = context.snapshot(source)?.file;
      if (view !== undefined) files.push(view);
    }
  }
  const documentChanges = [];
  for (const [index, view] of files.entries()) {
    if (index % 20 === 19) await breathe();
    // The text may have changed while others were looked at.
    const now = context.snapshot(view.uri)?.file ?? view;
    const edits = findOldSpellings(now).map(({ span, text }) => ({ range: rangeOf(now.source, span), newText: text }));
    if (edits.length > 0) documentChanges.push({ textDocument: { uri: now.uri, version: now.version }, edits });
  }
  return documentChanges.length === 0 ? null : { documentChanges };
}
