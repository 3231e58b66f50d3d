import type { RepositoryView } from "../analysis/snapshot.ts";
import type { Dispatcher } from "../connection/dispatch.ts";
import { collectGarbage } from "../heap.ts";

export interface ReadAheadOptions {
  readonly dispatcher: Dispatcher;
  readonly repositories: () => readonly RepositoryView[];
}

/** Milliseconds of quiet before it begins, or goes on after something has come in between. */
const quiet = 250;

/**
 * Reads the refs of files that are not open while the client is idle: the first rename or search for references would have
 * to parse every file that may hold the name. What a file's refs say is little; its tree is not kept.
 */
export class ReadAhead {
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #pending: Iterator<() => void> | undefined;
  #messages = 0;
  #hasRead = false;
  #hasEnded = false;

  constructor(private readonly options: ReadAheadOptions) {}

  /** There are files that may not have been read. */
  schedule(): void {
    if (this.#hasEnded) return;
    this.#pending = this.#unread();
    this.#wait();
  }

  dispose(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#pending = undefined;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#messages = this.options.dispatcher.messages;
    this.#timer = setTimeout(() => this.#look(), quiet);
    this.#timer.unref();
  }

  #look(): void {
    this.#turn = undefined;
    if (this.#hasEnded || this.#pending === undefined) return;
    if (this.options.dispatcher.messages !== this.#messages) {
      this.#wait();
      return;
    }
    const next = this.#pending.next();
    if (next.done === true) {
      this.#pending = undefined;
      if (this.#hasRead) collectGarbage();
      this.#hasRead = false;
      return;
    }
    this.options.dispatcher.run("read ahead", next.value);
    this.#hasRead = true;
    this.#turn = setImmediate(() => this.#look());
  }

  *#unread(): Iterator<() => void> {
    for (const repository of this.options.repositories()) {
      for (const path of [...repository.paths()]) {
        const file = path.endsWith(".star") ? repository.file(path) : undefined;
        if (file !== undefined && file.version === null && !file.hasWrittenRefs) yield () => void file.writtenRefs;
      }
    }
  }
}
