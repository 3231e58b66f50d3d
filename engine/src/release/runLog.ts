import type { JsonValue } from "../json/json.ts";
import type { Store, Transaction } from "../state/store.ts";
import { bodyTypes, type LogEntry, refs } from "./documents.ts";

/** Shortest time between two writes of logs that grow, in milliseconds. */
const quietMs = 500;

/** Writing may take this share of the time at most: a document is written as a whole, and logs can be long. */
const writingShare = 0.1;

/** Longest log that is kept, in entries: the first and the last are kept, the middle is left out. */
export const maxEntries = 50_000;

/**
 * The logs of the runs that are under way. They reach the store while they grow, all of them in one transaction, so that
 * other processes can follow and a crash loses half a second.
 */
export class RunLogs {
  readonly #store: Pick<Store, "transact">;
  readonly #logs = new Map<string, RunLog>();
  readonly #changed = new Set<string>();
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #lastMs = 0;

  constructor(store: Pick<Store, "transact">, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  add(run: string, entry: LogEntry): void {
    const log = this.#logs.get(run) ?? new RunLog();
    this.#logs.set(run, log);
    log.add(entry);
    this.#changed.add(run);
    this.#timer ??= setTimeout(() => this.#write(), Math.max(quietMs, this.#lastMs / writingShare));
  }

  /** Begins with what the store has: a run that was paused goes on in another process, and its log with it. */
  resume(run: string, entries: readonly LogEntry[]): void {
    if (this.#logs.has(run)) return;
    const log = new RunLog();
    for (const entry of entries) log.add(entry);
    this.#logs.set(run, log);
  }

  /** Puts the whole log into the transaction that ends the run. */
  finish(run: string, tx: Transaction): void {
    const log = this.#logs.get(run);
    if (log) tx.set(refs.logs(run), bodyTypes.logs, log.body());
  }

  forget(run: string): void {
    this.#logs.delete(run);
    this.#changed.delete(run);
  }

  /** Waits for a write that is under way; nothing is written later. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
  }

  #write(): void {
    this.#writing = this.#writeChanged().catch(this.#onError);
  }

  async #writeChanged(): Promise<void> {
    const started = performance.now();
    const changed = [...this.#changed];
    this.#changed.clear();
    await this.#store.transact("Log of running work", (tx) => {
      // Read inside: a run that ended meanwhile has written its log itself. May run again, on a shared store's newer state.
      for (const run of changed) this.finish(run, tx);
    });
    this.#lastMs = performance.now() - started;
    this.#timer = undefined;
    if (this.#changed.size > 0)
      this.#timer = setTimeout(() => this.#write(), Math.max(quietMs, this.#lastMs / writingShare));
  }
}

class RunLog {
  readonly #first: LogEntry[] = [];
  #rest: LogEntry[] = [];
  #leftOut = 0;

  add(entry: LogEntry): void {
    if (this.#first.length < maxEntries / 2) {
      this.#first.push(entry);
      return;
    }
    this.#rest.push(entry);
    if (this.#rest.length < maxEntries) return;
    this.#leftOut += maxEntries / 2;
    this.#rest = this.#rest.slice(maxEntries / 2);
  }

  body(): JsonValue {
    const gap = this.#leftOut === 0 ? [] : [gapEntry(this.#leftOut, this.#rest[0])];
    return [...this.#first, ...gap, ...this.#rest] as unknown as JsonValue;
  }
}

function gapEntry(count: number, next: LogEntry | undefined): LogEntry {
  const message = `… ${count} lines are left out here: the log is longer than what is kept …`;
  return { timestamp: next?.timestamp ?? "", message, attributes: { source: "ocuroot" }, stream: "print" };
}
