import { type StateDocumentParams, type StateDocumentResult, stateDocumentRequest } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { documentAddress, stateScheme } from "../model/documentUris.ts";
import { errorText } from "../serverConnection.ts";
import type { Services } from "../services.ts";

/** Read-only JSON of state documents, read again when their repository's state changes. */
export function registerStateDocuments(services: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return vscode.Disposable.from(
    changed,
    services.releases.onDidChangeState((repositories) => {
      for (const document of vscode.workspace.textDocuments) {
        if (document.uri.scheme !== stateScheme) continue;
        const address = documentAddress(document.uri.query);
        if (address && repositories.includes(address.repository)) changed.fire(document.uri);
      }
    }),
    vscode.workspace.registerTextDocumentContentProvider(stateScheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => read(services, uri),
    }),
  );
}

async function read(services: Services, uri: vscode.Uri): Promise<string> {
  const address = documentAddress(uri.query);
  if (!address) return "// This address names no state document.\n";
  try {
    const params: StateDocumentParams = address;
    const { text } = await services.server.demand<StateDocumentResult>(stateDocumentRequest, params);
    return text ?? `// ${address.ref} is not in state (any more).\n`;
  } catch (error) {
    return `// ${address.ref} could not be read: ${errorText(error)}\n`;
  }
}
