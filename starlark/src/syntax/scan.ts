/**
 * A strict scanner of Starlark, used only to explain damaged text: it finds the tokens, places and messages that the Go
 * implementation's scanner finds. In tolerant mode it goes on after an error, and ends a statement inside brackets where
 * the next line can only be a new one, as the grammar's scanner does.
 */
import { closerOf, type Fault, type OpenBracket, SyntaxFault, type Token } from "./fault.ts";
import { decodeString, floatValue, intValue, splitString } from "./literals.ts";
import {
  bracketCloses,
  findStringEnd,
  identifierPattern,
  isLineEnd,
  lineEndAfter,
  matchAt,
  quoteRune,
  statementFollows,
} from "./scanText.ts";
import { keywords, reservedWords } from "./words.ts";

const MAX_DEPTH = 1000;

const punctuation = /\/\/=|<<=|>>=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|==|!=|<=|>=|\/\/|\*\*|<<|>>|[-+*/%&|^~<>=.,:;]/y;

const numberPattern = /0[xX][0-9a-fA-F]*|0[oO][0-7]*|0[bB][01]*|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]*)?/y;

export class Scanner {
  readonly text: string;
  /** Where the next token is looked for: behind the last one. */
  position: number;
  /** Brackets that are open, outermost first. */
  brackets: OpenBracket[] = [];
  /** Brackets that were open where a statement ended inside them (tolerant mode). */
  abandoned: readonly OpenBracket[] = [];
  /** Faults that did not stop the scanner (tolerant mode). */
  readonly faults: Fault[] = [];

  #isTolerant: boolean;
  /** Columns of the blocks, the module's first. A virtual one belongs to lines that were indented without reason. */
  #indents: { readonly column: number; readonly isVirtual: boolean }[] = [{ column: 0, isVirtual: false }];
  #dents = 0;
  /** So many brackets, from the outermost on, were seen to be closed. */
  #closedCount = 0;
  #atLineStart = true;
  #last = "newline";

  /** `start` is the start of a line outside of all blocks. */
  constructor(text: string, start: number, isTolerant: boolean) {
    this.text = text;
    this.position = start;
    this.#isTolerant = isTolerant;
  }

  next(): Token {
    const token = this.#scan();
    this.#last = token.kind;
    return token;
  }

  /** Leaves all brackets, as at the end of a statement that could not be read. */
  leaveBrackets(): void {
    this.brackets = [];
  }

  #scan(): Token {
    const { text } = this;
    for (;;) {
      let blank = false;
      const wasLineStart = this.#atLineStart;
      if (this.#atLineStart) {
        this.#atLineStart = false;
        const column = this.#passIndentation();
        const char = this.#peek();
        blank = char === "#" || isLineEnd(char) || char === "";
        if (!blank && this.brackets.length === 0) this.#indent(column);
      }
      if (this.#dents !== 0) return this.#dent();

      while (text[this.position] === " " || text[this.position] === "\t") this.position++;
      if (this.#peek() === "#") this.#passToLineEnd();

      const char = this.#peek();
      if (isLineEnd(char)) {
        this.#atLineStart = true;
        const start = this.position;
        if (this.brackets.length > 0) {
          if (this.#isTolerant && this.#statementFollows()) return this.#abandon(start);
          this.#passLineEnd();
          continue;
        }
        this.#passLineEnd();
        if (blank) continue;
        return { kind: "newline", start, end: this.position };
      }
      if (char === "") {
        if (this.#isTolerant && this.brackets.length > 0) return this.#abandon(this.position);
        if (this.#indents.length > 1) {
          this.#atLineStart = true;
          if (!wasLineStart) return this.#zeroWidth("newline");
          this.#dents = -this.#indents.filter(({ column, isVirtual }) => column > 0 && !isVirtual).length;
          this.#indents = [{ column: 0, isVirtual: false }];
          continue;
        }
        return this.#zeroWidth("end of file");
      }
      if (char === "\\") {
        this.position++;
        if (isLineEnd(this.#peek()) && this.#peek() !== "") {
          this.#passLineEnd();
          continue;
        }
        this.#fail("stray backslash in program", this.position, this.position - 1, this.position);
        continue;
      }
      const token = this.#scanToken(char);
      if (token !== undefined) return token;
    }
  }

  #zeroWidth(kind: string): Token {
    return { kind, start: this.position, end: this.position };
  }

  /** The next char; "" at the end, for which the Go implementation also takes a NUL. */
  #peek(): string {
    const char = this.text[this.position];
    return char === undefined || char === "\0" ? "" : char;
  }

  #passLineEnd(): void {
    this.position += this.text.startsWith("\r\n", this.position) ? 2 : 1;
  }

  #passToLineEnd(): void {
    while (this.#peek() !== "" && !isLineEnd(this.#peek())) this.position++;
  }

  #passIndentation(): number {
    let column = 0;
    for (; ; this.position++) {
      const char = this.text[this.position];
      if (char === " ") column++;
      else if (char === "\t") column += 8 - (column % 8);
      else return column;
    }
  }

