import { basename } from "node:path";
import {
  defaultStorePath,
  openStateReaders,
  type StateStores as Readers,
  type RepositoryModel,
  repositoryName,
  type StoreChange,
  type StoreReader,
} from "@ocuroot/engine";
import { type StateView, unknownState } from "../analysis/stateView.ts";
import type { Dispatcher } from "../connection/dispatch.ts";
import type { DiskLane } from "./diskLanes.ts";
import { readGitInfo } from "./git.ts";
import { StateIndex } from "./stateIndex.ts";

export interface RepositoryStoreOptions {
  readonly root: string;
  readonly dispatcher: Dispatcher;
  /** Has a say in when the store's disk is read. */
  readonly disk: DiskLane;
  /** Documents in the store changed, or only more of them are known than before. */
  readonly changed: (what: "documents" | "knowledge") => void;
}

/** Changes within this time (milliseconds) are read together. */
const settle = 120;

/** One repository's state: its store opened for reading, an index kept current by the store's events. */
export class RepositoryStore {
  #readers: Readers<StoreReader> | undefined;
  #index: StateIndex | undefined;
  #abort = new AbortController();
  /** Ends the reading of a store that is being opened. */
  #coming = new AbortController();
  #name: string | undefined;
  #problem: string | undefined;
  #described = "";
  #pending: Set<string> | "all" = new Set();
  #timer: NodeJS.Timeout | undefined;
  #opening: Promise<void> = Promise.resolve();
  /** Counts what was asked for: only the last one is wanted. */
  #turn = 0;
  #isDisposed = false;

  constructor(private readonly options: RepositoryStoreOptions) {}

  get view(): StateView {
    return this.#index ?? unknownState;
  }

  get disk(): DiskLane {
    return this.options.disk;
  }

  get state(): StoreReader | undefined {
    return this.#readers?.state;
  }

  get intent(): StoreReader | undefined {
    return this.#readers?.intent;
  }

  /** The repository's name in refs, once it is known. */
  get name(): string | undefined {
    return this.#name;
  }

  /** Why state cannot be read (a sentence), if so. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Resolves when the store that was last asked for is open (or has a problem). */
  get opened(): Promise<void> {
    return this.#opening;
  }

  /** Opens the store that a configuration names; the default one without a configuration. */
  open(model: Pick<RepositoryModel, "alias" | "stores"> | undefined): Promise<void> {
    const description = JSON.stringify(model === undefined ? null : [model.alias, model.stores]);
    if (description === this.#described) return this.#opening;
    this.#described = description;
    // What is being read is not wanted any more, and may never be read to its end.
    this.#coming.abort();
    const turn = ++this.#turn;
    this.#opening = this.#opening.then(() => this.#open(model, turn));
    return this.#opening;
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#abort.abort();
    this.#coming.abort();
    await this.#opening;
    await this.#close();
  }

  /** What was known before is shown until the store has been read, so that nothing comes and goes meanwhile. */
  async #open(model: Pick<RepositoryModel, "alias" | "stores"> | undefined, turn: number): Promise<void> {
    if (this.#isDisposed || turn !== this.#turn) return;
    const { root, disk, changed } = this.options;
    const abort = new AbortController();
    this.#coming = abort;
    let readers: Readers<StoreReader> | undefined;
    let index: StateIndex | undefined;
    let name: string | undefined;
    let problem: string | undefined;
    let hasChanged = false;
    const read = async (): Promise<void> => {
      try {
        name = await disk.run(() => nameOf(root, model?.alias));
        const stores = model?.stores ?? { state: { kind: "fs", path: defaultStorePath }, isDefault: true };
        readers = await openStateReaders(stores, root, { gate: disk });
        index = new StateIndex(readers.state, name, abort.signal, () => this.#notify());
        const { state } = readers;
        const note = (change: StoreChange): void => {
          if (this.#readers?.state === state) this.#note(change === "all" ? "all" : change.refs);
          else hasChanged = true;
        };
        await disk.run(() => state.watch(note));
        await index.refresh("all");
      } catch (error) {
        // What can be read is shown, also when something cannot.
        problem = error instanceof Error ? error.message : String(error);
      }
    };
    const reading = read();
    await Promise.race([reading, whenAborted(abort.signal)]);
    if (this.#isDisposed || abort.signal.aborted) {
      // A disk that does not answer is not waited for.
      void reading.then(() => readers?.close()).catch(() => undefined);
      return;
    }
    const closed = this.#close();
    this.#abort = abort;
    this.#name = name;
    this.#problem = problem;
    this.#readers = readers;
    this.#index = index;
    if (hasChanged) this.#note("all");
    await closed;
    changed("documents");
  }

  async #close(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = new Set();
    this.#index = undefined;
    const readers = this.#readers;
    this.#readers = undefined;
    await readers?.close();
  }

  /** Collects changes for a moment: a release writes many documents at once. */
  #note(refs: readonly string[] | "all"): void {
    if (refs === "all" || this.#pending === "all") this.#pending = "all";
    else for (const ref of refs) this.#pending.add(ref);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.options.dispatcher.run("state", () => this.#refresh(), this.options.root);
    }, settle);
    this.#timer.unref();
  }

  async #refresh(): Promise<void> {
    const { signal } = this.#abort;
    const changed = this.#pending === "all" ? "all" : [...this.#pending];
    this.#pending = new Set();
    try {
      await this.#index?.refresh(changed);
      this.#problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    if (!signal.aborted) this.options.changed(changed.length > 0 ? "documents" : "knowledge");
  }

  /** Documents that were asked for have come: those who show them look again, once. */
  #notify(): void {
    this.#note([]);
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** The name that a repository has in refs: its alias, else what its git remote or its folder is called. */
async function nameOf(root: string, alias: string | undefined): Promise<string> {
  const { originUrl } = await readGitInfo(root);
  const override = process.env.OCU_REPO_URL_OVERRIDE;
  return repositoryName({
    folder: basename(root),
    ...(alias === undefined ? {} : { alias }),
    ...(originUrl === undefined ? {} : { originUrl }),
    ...(override === undefined ? {} : { urlOverride: override }),
  });
}
