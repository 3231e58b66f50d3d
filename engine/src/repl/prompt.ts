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
  #finish: () => void = () => {};

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

  /** Resolves when the input ends. */
  async run(): Promise<void> {
    const readline = this.#readline;
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    readline.on("line", (line) => {
      this.#lines.push(line);
      void this.#next();
    });
    readline.on("history", (lines) => this.#options.keepHistory(lines));
    readline.on("SIGINT", () => this.#clear());
    readline.on("close", () => {
      this.#hasEnded = true;
      void this.#next();
    });
    this.#prompt();
    await finished;
  }

  close(): void {
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

  async #next(): Promise<void> {
    if (this.#isBusy) return;
    const line = this.#lines.shift();
    if (line === undefined && !(this.#hasEnded && this.#text.trim() !== "")) {
      if (this.#hasEnded) this.#finish();
      return;
    }
    // What is not finished when the input ends is taken as it is.
    this.#text += `${line ?? "\n"}\n`;
    const isLeaving = /^\s*(exit|quit)\s*(\(\s*\))?\s*$/.test(this.#text);
    if (isLeaving) {
      this.#text = "";
      this.#lines.length = 0;
      this.#readline.close();
    } else if (line === undefined || !isUnfinished(this.#text)) await this.#evaluate();
    if (this.#lines.length === 0) this.#prompt();
    await this.#next();
  }

  async #evaluate(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (text.trim() === "") return;
    this.#isBusy = true;
    this.#setRaw(false);
    try {
      await this.#options.evaluate(text);
    } finally {
      this.#setRaw(true);
      this.#isBusy = false;
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
