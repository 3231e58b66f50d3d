import {
  type PhaseGraphParams,
  phaseGraphRequest,
  type ReleaseChanges,
  type ReleaseChangesParams,
  releaseChangesRequest,
  type WhatIf,
  type WhatIfGraph,
} from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import type { ServerConnection } from "../serverConnection.ts";
import type { GraphStore } from "./graphStore.ts";
import type { ReleaseStore } from "./releaseStore.ts";

/** What is tried out on a file's environments, and the graph it leads to once that is there. */
export interface Trial {
  readonly whatIf: WhatIf;
  readonly graph: WhatIfGraph | undefined;
}

/** What releasing a file now would change, and what-if previews: asked for where shown, again when what they rest on changes. */
export class InsightStore implements vscode.Disposable {
  private readonly changes = new Map<string, ReleaseChanges>();
  private readonly trials = new Map<string, Trial>();
  private readonly changeEmitter = new vscode.EventEmitter<string>();
  private readonly subscriptions: vscode.Disposable[];
  /** The newest question of each kind and file; answers to older ones are thrown away. */
  private readonly asked = new Map<string, number>();
  private count = 0;

  /** Fires with the file (URI) of which more is known. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    private readonly server: ServerConnection,
    graphs: GraphStore,
    releases: ReleaseStore,
  ) {
    this.subscriptions = [
      graphs.onDidChange(({ uri }) => this.askAgain(uri)),
      releases.onDidChangeState(() => {
        for (const uri of new Set([...this.changes.keys(), ...this.trials.keys()])) this.askAgain(uri);
      }),
      server.onDidChangeState((state) => {
        if (state.kind !== "running") this.changes.clear();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.changes.delete(uri.toString())),
    ];
  }

  /** What is known of what releasing the file now would change. */
  changesOf(uri: string): ReleaseChanges | undefined {
    return this.changes.get(uri);
  }

  get hasTrials(): boolean {
    return this.trials.size > 0;
  }

  trialOf(uri: string): Trial | undefined {
    return this.trials.get(uri);
  }

  /** Asks what releasing the file now would change. */
  async loadChanges(uri: string, token?: vscode.CancellationToken): Promise<ReleaseChanges | undefined> {
    const isNewest = this.ask(`changes ${uri}`);
    const params: ReleaseChangesParams = { uri };
    const found = await this.server.request<ReleaseChanges | null>(releaseChangesRequest, params, token);
    if (!isNewest() || !found) return found ?? undefined;
    this.changes.set(uri, found);
    this.changeEmitter.fire(uri);
    return found;
  }

  /** Tries environments out on a file; undefined goes back to what is so. */
  async setTrial(uri: string, whatIf: WhatIf | undefined): Promise<void> {
    if (whatIf === undefined) {
      this.ask(`trial ${uri}`);
      this.trials.delete(uri);
      this.changeEmitter.fire(uri);
      return;
    }
    this.trials.set(uri, { whatIf, graph: this.trials.get(uri)?.graph });
    const isNewest = this.ask(`trial ${uri}`);
    const params: PhaseGraphParams = { uri, whatIf };
    const graph = await this.server.request<WhatIfGraph | null>(phaseGraphRequest, params);
    if (!isNewest()) return;
    this.trials.set(uri, { whatIf, graph: graph ?? undefined });
    this.changeEmitter.fire(uri);
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
    this.changeEmitter.dispose();
  }

  private askAgain(uri: string): void {
    if (this.changes.has(uri)) void this.loadChanges(uri);
    const trial = this.trials.get(uri);
    if (trial) void this.setTrial(uri, trial.whatIf);
  }

  private ask(key: string): () => boolean {
    const number = ++this.count;
    this.asked.set(key, number);
    return () => this.asked.get(key) === number;
  }
}
