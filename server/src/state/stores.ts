import type { RepositoryModel } from "@ocuroot/engine";
import type { CancellationToken } from "vscode-languageserver-protocol";
import type { Dispatcher } from "../dispatch.ts";
import type { ReleasesParams, ReleasesResult, RunLogParams, RunLogResult, StateDocumentParams, StateDocumentResult } from "../protocol.ts";
import type { RepositoryView } from "../snapshot.ts";
import { type StateView, unknownState } from "./stateView.ts";

export interface StateStoresOptions {
  readonly dispatcher: Dispatcher;
  readonly changed: (roots: readonly string[]) => void;
}

export class StateStores {
  constructor(readonly options: StateStoresOptions) {}
  add(_root: string): void {}
  locate(_root: string, _model: RepositoryModel | undefined): void {}
  view(_root: string | undefined): StateView {
    return unknownState;
  }
  async releases(_repositories: readonly RepositoryView[], _params: ReleasesParams, _token: CancellationToken): Promise<ReleasesResult> {
    return { repositories: [] };
  }
  async document(_params: StateDocumentParams): Promise<StateDocumentResult> {
    return { text: null };
  }
  async runLog(_params: RunLogParams): Promise<RunLogResult> {
    return { text: "", finished: true };
  }
  async dispose(): Promise<void> {}
}
