import type { Store, Transaction } from "../state/store.ts";

/** The part of a store that the writes of runs need. */
export type RunStore = Pick<Store, "transact" | "children">;

interface Waiting {
  readonly message: string;
  readonly build: (tx: Transaction) => unknown;
  resolve(result: never): void;
  reject(error: unknown): void;
}

/**
 * Puts writes that are asked for at the same time, or while another is under way, into one transaction: a hundred runs
 * that end together cost a few transactions. Each write must concern documents of its own, as those of different runs do,
 * because none sees what the others of its group wrote.
 */
export class GroupedWrites implements RunStore {
  readonly #store: RunStore;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  constructor(store: RunStore) {
    this.#store = store;
  }

  children(ref: string): Promise<string[]> {
    return this.#store.children(ref);
  }

  /** As `Store.transact`: settles when this write is in the store, or has failed. */
  transact<T>(message: string, build: (tx: Transaction) => Promise<T> | T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ message, build, resolve, reject });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    // Whatever is asked for in this turn of the event loop belongs to the first group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0));
    this.#writing = false;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const [first, ...others] = group;
    const message = others.length === 0 ? first!.message : `${first!.message} and ${others.length} more`;
    try {
      const results = await this.#store.transact(message, async (tx) => {
        const all: unknown[] = [];
        for (const { build } of group) all.push(await build(tx));
        return all;
      });
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as never);
    } catch (error) {
      // One write that cannot be done must not take the others with it.
      if (others.length === 0) first!.reject(error);
      else for (const each of group) await this.#write([each]);
    }
  }
}
