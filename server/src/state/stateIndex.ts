import {
  type EnvironmentModel,
  type FileHistory,
  type JsonValue,
  listFiles,
  listRepositories,
  literalGlob,
  lookupForm,
  parseRef,
  printDocumentRef,
  readEnvironments,
  readReleases,
  type StoreReader,
} from "@ocuroot/engine";
import type {
  ReleasedWork,
  ReleaseSummary,
  StateConsumer,
  StateValue,
  StateView,
  WorkSummary,
} from "../analysis/stateView.ts";
import { readConsumers } from "./consumers.ts";

/** Releases of each file that the index keeps: enough to complete release names and to show the last status. */
const keptReleases = 10;

/** How many documents the index remembers for hovers and graphs. */
const keptDocuments = 2_000;

/** Statuses of a run whose function got no inputs yet. */
const notBegun: ReadonlySet<string> = new Set(["pending", "blocked", "paused"]);

interface KnownDocument {
  readonly body: JsonValue;
  readonly release: string | undefined;
}

/**
 * What features may ask of one repository's state without waiting. Read from the store in the background; what is asked
 * for and not there yet is fetched for the next time.
 */
export class StateIndex implements StateView {
  #environments: readonly EnvironmentModel[] | undefined;
  #files = new Map<string, FileHistory>();
  readonly #documents = new Map<string, KnownDocument | undefined>();
  readonly #fetching = new Set<string>();
  #custom: readonly string[] = [];
  #consumers: readonly StateConsumer[] = [];

  constructor(
    private readonly store: StoreReader,
    private readonly repo: string,
    private readonly signal: AbortSignal,
    /** Told when a document that was asked for has come. */
    private readonly fetched: () => void,
  ) {}

  get environments(): readonly EnvironmentModel[] | undefined {
    return this.#environments;
  }

  /** Reads everything, or only what a change of some documents concerns. */
  async refresh(changed: readonly string[] | "all"): Promise<void> {
    const { store, repo, signal } = this;
    if (changed === "all") {
      this.#documents.clear();
      // What is damaged in one part must not hide the others.
      const parts = await Promise.allSettled([this.#readEnvironments(), this.#readFiles()]);
      this.#custom = await this.#readCustom();
      this.#consumers = await readConsumers(store, repo, signal);
      for (const part of parts) if (part.status === "rejected") throw part.reason;
      return;
    }
    if (changed.length > 0) this.#documents.clear();
    if (changed.some((ref) => ref.startsWith("@/environment"))) await this.#readEnvironments();
    for (const file of filesOf(changed, repo)) {
      const [history] = await readReleases(store, { repo, file, limit: keptReleases, signal });
      if (history !== undefined) this.#files.set(file, history);
    }
    if (changed.some((ref) => !ref.startsWith(`${repo}/`) && isRelease(ref))) {
      this.#consumers = await readConsumers(store, repo, signal);
    }
    if (changed.some((ref) => ref.includes("custom/"))) this.#custom = await this.#readCustom();
  }

  async #readEnvironments(): Promise<void> {
    const environments = await readEnvironments(this.store, { signal: this.signal, repo: this.repo });
    this.#environments = environments.map(({ name, attributes }) => ({ name, attributes }));
  }

  async #readFiles(): Promise<void> {
    const { store, repo, signal } = this;
    const histories = await readReleases(store, { repo, limit: keptReleases, signal });
    this.#files = new Map(histories.map((each) => [each.file, each]));
  }

  /** Custom state of all, of every file, and of the releases that are kept; what old releases have is nobody's question. */
  async #readCustom(): Promise<string[]> {
    const { store, signal } = this;
    const repositories = await listRepositories(store, { signal });
    const files = await Promise.all(repositories.map((each) => listFiles(store, each, { signal })));
    const kept = [...this.#files.values()].flatMap(({ releases }) => releases.map(({ ref }) => ref));
    const folders = ["@", ...files.flat().map((file) => `${file}/@`), ...kept];
    const found = await Promise.all(folders.map((each) => store.match(`${literalGlob(each)}/custom/**`, { signal })));
    return found.flat().sort();
  }

  releases(path: string): readonly ReleaseSummary[] {
    return this.#files.get(path)?.releases ?? [];
  }

