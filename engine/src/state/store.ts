import type { JsonValue } from "../json/json.ts";

/** Addresses of documents, as absolute refs print (`repo/-/path/@r1/task/build/1`, `@/environment/staging`). */
export type DocumentRef = string;

/** A document as it lies on disk (spec 3.1). `links` are the refs of link documents that point to this one. */
export type StoredDocument =
  | {
      readonly kind: "ref";
      readonly bodyType: string;
      readonly links: readonly DocumentRef[];
      readonly body: JsonValue;
    }
  | { readonly kind: "link"; readonly target: DocumentRef };

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/** What a reader sees changed: refs that were written or removed, or `"all"` when the listing must be read anew. */
export type StoreChange = { readonly refs: readonly DocumentRef[] } | "all";

/** Reading a store. Nothing here writes to disk, creates folders or takes locks. */
export interface StoreReader {
  /** The document at exactly this ref, links not followed; undefined when there is none. A torn or foreign file throws StoreError naming it. */
  read(ref: DocumentRef, options?: ReadOptions): Promise<StoredDocument | undefined>;
  /** Follows links (spec 2.4): the ref of the document that is really there, or undefined. The fragment is not part of it. */
  resolve(ref: DocumentRef, options?: ReadOptions): Promise<DocumentRef | undefined>;
  /** Refs of documents that match a glob (spec 2.5), sorted; reads no more than the glob's fixed prefix requires. */
  match(glob: string, options?: ReadOptions & { readonly links?: boolean }): Promise<DocumentRef[]>;
  /** Names of the direct children of a ref (`…/@r1/task` → `build`, `test`), sorted; documents need not exist at the ref itself. */
  children(ref: DocumentRef, options?: ReadOptions): Promise<string[]>;
  /** Follows changes made by any process, without polling. Returns the way to stop. */
  watch(onChange: (change: StoreChange) => void): Promise<{ close(): Promise<void> }>;
  /** Lets go of watchers, caches and file handles. */
  close(): Promise<void>;
}

/**
 * Writes that belong together. Nothing is visible to others before they are committed. Readers never see a status missing
 * or two at once: setting `…/status/B` and deleting `…/status/A` in one transaction happens in one step.
 */
export interface Transaction {
  set(ref: DocumentRef, bodyType: string, body: JsonValue): void;
  delete(ref: DocumentRef): void;
  /** Makes `ref` a link to `target` (replacing an older link) and keeps the `links` of the documents concerned right. */
  link(ref: DocumentRef, target: DocumentRef): void;
  unlink(ref: DocumentRef): void;
}

/** A store that can be written. One process at a time commits; the lock of a process that died is taken over. */
export interface Store extends StoreReader {
  /** Folder, which may not be there yet, for what concerns this machine only; it is never shared. Undefined: none. */
  readonly localFolder?: string;
  /**
   * Runs `build` while holding the store's lock, then writes all that it put into the transaction. `message` says what
   * changed (a git store uses it as the commit's subject). `build` may read the store and sees what is committed. It may
   * be run again, on newer state, when the store is shared with other machines and one of them was faster: so it changes
   * nothing but the transaction, and numbers what it makes by what it reads.
   * Throws StoreError (read-only, disk full, damaged) with nothing half-written that a reader could see.
   */
  transact<T>(message: string, build: (tx: Transaction) => Promise<T> | T): Promise<T>;
}

/** A problem with a store that the user can act on. `message` is one sentence that names file or ref. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  constructor(
    message: string,
    readonly code: "damaged" | "version" | "readonly" | "full" | "locked" | "missing" | "remote",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
