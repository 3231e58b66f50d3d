import {
  defaultStorePath,
  isUnset,
  type JsonValue,
  parseRef,
  printDocumentRef,
  printJson,
  type RepositoryModel,
} from "@ocuroot/engine";
import type { CancellationToken } from "vscode-languageserver-protocol";
import { maskAt, maskValue } from "../analysis/secrets.ts";
import type { RepositoryView } from "../analysis/snapshot.ts";
import { type StateView, unknownState } from "../analysis/stateView.ts";
import type { Dispatcher } from "../connection/dispatch.ts";
import { canonicalUri, pathOfUri } from "../paths.ts";
import type {
  ReleasesParams,
  ReleasesResult,
  RepositoryState,
  RunLogParams,
  RunLogResult,
  StateDocumentParams,
  StateDocumentResult,
} from "../protocol/index.ts";
import { DiskLanes } from "./diskLanes.ts";
import { readLogText } from "./logText.ts";
import { readRepositoryState, unknownRepositoryState } from "./releases.ts";
import { RepositoryStore } from "./repositoryStore.ts";

export interface StateStoresOptions {
  readonly dispatcher: Dispatcher;
  /** State of a repository changed, or only more of it is known than before. */
  readonly changed: (root: string, what: "documents" | "knowledge") => void;
}

/** The stores of all repositories of the workspace, opened read-only. */
export class StateStores {
  readonly #stores = new Map<string, RepositoryStore>();
  readonly #lanes = new DiskLanes();
  /** Answers that come from disks that kept those waiting who asked for them. */
  readonly #late = new Map<string, Promise<RepositoryState>>();
  readonly #models = new Map<string, RepositoryModel>();
  #isDisposed = false;

  constructor(private readonly options: StateStoresOptions) {}

