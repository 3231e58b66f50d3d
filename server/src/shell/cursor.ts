/** A fault in shell text; offsets count UTF-16 units. */
export interface ShellFault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** Where what is not closed was opened. */
  readonly opened?: { readonly start: number; readonly end: number };
}

/** Ends the reading of a text: what follows a fault cannot be told. */
export class ShellFaultError extends Error {
  override readonly name = "ShellFaultError";
  constructor(readonly fault: ShellFault) {
    super(fault.message);
  }
}

/** Characters that end a word. */
const metacharacters = new Set([" ", "\t", "\n", "\r", ";", "&", "|", "(", ")", "<", ">"]);

/** Deeper than any command is nested. */
const maxDepth = 60;

/** Ends the reading of a text that is nested too deeply. */
export class TooDeepError extends Error {
  override readonly name = "TooDeepError";
}

/** Reads the parts of words: quotes and expansions. What is inside of `$(…)` is read by whoever is asked to. */
export class ShellCursor {
  at = 0;
  /** Here-documents whose text begins behind the next line's end. */
  readonly heredocs: { readonly end: string; readonly stripsTabs: boolean }[] = [];

  /** More than 0 while something is only looked for. */
  lookingAhead = 0;
  readonly #ends = new Map<number, number | undefined>();
  #depth = 0;

  constructor(
    readonly text: string,
    /** Reads commands up to a `)`, which is left. */
    private readonly readCommands: (opened: number) => void,
  ) {}

  get char(): string {
    return this.text[this.at] ?? "";
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(piece: string): boolean {
    return this.text.startsWith(piece, this.at);
  }

  fail(message: string, start: number, end: number, opened?: ShellFault["opened"]): never {
    throw new ShellFaultError({ message, start, end, ...(opened === undefined ? {} : { opened }) });
  }

  /** One char of a word or a whole quoted or expanded part of it. */
  readPart(): void {
    switch (this.char) {
      case "\\":
        this.at += 2;
        return;
      case "'":
        this.#readSingle(this.at, 1);
        return;
      case '"':
        this.within(() => this.readDouble());
        return;
      case "`":
        this.#readBackticks();
        return;
      case "$":
        this.within(() => this.readDollar(false));
        return;
      default:
        this.at++;
    }
  }

  readDouble(): void {
    const opened = this.at++;
    while (!this.isAtEnd) {
      if (this.char === '"') {
        this.at++;
        return;
      }
      if (this.char === "\\") this.at += 2;
      else if (this.char === "`") this.#readBackticks();
      else if (this.char === "$") this.within(() => this.readDollar(true));
      else this.at++;
    }
    this.#unclosed('"', opened);
  }

  /** `$x`, `${…}`, `$(…)`, `$((…))`, `$'…'`. */
  readDollar(isQuoted: boolean): void {
    const opened = this.at;
    const next = this.text[this.at + 1];
    if (next === "{") this.#readBraces(opened, isQuoted);
    else if (next === "(") this.#readSubstitution(opened);
    else if (next === "'" && !isQuoted) this.#readAnsi(opened);
    else this.at += 1;
  }

  /** From behind an opening parenthesis to behind the one that closes it, whatever is between; undefined without one. */
  balanced(from: number): number | undefined {
    // Each place is looked at once: what is nested is asked for again and again.
    if (!this.#ends.has(from)) this.#ends.set(from, this.#findEnd(from));
    return this.#ends.get(from);
  }

  #findEnd(from: number): number | undefined {
    const start = this.at;
    const heredocs = [...this.heredocs];
    this.at = from;
    this.lookingAhead++;
    try {
      for (let depth = 1; !this.isAtEnd; ) {
        if (this.char === "(") depth++;
        if (this.char === ")" && --depth === 0) return this.at + 1;
        if (this.char === "(" || this.char === ")") this.at++;
        else this.readPart();
      }
      return undefined;
    } catch (error) {
      if (error instanceof ShellFaultError) return undefined;
      throw error;
    } finally {
      this.lookingAhead--;
      this.heredocs.splice(0, this.heredocs.length, ...heredocs);
      this.at = start;
    }
  }

  /** Does something one level deeper; what is nested without end is not for us to judge. */
  within(work: () => void): void {
    if (this.#depth >= maxDepth) throw new TooDeepError();
    this.#depth++;
    try {
      work();
    } finally {
      this.#depth--;
    }
  }

  /** Where arithmetic ends whose `((` ends at `from`: two parentheses close it together. */
  arithmeticEnd(from: number): number | undefined {
    const inner = this.balanced(from);
    return inner !== undefined && this.text[inner] === ")" ? inner + 1 : undefined;
  }

  /** A word, if there is one. */
  readWord(): void {
    while (!this.isAtEnd) {
      const { char } = this;
      const next = this.text[this.at + 1];
      if ((char === "<" || char === ">") && next === "(") this.#readProcess();
      else if (next === "(" && "?*+@!".includes(char) && this.balanced(this.at + 2) !== undefined) {
        this.at = this.balanced(this.at + 2) as number;
      } else if (metacharacters.has(char)) return;
      else this.readPart();
    }
  }

  readWords(): void {
    for (;;) {
      this.skipBlanks();
      const start = this.at;
      this.readWord();
      if (this.at === start) return;
    }
  }

  /** The word at the cursor, when it is one without quotes and expansions. */
  peekWord(): string {
    const match = /^[^\s;&|()<>'"`$\\]+(?=$|[\s;&|()<>])/.exec(this.text.slice(this.at, this.at + 40));
    return match?.[0] ?? "";
  }

  skipBlanks(): void {
    for (;;) {
      if (this.char === " " || this.char === "\t" || this.char === "\r") this.at++;
      else if (this.startsWith("\\\n")) this.at += 2;
      else if (this.startsWith("\\\r\n")) this.at += 3;
      else if (this.char === "#" && isWordStart(this.text, this.at)) {
        this.at = lineEndAfter(this.text, this.at);
      } else return;
    }
  }

  skipLines(): void {
    for (this.skipBlanks(); this.char === "\n"; this.skipBlanks()) {
      this.at++;
      for (const each of this.heredocs.splice(0)) this.#skipHeredoc(each.end, each.stripsTabs);
    }
  }

  #skipHeredoc(end: string, stripsTabs: boolean): void {
    while (!this.isAtEnd) {
      const lineEnd = this.text.indexOf("\n", this.at);
      const line = this.text.slice(this.at, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/, "");
      this.at = lineEnd < 0 ? this.text.length : lineEnd + 1;
      if ((stripsTabs ? line.replace(/^\t+/, "") : line) === end) {
        // The line's end belongs to what follows.
        if (lineEnd >= 0) this.at--;
        return;
      }
    }
  }

  /** `<(…)` and `>(…)`. */
  #readProcess(): void {
    const opened = this.at;
    this.at += 2;
    this.readCommands(opened);
    if (this.char !== ")") this.#unclosed(this.text.slice(opened, opened + 2), opened);
    this.at++;
  }

  #readSubstitution(opened: number): void {
    const end = this.text[opened + 2] === "(" ? this.arithmeticEnd(opened + 3) : undefined;
    if (end !== undefined) {
      this.at = end;
      return;
    }
    this.at = opened + 2;
    this.readCommands(opened);
    if (this.char !== ")") this.#unclosed("$(", opened);
    this.at++;
  }

