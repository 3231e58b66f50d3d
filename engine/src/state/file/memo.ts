/**
 * What a transaction has read of its store. While it holds the store's lock nobody else writes, so that nothing needs to be
 * read twice, and what a listing did not show need not be looked for.
 */
import type { Dirent } from "node:fs";

export class TransactionMemo<T> {
  readonly #documents = new Map<string, Promise<T | undefined>>();
  readonly #listings = new Map<string, Promise<readonly Dirent[]>>();
  /** Names of folders, of listings that are complete. */
  readonly #names = new Map<string, ReadonlySet<string>>();

  document(segments: readonly string[], read: () => Promise<T | undefined>): Promise<T | undefined> {
    const ref = segments.join("/");
    const known = this.#documents.get(ref);
    if (known) return known;
    const found = this.#isKnownAbsent(segments) ? Promise.resolve(undefined) : read();
    this.#documents.set(ref, found);
    return found;
  }

  listing(segments: readonly string[], list: () => Promise<readonly Dirent[]>): Promise<readonly Dirent[]> {
    const folder = segments.join("/");
    const known = this.#listings.get(folder);
    if (known) return known;
    const found = this.#isKnownAbsent(segments) ? Promise.resolve([]) : list();
    this.#listings.set(folder, found);
    void found.then(
      (entries) => this.#names.set(folder, new Set(entries.map(({ name }) => name))),
      () => {}, // Who asked for it is told.
    );
    return found;
  }

  /** Whether a folder on the way was listed and did not have the next one. */
  #isKnownAbsent(segments: readonly string[]): boolean {
    for (let count = segments.length - 1; count >= 0; count--) {
      const names = this.#names.get(segments.slice(0, count).join("/"));
      if (names) return !names.has(segments[count]!);
    }
    return false;
  }
}