  work(path: string, key: string): WorkSummary | undefined {
    const release = this.#files.get(path)?.releases[0];
    const work = release?.phases.flatMap((phase) => phase.work).find((each) => `${each.kind}/${each.name}` === key);
    if (release === undefined || work === undefined) return undefined;
    const run = work.attempts[0];
    const startedAt = run?.startedAt;
    const hasBegun = run !== undefined && !notBegun.has(run.status);
    return {
      status: work.status,
      release: release.name,
      ...(work.durationMs === undefined ? {} : { durationMs: work.durationMs }),
      ...(work.news === undefined ? {} : { news: work.news }),
      ...(run === undefined ? {} : { runRef: run.ref }),
      ...(hasBegun ? { inputs: run.inputs } : {}),
      ...(startedAt === undefined ? {} : { at: startedAt + (run?.durationMs ?? 0) }),
    };
  }

  allWork(path: string): readonly ReleasedWork[] {
    const phases = this.#files.get(path)?.releases[0]?.phases ?? [];
    return phases.flatMap(({ name, work }) => work.map((each) => ({ key: `${each.kind}/${each.name}`, phase: name })));
  }

  value(ref: string): StateValue | undefined {
    const address = addressOf(ref, this.repo);
    if (address === undefined) return undefined;
    const known = this.#documents.get(address.document);
    if (known === undefined) {
      if (!this.#documents.has(address.document)) void this.fetch(address.document);
      return undefined;
    }
    let value: JsonValue | undefined = known.body;
    for (const key of address.fragment) value = member(value, key);
    return value === undefined
      ? undefined
      : { value, ...(known.release === undefined ? {} : { release: known.release }) };
  }

  customNames(prefix: string): readonly string[] {
    const start = prefix.endsWith("/") ? prefix : `${prefix}/`;
    return this.#custom.filter((each) => each.startsWith(start)).map((each) => each.slice(start.length));
  }

  consumers(): readonly StateConsumer[] {
    return this.#consumers;
  }

  /** Reads a document into the index. */
  async fetch(document: string): Promise<void> {
    if (this.#fetching.has(document) || this.signal.aborted) return;
    this.#fetching.add(document);
    let found: KnownDocument | undefined;
    try {
      const resolved = await this.store.resolve(document, { signal: this.signal });
      const stored = resolved === undefined ? undefined : await this.store.read(resolved, { signal: this.signal });
      if (resolved !== undefined && stored?.kind === "ref") {
        found = { body: stored.body, release: /\/@(r\d+)(?:\/|$)/.exec(resolved)?.[1] };
      }
    } catch {
      // A damaged document is reported where it is opened; here it is as if it were not there.
    } finally {
      this.#fetching.delete(document);
    }
    if (this.#documents.size > keptDocuments) this.#documents.clear();
    this.#documents.set(document, found);
    if (found !== undefined && !this.signal.aborted) this.fetched();
  }
}

interface Address {
  readonly document: string;
  readonly fragment: readonly string[];
}

/** The document and keys that a ref names; what says no release means the most recent. */
function addressOf(text: string, repo: string): Address | undefined {
  const parsed = parseRef(text);
  if (!parsed.ok) return undefined;
  const { ref } = parsed;
  const placed = ref.isGlobal
    ? ref
    : { ...ref, hasRelease: true, repo: ref.repo === undefined || ref.repo === "." ? repo : ref.repo };
  if (!placed.isGlobal && (placed.path === "" || placed.path === ".")) return undefined;
  return { document: lookupForm(printDocumentRef(placed)), fragment: ref.fragment };
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, JsonValue>>)[key] : undefined;
}

/** Whether a document is that of a release. */
function isRelease(ref: string): boolean {
  return /\/-\/.+\/@r?\d+$/.test(ref);
}

/** Package files that refs of documents belong to. */
function filesOf(changed: readonly string[], repo: string): Set<string> {
  const prefix = `${repo}/-/`;
  const files = new Set<string>();
  for (const ref of changed) {
    const end = ref.indexOf("/@", prefix.length);
    if (ref.startsWith(prefix) && end > 0) files.add(ref.slice(prefix.length, end));
  }
  files.delete("repo.ocu.star");
  return files;
}