  #readBraces(opened: number, isQuoted: boolean): void {
    this.at = opened + 2;
    while (!this.isAtEnd) {
      if (this.char === "}") {
        this.at++;
        return;
      }
      // In double quotes a single quote is a letter like any other.
      if (this.char === "'" && isQuoted) this.at++;
      else if (this.char === "$") this.within(() => this.readDollar(isQuoted));
      else this.readPart();
    }
    this.#unclosed("${", opened);
  }

  #readSingle(opened: number, length: number): void {
    const end = this.text.indexOf("'", opened + length);
    if (end < 0) this.#unclosed("'", opened);
    this.at = end + 1;
  }

  #readAnsi(opened: number): void {
    for (this.at = opened + 2; !this.isAtEnd; this.at++) {
      if (this.char === "\\") this.at++;
      else if (this.char === "'") {
        this.at++;
        return;
      }
    }
    this.#unclosed("'", opened + 1);
  }

  #readBackticks(): void {
    const opened = this.at++;
    while (!this.isAtEnd && this.char !== "`") this.at += this.char === "\\" ? 2 : 1;
    if (this.isAtEnd) this.#unclosed("`", opened);
    this.at++;
  }

  #unclosed(mark: string, opened: number): never {
    const span = { start: opened, end: opened + mark.length };
    const name = mark === "'" || mark === '"' || mark === "`" ? `This quote (${mark})` : `\`${mark}\``;
    return this.fail(`${name} is not closed.`, span.start, span.end);
  }
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || metacharacters.has(text[at - 1] as string);
}

function lineEndAfter(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
