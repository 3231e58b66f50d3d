import type { Dispatcher } from "../connection/dispatch.ts";

/** How long (milliseconds) the client must be quiet before work begins. */
const quiet = { single: 2, burst: 10 };

/** However busy the client is, work waits for no more than so many looks at what it does. */
const maxLooks = 100;

/**
 * Work that nobody has asked for, done when the client is quiet: one piece at each turn of the event loop, requests that
 * come in between first. A burst of edits costs one piece of work, after the request that follows it. Work with the same
 * key is done once.
 */
export class Scheduler {
  readonly #work = new Map<string, { readonly what: string; readonly uri: string; readonly run: () => void }>();
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #messages = 0;
  #looks = 0;
  #isBurst = false;

  constructor(private readonly dispatcher: Dispatcher) {}

  add(what: string, uri: string, run: () => void): void {
    this.#work.set(`${what} ${uri}`, { what, uri, run });
    if (this.#timer !== undefined || this.#turn !== undefined) return;
    this.#looks = 0;
    this.#wait(this.#isBurst ? quiet.burst : quiet.single);
    this.#isBurst = false;
  }

  /** Edits have come in numbers; what the pipe did not take at once is on its way. */
  expectMore(): void {
    this.#isBurst = true;
  }

  remove(what: string, uri: string): void {
    this.#work.delete(`${what} ${uri}`);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#work.clear();
  }

  #wait(time: number): void {
    this.#messages = this.dispatcher.messages;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // What has come in while the timer was due is read first.
      this.#turn = setImmediate(() => this.#look());
    }, time);
  }

  #look(): void {
    this.#turn = undefined;
    const isBusy = this.dispatcher.messages !== this.#messages;
    if (isBusy && this.#looks++ < maxLooks) this.#wait(quiet.burst);
    else this.#next();
  }

  #next(): void {
    const [next] = this.#work;
    if (next === undefined) return;
    const [key, { what, uri, run }] = next;
    this.#work.delete(key);
    this.dispatcher.run(what, run, uri);
    if (this.#work.size === 0) return;
    this.#looks = 0;
    this.#messages = this.dispatcher.messages;
    this.#turn = setImmediate(() => this.#look());
  }
}
