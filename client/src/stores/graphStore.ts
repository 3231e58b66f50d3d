import {
  type PhaseGraph,
  type PhaseGraphChangedParams,
  type PhaseGraphParams,
  phaseGraphChangedNotification,
  phaseGraphRequest,
} from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import type { ServerConnection } from "../serverConnection.ts";
import { ownUri } from "../uris.ts";

/** Phase graphs by file: asked for once, then kept current by the server's notifications. */
export class GraphStore implements vscode.Disposable {
  private readonly graphs = new Map<string, PhaseGraph>();
  private readonly changeEmitter = new vscode.EventEmitter<PhaseGraph>();
  private readonly subscriptions: vscode.Disposable[] = [];

  /** Fires with each new graph. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(private readonly server: ServerConnection) {
    server.onNotification<PhaseGraphChangedParams>(phaseGraphChangedNotification, ({ graph }) => this.keep(graph));
    this.subscriptions.push(
      server.onDidChangeState((state) => {
        if (state.kind !== "running") this.graphs.clear();
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.graphs.delete(document.uri.toString())),
    );
  }

  /** The graph as far as it is known here. */
  get(uri: string): PhaseGraph | undefined {
    return this.graphs.get(uri);
  }

  /** The graph of an open file; undefined when the server has none. */
  async load(uri: string): Promise<PhaseGraph | undefined> {
    const params: PhaseGraphParams = { uri };
    const graph = await this.server.request<PhaseGraph | null>(phaseGraphRequest, params);
    if (graph) this.keep(graph);
    return this.get(uri);
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
    this.changeEmitter.dispose();
  }

  private keep(graph: PhaseGraph): void {
    const own = { ...graph, uri: ownUri(graph.uri) };
    this.graphs.set(own.uri, own);
    this.changeEmitter.fire(own);
  }
}
