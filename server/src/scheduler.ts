import type { Dispatcher } from "./dispatch.ts";

/** However busy the client is, work does not wait longer than this (milliseconds). */
const longestWait = 100;

/**
 * Work that nobody has asked for, done when nothing that somebody waits for is left: one piece at each turn of the event
 * loop, and none while messages keep coming in. A burst of edits therefore costs one piece of work, and a request that
 * follows it is answered first. Work with the same key is done once.
 */
export class Scheduler {
  readonly #work = new Map<string, { readonly what: string; readonly uri: string; readonly run: () => void }>();
  #turn: NodeJS.Immediate | undefined;
  #messages = 0;
  #since = 0;

  constructor(private readonly dispatcher: Dispatcher) {}

  add(what: string, uri: string, run: () => void): void {
    this.#work.set(`${what} ${uri}`, { what, uri, run });
    if (this.#turn !== undefined) return;
    this.#since = Date.now();
    this.#wait();
  }

  remove(what: string, uri: string): void {
    this.#work.delete(`${what} ${uri}`);
  }

  dispose(): void {
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#work.clear();
  }

  #wait(): void {
    this.#messages = this.dispatcher.messages;
    this.#turn = setImmediate(() => this.#look());
  }

  #look(): void {
    this.#turn = undefined;
    const isBusy = this.dispatcher.messages !== this.#messages;
    if (isBusy && Date.now() - this.#since < longestWait) {
      this.#wait();
      return;
    }
    const [next] = this.#work;
    if (next === undefined) return;
    const [key, { what, uri, run }] = next;
    this.#work.delete(key);
    this.dispatcher.run(what, run, uri);
    if (this.#work.size === 0) return;
    this.#since = Date.now();
    this.#wait();
  }
}
