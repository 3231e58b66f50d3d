/** Reading a store on disk. Nothing here writes, locks or makes folders, and no listing goes further than asked. */
import { isUtf8 } from "node:buffer";
import { type Dirent, readFile } from "node:fs";
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { documentFileName, refSegments } from "../../refs/disk.ts";
import { compileGlob, type RefGlob } from "../../refs/glob.ts";
import { resolveLinks } from "../../refs/links.ts";
import type { DocumentRef, ReadOptions, StoreChange, StoredDocument, StoreReader } from "../store.ts";
import { StoreError } from "../store.ts";
import { errorCode, forEachLimited, Gate, isAbsent, storeError } from "./disk.ts";
import { parseDocument } from "./document.ts";
import type { StoreLayout } from "./layout.ts";
import type { TransactionMemo } from "./memo.ts";
import { watchStore } from "./watch.ts";

/** Folders read at once: enough to keep the disk busy, few enough to leave file handles to others. */
const lanes = 16;
/** Files open at once, however many reads are asked for together. */
const maxOpenFiles = 64;

/** A document with its text. */
export interface ReadDocument {
  readonly document: StoredDocument;
  readonly text: string;
}

/** Decides when a piece of work that waits for the disk may begin. */
export interface DiskGate {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export class FileStoreReader implements StoreReader {
  private readonly watchers = new Set<{ close(): void }>();
  private isClosed = false;

  constructor(
    protected readonly layout: StoreLayout,
    private readonly gate: DiskGate = new Gate(maxOpenFiles),
  ) {}

  /** Folder of the store, for messages. */
  get root(): string {
    return this.layout.root;
  }

  get localFolder(): string {
    return this.layout.local;
  }

  async read(ref: DocumentRef, options: ReadOptions = {}): Promise<StoredDocument | undefined> {
    return (await this.readWithText(ref, options))?.document;
  }

  async resolve(ref: DocumentRef, options: ReadOptions = {}): Promise<DocumentRef | undefined> {
    return resolveLinks(ref, async (at) => {
      const document = await this.read(at, options);
      return document?.kind === "ref" ? "document" : document;
    });
  }

  async match(glob: string, options: ReadOptions & { readonly links?: boolean } = {}): Promise<DocumentRef[]> {
    const compiled = compileGlob(glob);
    const found: DocumentRef[] = [];
    let level = [compiled.prefix === "" ? [] : refSegments(compiled.prefix)];
    while (level.length > 0) {
      const next: string[][] = [];
      await forEachLimited(level, lanes, async (segments) => {
        options.signal?.throwIfAborted();
        await this.matchFolder(compiled, segments, found, next);
      });
      level = next;
    }
    found.sort();
    return options.links === false ? this.withoutLinks(found, options) : found;
  }

  async children(ref: DocumentRef, options: ReadOptions = {}): Promise<string[]> {
    options.signal?.throwIfAborted();
    const entries = await this.list(ref === "" ? [] : refSegments(ref));
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  }

  async watch(onChange: (change: StoreChange) => void): Promise<{ close(): Promise<void> }> {
    const watcher = await watchStore(this.layout, onChange);
    // The store may have been closed while the watching began: nobody would end it then.
    if (this.isClosed) watcher.close();
    else this.watchers.add(watcher);
    return {
      close: async () => {
        this.watchers.delete(watcher);
        watcher.close();
      },
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const watcher of this.watchers) watcher.close();
    this.watchers.clear();
  }

  /** A document with its text, as far as there is one. */
  protected async readWithText(ref: DocumentRef, options: ReadOptions = {}): Promise<ReadDocument | undefined> {
    const segments = refSegments(ref);
    const memo = this.memo();
    return memo ? memo.document(segments, () => this.readFresh(segments, {})) : this.readFresh(segments, options);
  }

  /** What the transaction that asks has read; undefined outside of one. */
  protected memo(): TransactionMemo<ReadDocument> | undefined {
    return undefined;
  }

  private async readFresh(segments: readonly string[], options: ReadOptions): Promise<ReadDocument | undefined> {
    const path = join(this.layout.refs, ...segments, documentFileName);
    let bytes: Buffer;
    try {
      bytes = await this.gate.run(() => readBytes(path, options.signal));
    } catch (error) {
      if (isUnnamed(error)) return undefined;
      if (options.signal?.aborted) throw options.signal.reason;
      throw storeError(error, path, "read");
    }
    if (!isUtf8(bytes)) throw new StoreError(`${path} is not UTF-8 text; it is not a state document.`, "damaged");
    const text = bytes.toString();
    return { document: parseDocument(path, text), text };
  }

  private async matchFolder(glob: RefGlob, segments: string[], found: DocumentRef[], next: string[][]): Promise<void> {
    const ref = segments.join("/");
    if (!glob.mayMatchBelow(segments)) {
      if (glob.matches(ref) && (await this.exists(segments))) found.push(ref);
      return;
    }
    for (const entry of await this.list(segments)) {
      if (entry.name === documentFileName) {
        if (ref !== "" && glob.matches(ref)) found.push(ref);
      } else if (entry.isDirectory()) {
        const child = [...segments, entry.name];
        if (glob.mayMatchBelow(child) || glob.matches(child.join("/"))) next.push(child);
      }
    }
  }

  private async exists(segments: readonly string[]): Promise<boolean> {
    try {
      await this.gate.run(() => access(join(this.layout.refs, ...segments, documentFileName)));
      return true;
    } catch (error) {
      if (isAbsent(error) || isUnnamed(error)) return false;
      throw storeError(error, join(this.layout.refs, ...segments), "read");
    }
  }

  private list(segments: readonly string[]): Promise<readonly Dirent[]> {
    const memo = this.memo();
    return memo ? memo.listing(segments, () => this.listFresh(segments)) : this.listFresh(segments);
  }

  private async listFresh(segments: readonly string[]): Promise<readonly Dirent[]> {
    const folder = join(this.layout.refs, ...segments);
    try {
      return await this.gate.run(() => readdir(folder, { withFileTypes: true }));
    } catch (error) {
      if (isUnnamed(error)) return [];
      throw storeError(error, folder, "read");
    }
  }

  private async withoutLinks(refs: readonly DocumentRef[], options: ReadOptions): Promise<DocumentRef[]> {
    const kept = new Set<DocumentRef>();
    await forEachLimited(refs, lanes, async (ref) => {
      if ((await this.read(ref, options))?.kind === "ref") kept.add(ref);
    });
    return refs.filter((ref) => kept.has(ref));
  }
}

/** Nothing is there, and nothing can be, where a name is longer than the file system has them. */
function isUnnamed(error: unknown): boolean {
  return errorCode(error) === "ENOENT" || errorCode(error) === "ENAMETOOLONG";
}

/** By callback, which takes half of the processor time that the promise of `node:fs/promises` does. */
function readBytes(path: string, signal: AbortSignal | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    readFile(path, signal ? { signal } : {}, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}