  get #column(): number {
    return this.#indents.at(-1)?.column ?? 0;
  }

  #indent(column: number): void {
    while (this.#indents.at(-1)?.isVirtual && column < this.#column) this.#indents.pop();
    if (column > this.#column) {
      this.#dents++;
      this.#indents.push({ column, isVirtual: false });
      return;
    }
    while (column < this.#column) {
      const outer = this.#indents.at(-2)?.column ?? 0;
      const isNearer = column > outer && column - outer >= this.#column - column;
      if (isNearer && this.#isTolerant) break;
      if (!this.#indents.pop()?.isVirtual) this.#dents--;
    }
    if (column === this.#column) return;
    const start = this.position - this.#blanksBefore();
    const message = "unindent does not match any outer indentation level";
    this.#fail(message, this.position, start, this.position, "inconsistent-dedent");
    // Go on as the grammar's scanner does: stay in the block that is nearer.
    if (column < this.#column) this.#indents[this.#indents.length - 1] = { column, isVirtual: false };
    else this.#indents.push({ column, isVirtual: true });
  }

  #blanksBefore(): number {
    let count = 0;
    while (/[ \t]/.test(this.text[this.position - count - 1] ?? "")) count++;
    return count;
  }

  #dent(): Token {
    if (this.#dents < 0) {
      this.#dents++;
      return this.#zeroWidth("outdent");
    }
    this.#dents--;
    return this.#zeroWidth("indent");
  }

  /** A statement that ends inside brackets: they are given up. */
  #abandon(start: number): Token {
    this.abandoned = this.brackets;
    this.brackets = [];
    if (this.#peek() !== "") this.#passLineEnd();
    this.#atLineStart = true;
    return { kind: "newline", start, end: start };
  }

  #scanToken(char: string): Token | undefined {
    const start = this.position;
    const prefix = /(?:rb|r|b)?(?=["'])/y;
    prefix.lastIndex = start;
    if (prefix.test(this.text)) return this.#scanString(start);
    const word = matchAt(identifierPattern.regExp, this.text, start);
    if (word !== "") {
      this.position += word.length;
      const kind = keywords.has(word) || reservedWords.has(word) ? word : "identifier";
      return { kind, start, end: this.position };
    }
    if ("([{".includes(char)) {
      if (this.brackets.length >= MAX_DEPTH) this.#fatal("excessive nesting", this.position);
      this.#closedCount = Math.min(this.#closedCount, this.brackets.length);
      this.brackets.push({ kind: char as OpenBracket["kind"], start });
      this.position++;
      return { kind: char, start, end: this.position };
    }
    if (")]}".includes(char)) return this.#scanCloser(char, start);
    if (/[0-9]/.test(char) || (char === "." && /[0-9]/.test(this.text[start + 1] ?? "")))
      return this.#scanNumber(start);
    const symbol = matchAt(punctuation, this.text, start);
    if (symbol !== "") {
      this.position += symbol.length;
      return { kind: symbol, start, end: this.position };
    }
    const shown = char === "!" ? "'!'" : quoteRune(this.text.codePointAt(start) as number);
    this.#fail(`unexpected input character ${shown}`, start, start, start + 1, "character");
    this.position += (this.text.codePointAt(start) as number) > 0xffff ? 2 : 1;
    return { kind: "illegal token", start, end: this.position };
  }

  #scanCloser(char: string, start: number): Token | undefined {
    if (this.brackets.length === 0) {
      this.#fail(`unexpected '${char}'`, start, start, start + 1, "unexpected-closer");
      this.position++;
      return undefined;
    }
    const closes = this.brackets.findLastIndex(({ kind }) => closerOf(kind) === char);
    // `f([1, 2)`: in tolerant mode the bracket closes the one that it fits, if any.
    this.brackets.length = this.#isTolerant && closes >= 0 ? closes : this.brackets.length - 1;
    this.position++;
    return { kind: char, start, end: this.position };
  }

  #scanString(start: number): Token {
    const end = findStringEnd(this.text, start);
    const literal = this.text.slice(start, end.offset);
    this.position = end.offset;
    const parts = splitString(literal);
    if (end.problem !== undefined) {
      const isTriple = parts.quote.length === 3;
      if (isTriple) this.position = lineEndAfter(this.text, start);
      this.#fail(end.problem, start, start, isTriple ? start + parts.contentStart : end.offset, "unclosed-string");
    } else {
      const content = literal.slice(parts.contentStart, parts.contentEnd);
      const decoded = decodeString(content, parts.isRaw, parts.isBytes);
      if (typeof decoded !== "string") {
        const from = start + parts.contentStart;
        const offset = start + (parts.isRaw ? 1 : 0) + (parts.isBytes ? 1 : 0);
        this.#fail(decoded.message, offset, from + decoded.start, from + decoded.end, "escape");
      }
    }
    return { kind: parts.isBytes ? "bytes" : "string literal", start, end: this.position };
  }

  #scanNumber(start: number): Token {
    const literal = matchAt(numberPattern, this.text, start);
    const end = start + literal.length;
    this.position = end;
    const isFloat = /^[0-9]*\.|^[0-9]+[eE]/.test(literal);
    if (isFloat) {
      if (floatValue(literal) === undefined) this.#fail("invalid float literal", end, start, end, "number");
      return { kind: "float literal", start, end };
    }
    if (intValue(literal) !== undefined) return { kind: "int literal", start, end };
    if (/^0[oObB]./.test(literal)) this.#fail("invalid int literal", start, start, end, "number");
    else if (/^0[xX]/.test(literal)) this.#fail("invalid hex literal", start, start, end, "number");
    else if (/^0[oO]/.test(literal)) this.#fail("invalid octal literal", end, start, end, "number");
    else if (/^0[bB]/.test(literal)) this.#fail("invalid binary literal", end, start, end, "number");
    else if (/^[0-7]*$/.test(literal)) {
      this.#fail(`obsolete form of octal literal; use 0o${literal.slice(1)}`, end, start, end, "octal");
    } else this.#fail("invalid int literal", start, start, end, "number");
    return { kind: "int literal", start, end };
  }

  /** Notes a fault and goes on, or stops when strict. */
  #fail(message: string, offset: number, start: number, end: number, rule?: string): void {
    const fault: Fault = { message, offset, start, end, rule };
    if (!this.#isTolerant) throw new SyntaxFault(fault);
    this.faults.push(fault);
  }

  #fatal(message: string, offset: number): never {
    throw new SyntaxFault({ message, offset, start: offset, end: offset + 1, rule: "too-deep" });
  }

  #statementFollows(): boolean {
    const bracket = this.brackets.at(-1)?.kind ?? "(";
    const closes = (start: number) => this.#bracketCloses(start);
    return statementFollows(this.text, this.position, { last: this.#last, bracket, column: this.#column, closes });
  }

  #bracketCloses(start: number): boolean {
    if (this.#closedCount >= this.brackets.length) return true;
    if (!bracketCloses(this.text, start)) return false;
    this.#closedCount = this.brackets.length;
    return true;
  }
}
