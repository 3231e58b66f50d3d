import { isInPieces } from "../values/longText.ts";
import { pulse } from "../values/pulse.ts";
import { spaceEnd } from "./jsonScanner.ts";

/** The rest of a string, up to its quote or an escape. */
const plainChars = /[^"\\\x00-\x1f]*/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const literal = /(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![0-9.eE])/y;
/** What a string may hold only as part of an escape, or not at all. */
const unusual = /[\\\x00-\x1f]/;
/** Chars after which pieces are made into one text, so that V8 need not keep all of them. */
const pieceLength = 4000;

/** Lays out a JSON text with one element on each line; undefined if it is not JSON, or in doubt. */
export function layOut(text: string, prefix: string, step: string): string | undefined {
  return new Layout(text, prefix, step).whole();
}

class Layout {
  private position = 0;
  private pieces = "";
  private out = "";
  /** A line end and what a line begins with, for each depth. */
  private readonly lines: string[] = [];
  /** Whether every string ends with the next quote. */
  private readonly isPlain: boolean;

  constructor(
    private readonly text: string,
    private readonly prefix: string,
    private readonly step: string,
  ) {
    this.isPlain = !isInPieces(text, (piece) => unusual.test(piece));
  }

  whole(): string | undefined {
    const { text } = this;
    /** The brackets that are open. */
    const open: number[] = [];
    for (;;) {
      const code = this.next();
      if (code === 123 || code === 91) {
        this.position++;
        const isEmpty = this.next() === code + 2;
        if (!isEmpty) {
          this.out += (code === 123 ? "{" : "[") + this.line(open.push(code));
          if (code === 123 && !this.passesKey()) return undefined;
          continue;
        }
        this.position++;
        this.out += code === 123 ? "{}" : "[]";
      } else {
        const end = code === 34 ? this.stringEnd() : literalEnd(text, this.position, code);
        if (end < 0) return undefined;
        this.add(end);
      }
      if (!this.passesEnds(open)) return undefined;
      if (open.length === 0) break;
    }
    if (spaceEnd(text, this.position) < text.length) return undefined;
    return this.pieces + this.out + text.slice(this.position);
  }

  /** Passes the brackets that end behind a value, and the comma before the next one, with its key. */
  private passesEnds(open: number[]): boolean {
    while (open.length > 0) {
      const code = this.next();
      const bracket = open[open.length - 1] as number;
      if (code === 44) {
        this.position++;
        this.out += `,${this.line(open.length)}`;
        return bracket === 91 || this.passesKey();
      }
      if (code !== bracket + 2) return false;
      this.position++;
      open.pop();
      this.out += this.line(open.length) + (code === 125 ? "}" : "]");
    }
    return true;
  }

  /** Passes a key and its colon. */
  private passesKey(): boolean {
    if (this.next() !== 34) return false;
    const end = this.stringEnd();
    if (end < 0) return false;
    this.add(end);
    if (this.next() !== 58) return false;
    this.position++;
    this.out += ": ";
    return true;
  }

  /** Where the string that begins at the position has ended; -1 if it is none. */
  private stringEnd(): number {
    if (!this.isPlain) return stringEnd(this.text, this.position);
    const quote = this.text.indexOf('"', this.position + 1);
    return quote < 0 ? -1 : quote + 1;
  }

  /** Adds the text up to an index. */
  private add(end: number): void {
    pulse();
    this.out += this.text.slice(this.position, end);
    this.position = end;
    if (this.out.length < pieceLength) return;
    this.out.charCodeAt(0); // Asking for a char makes one text of it.
    this.pieces += this.out;
    this.out = "";
  }

  /** The next char that is not white space; NaN at the end. */
  private next(): number {
    const code = this.text.charCodeAt(this.position);
    if (code > 32) return code;
    this.position = spaceEnd(this.text, this.position);
    return this.text.charCodeAt(this.position);
  }

  private line(depth: number): string {
    this.lines[depth] ??= `\n${this.prefix}${this.step.repeat(depth)}`;
    return this.lines[depth];
  }
}

/** Where the string that begins at an index has ended; -1 if it is none. */
function stringEnd(text: string, start: number): number {
  for (let end = start + 1; end >= 0; end = matchEnd(escapeSequence, text, end)) {
    end = matchEnd(plainChars, text, end);
    if (text.charCodeAt(end) === 34) return end + 1;
  }
  return -1;
}

/** The same of a number or a word that begins with a char. */
function literalEnd(text: string, start: number, code: number): number {
  if (code >= 49 && code <= 57) {
    let end = start + 1;
    let digit = text.charCodeAt(end);
    while (digit >= 48 && digit <= 57) digit = text.charCodeAt(++end);
    if (digit !== 46 && (digit | 32) !== 101) return end;
  }
  return matchEnd(literal, text, start);
}

function matchEnd(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
