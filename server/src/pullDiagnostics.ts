import type {
  CancellationToken,
  Connection,
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import type { Diagnostic } from "vscode-languageserver-types";
import type { Dispatcher } from "./connection/dispatch.ts";
import { canonicalUri } from "./paths.ts";
import type { Session } from "./session.ts";

/** Answers clients that ask for diagnostics; what is published and what is asked for is the same. */
export function answerPulls(connection: Connection, dispatcher: Dispatcher, session: Session): void {
  const results = new Results();
  const { diagnostics } = connection.languages;
  diagnostics.on(
    dispatcher.request<DocumentDiagnosticParams, DocumentDiagnosticReport>(
      "diagnostic",
      { kind: "full", items: [] },
      ({ textDocument, previousResultId }) => {
        const uri = canonicalUri(textDocument.uri);
        return results.report(uri, session.diagnosticsOf(uri), previousResultId);
      },
    ) as Parameters<typeof diagnostics.on>[0],
  );
  diagnostics.onWorkspace(
    dispatcher.request<WorkspaceDiagnosticParams, WorkspaceDiagnosticReport>(
      "workspace diagnostic",
      { items: [] },
      async ({ previousResultIds }, token: CancellationToken) => {
        await session.listed;
        const previous = new Map(previousResultIds.map(({ uri, value }) => [canonicalUri(uri), value]));
        const items: WorkspaceDocumentDiagnosticReport[] = [];
        for (const uri of session.sourceUris()) {
          // Other messages go first.
          await new Promise(setImmediate);
          if (token.isCancellationRequested) break;
          const version = session.snapshot(uri)?.file.version ?? null;
          const report = results.report(uri, session.diagnosticsOf(uri), previous.get(uri));
          items.push({ ...report, uri: session.spelling(uri), version });
        }
        return { items };
      },
    ) as Parameters<typeof diagnostics.onWorkspace>[0],
  );
}

/** Names answers, so that a client that has one already is told so. */
class Results {
  readonly #known = new Map<string, { readonly id: string; readonly text: string }>();
  #next = 1;

  report(
    uri: string,
    items: readonly Diagnostic[],
    previousId: string | undefined,
  ): { kind: "full"; resultId: string; items: Diagnostic[] } | { kind: "unchanged"; resultId: string } {
    const text = JSON.stringify(items);
    let known = this.#known.get(uri);
    if (known?.text !== text) {
      known = { id: String(this.#next++), text };
      this.#known.set(uri, known);
    }
    if (known.id === previousId) return { kind: "unchanged", resultId: known.id };
    return { kind: "full", resultId: known.id, items: [...items] };
  }
}