  /** Opens the default store of a repository that is new here, as long as its configuration is not known. */
  add(root: string, alias: string | undefined): void {
    if (this.#isDisposed || this.#stores.has(root)) return;
    const { dispatcher, changed } = this.options;
    const disk = this.#lanes.lane();
    const store = new RepositoryStore({ root, dispatcher, disk, changed: (what) => changed(root, what) });
    this.#stores.set(root, store);
    dispatcher.run(
      "open state",
      () => store.open(alias === undefined ? undefined : { alias, stores: defaultStores }),
      root,
    );
  }

  /** Opens the store that `repo.ocu.star` names; a file with errors leaves things as they are. */
  locate(root: string, model: RepositoryModel | undefined): void {
    if (model === undefined) return;
    this.#models.set(root, model);
    const store = this.#stores.get(root);
    if (store !== undefined) this.options.dispatcher.run("open state", () => store.open(model), root);
  }

  async remove(root: string): Promise<void> {
    const store = this.#stores.get(root);
    this.#stores.delete(root);
    this.#models.delete(root);
    await store?.dispose();
  }

  view(root: string | undefined): StateView {
    return (root === undefined ? undefined : this.#stores.get(root)?.view) ?? unknownState;
  }

  /** The store of a repository, once it is open. */
  async at(root: string): Promise<RepositoryStore | undefined> {
    const store = this.#stores.get(root);
    await store?.opened;
    return store;
  }

  /** What `repo.ocu.star` says, as far as it has been evaluated. */
  modelOf(root: string): RepositoryModel | undefined {
    return this.#models.get(root);
  }

  /** The address of a document; a ref without repository means the one of that name. */
  absolute(text: string, repo: string | undefined): string | undefined {
    return absolute(text, repo);
  }

  nameOf(root: string): string | undefined {
    return this.#stores.get(root)?.name;
  }

  async releases(
    repositories: readonly RepositoryView[],
    params: ReleasesParams,
    token: CancellationToken,
  ): Promise<ReleasesResult> {
    const abort = new AbortController();
    const cancellation = token.onCancellationRequested(() => abort.abort());
    const wanted = typeof params.repository === "string" ? canonicalUri(params.repository) : undefined;
    try {
      const states = repositories
        .filter((each) => wanted === undefined || each.uri === wanted)
        .filter((each) => each.has("repo.ocu.star") || each.packagePaths().length > 0)
        .map((each) => this.#repositoryState(each, params, abort.signal));
      const found = await Promise.all(states);
      return { repositories: found.filter((each) => each !== undefined) };
    } finally {
      cancellation.dispose();
    }
  }

  /** What a disk that does not answer says later is kept until it is asked for again, which is announced. */
  async #repositoryState(
    repository: RepositoryView,
    params: ReleasesParams,
    signal: AbortSignal,
  ): Promise<RepositoryState | undefined> {
    const { root } = repository;
    const store = this.#stores.get(root);
    if (store === undefined) return undefined;
    const { file, limit, before } = params;
    const key = JSON.stringify([root, file, limit, before]);
    const known = this.#late.get(key);
    const reading = known ?? store.opened.then(() => readRepositoryState(repository, store, params, signal));
    const state = await store.disk.orStalled(reading);
    if (state !== undefined) {
      this.#late.delete(key);
      return state;
    }
    if (known === undefined && !signal.aborted) {
      this.#late.set(key, reading);
      const end = (isAnswer: boolean): void => {
        const isWanted = this.#stores.get(root) === store;
        if (!isAnswer || !isWanted) this.#late.delete(key);
        if (isWanted) this.options.changed(root, "documents");
      };
      reading.then(
        () => end(true),
        () => end(false),
      );
    }
    return unknownRepositoryState(
      repository,
      "The disk with its state does not answer. It is shown as soon as it does.",
    );
  }

  /** A state document as indented JSON; intent's when the ref starts with `intent:`. */
  async document(params: StateDocumentParams): Promise<StateDocumentResult> {
    const store = await this.#store(params.repository);
    const isIntent = params.ref.startsWith("intent:");
    const reader = isIntent ? store?.intent : store?.state;
    const ref = absolute(isIntent ? params.ref.slice("intent:".length) : params.ref, store?.name);
    if (reader === undefined || ref === undefined) return { text: null };
    const resolved = await reader.resolve(ref);
    const stored = resolved === undefined ? undefined : await reader.read(resolved);
    return { text: stored?.kind === "ref" ? `${printJson(shownDocument(ref, stored.body), 2)}\n` : null };
  }

  async runLog(params: RunLogParams): Promise<RunLogResult> {
    const store = await this.#store(params.repository);
    const ref = absolute(params.ref, store?.name);
    if (store?.state === undefined || ref === undefined) return { text: "", finished: true };
    return readLogText(store.state, ref);
  }

  /** Closes all stores. What is still being listed finds no store opened any more. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await Promise.all([...this.#stores.values()].map((each) => each.dispose()));
    this.#stores.clear();
  }

  async #store(uri: string): Promise<RepositoryStore | undefined> {
    const root = pathOfUri(canonicalUri(uri));
    const store = root === undefined ? undefined : this.#stores.get(root);
    await store?.opened;
    return store;
  }
}

const defaultStores: RepositoryModel["stores"] = { state: { kind: "fs", path: defaultStorePath }, isDefault: true };

/** A document as it is shown: what has the name or the form of a secret is masked. */
function shownDocument(ref: string, body: JsonValue): JsonValue {
  const parsed = parseRef(ref);
  return parsed.ok ? maskAt(undefined, parsed.ref, body) : maskValue(body);
}

/** The address of a document; a ref without repository means this one. */
function absolute(text: string, repo: string | undefined): string | undefined {
  const parsed = parseRef(text);
  if (!parsed.ok) return undefined;
  const { ref } = parsed;
  return printDocumentRef(ref.isGlobal || !isUnset(ref.repo) ? ref : { ...ref, repo });
}
