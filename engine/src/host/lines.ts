/** Cuts a stream of bytes into lines of text, across chunks that end anywhere (also inside a UTF-8 character). */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Longest piece that is kept without a line end; more is passed on as a line of its own. */
  static readonly limit = 1 << 20;

  push(chunk: Uint8Array): void {
    this.#take(this.#decoder.decode(chunk, { stream: true }));
  }

  /** Passes on what stands after the last line end. */
  end(): void {
    this.#take(this.#decoder.decode());
    if (this.#rest !== "") this.#onLine(this.#rest.replace(/\r$/, ""));
    this.#rest = "";
  }

  #take(text: string): void {
    if (text === "") return;
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line.replace(/\r$/, ""));
    if (this.#rest.length > LineSplitter.limit) {
      this.#onLine(this.#rest);
      this.#rest = "";
    }
  }
}
