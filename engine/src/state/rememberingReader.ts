/** Reads each document and folder of a store once: for questions that come by the same places again and again. */
import { resolveLinks } from "../refs/links.ts";
import type { DocumentRef, ReadOptions, StoredDocument, StoreReader } from "./store.ts";

/** What it has read stays as it was read: it is for one question, not to be kept. */
export class RememberingReader implements StoreReader {
  readonly #documents = new Map<DocumentRef, Promise<StoredDocument | undefined>>();
  readonly #children = new Map<DocumentRef, Promise<string[]>>();

  constructor(private readonly store: StoreReader) {}

  read(ref: DocumentRef, options?: ReadOptions): Promise<StoredDocument | undefined> {
    return remember(this.#documents, ref, () => this.store.read(ref, options));
  }

  children(ref: DocumentRef, options?: ReadOptions): Promise<string[]> {
    return remember(this.#children, ref, () => this.store.children(ref, options));
  }

  resolve(ref: DocumentRef, options?: ReadOptions): Promise<DocumentRef | undefined> {
    return resolveLinks(ref, async (at) => {
      const document = await this.read(at, options);
      return document?.kind === "ref" ? "document" : document;
    });
  }

  match(glob: string, options?: ReadOptions & { readonly links?: boolean }): Promise<DocumentRef[]> {
    return this.store.match(glob, options);
  }

  watch: StoreReader["watch"] = (onChange) => this.store.watch(onChange);

  /** The store is not its own. */
  async close(): Promise<void> {}
}

function remember<T>(known: Map<DocumentRef, Promise<T>>, ref: DocumentRef, read: () => Promise<T>): Promise<T> {
  const found = known.get(ref) ?? read();
  known.set(ref, found);
  return found;
}
