/** Reads inputs of one or more lines from a terminal or a pipe, and has them evaluated one after the other. */
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { isUnfinished } from "@ocuroot/starlark";
import { type CompletionSource, complete } from "./complete.ts";

export interface PromptOptions {
  readonly stdin: Readable;
  /** Undefined: nobody watches, so there are no prompts. */
  readonly terminal: NodeJS.WritableStream | undefined;
  /** Newest first. */
  readonly history: readonly string[];
  readonly completions: CompletionSource;
  evaluate(text: string): Promise<void>;
  keepHistory(lines: readonly string[]): void;
}

const prompts = { first: ">>> ", more: "... " };

export class ReplPrompt {
  readonly #options: PromptOptions;
  readonly #readline: Interface;
  readonly #lines: string[] = [];
  #text = "";
  #isBusy = false;
  #hasEnded = false;
  #isClosed = false;
  #finish: () => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(options: PromptOptions) {
    this.#options = options;
    const { stdin, terminal, history, completions } = options;
    this.#readline = createInterface({
      input: stdin,
      ...(terminal && {
        output: terminal,
        terminal: true,
        history: [...history],
        historySize: 1000,
        removeHistoryDuplicates: true,
        completer: (line: string, answer: (error: null, result: [string[], string]) => void) => {
          complete(this.#text + line, completions).then(
            (result) => answer(null, result),
            () => answer(null, [[], ""]),
          );
        },
      }),
    });
  }

  /** Resolves when the input ends; rejects with what an evaluation throws. */
  async run(): Promise<void> {
    const readline = this.#readline;
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    readline.on("line", (line) => {
      // Readline goes on with what it has read when it is closed.
      if (this.#isClosed) return;
      this.#lines.push(line);
      void this.#take();
    });
    readline.on("history", (lines) => this.#options.keepHistory(lines));
    readline.on("SIGINT", () => this.#clear());
    readline.on("close", () => {
      this.#hasEnded = true;
      void this.#take();
    });
    this.#prompt();
    await finished;
  }

  /** Ends the input here: what waits to be evaluated goes. */
  close(): void {
    this.#isClosed = true;
    this.#lines.length = 0;
    this.#text = "";
    this.#readline.close();
  }

  /** Ctrl-C at the prompt: what was typed goes. */
  #clear(): void {
    this.#text = "";
    this.#options.terminal?.write("^C\n");
    // Empties the line without taking it.
    this.#readline.write(null, { ctrl: true, name: "e" });
    this.#readline.write(null, { ctrl: true, name: "u" });
    this.#prompt();
  }

  /** Takes what was typed so far, a line at a time. */
  async #take(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#lines.length > 0) await this.#takeLine(`${this.#lines.shift()}\n`);
      // What is not finished when the input ends is taken as it is.
      if (this.#hasEnded && this.#text.trim() !== "") await this.#evaluate();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isBusy = false;
    }
    if (this.#hasEnded) this.#finish();
  }

  async #takeLine(line: string): Promise<void> {
    this.#text += line;
    if (/^\s*(exit|quit)\s*(\(\s*\))?\s*$/.test(this.#text)) return this.close();
    if (!isUnfinished(this.#text)) await this.#evaluate();
    if (this.#lines.length === 0) this.#prompt();
  }

  async #evaluate(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (text.trim() === "") return;
    this.#setRaw(false);
    try {
      await this.#options.evaluate(text);
    } finally {
      this.#setRaw(true);
    }
  }

  #prompt(): void {
    if (!this.#options.terminal || this.#hasEnded) return;
    this.#readline.setPrompt(this.#text === "" ? prompts.first : prompts.more);
    this.#readline.prompt();
  }

  /** While something runs the terminal is in its ordinary mode: Ctrl-C is a signal then. */
  #setRaw(isRaw: boolean): void {
    const stdin = this.#options.stdin as Readable & { setRawMode?(isRaw: boolean): unknown };
    if (!this.#options.terminal || this.#hasEnded) return;
    if (isRaw) this.#readline.resume();
    else this.#readline.pause();
    stdin.setRawMode?.(isRaw);
  }
}
