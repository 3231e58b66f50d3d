/**
 * The values of string and number literals, with the Go implementation's errors for malformed ones.
 *
 * Escapes are read on the UTF-8 bytes of the text, as the Go implementation does: only so its messages come out the same.
 */
import { bytesOf } from "../values/text.ts";

/** A problem in a literal, in the Go implementation's words. `start` and `end` are offsets in the literal's text. */
export interface LiteralError {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface StringParts {
  readonly isRaw: boolean;
  readonly isBytes: boolean;
  readonly quote: "'" | '"' | "'''" | '"""';
  /** Offsets in the literal's text of what stands between the quotes. */
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly isClosed: boolean;
}

/** Where the parts of a literal are. `literal` starts at its prefix and ends behind its quotes, if it has closing ones. */
export function splitString(literal: string): StringParts {
  let at = 0;
  let isRaw = false;
  let isBytes = false;
  if (literal[at] === "r") {
    isRaw = true;
    at++;
  }
  if (literal[at] === "b") {
    isBytes = true;
    at++;
  }
  const char = literal[at] === "'" ? "'" : '"';
  const isTriple = literal.startsWith(char.repeat(3), at);
  const quote = (isTriple ? char.repeat(3) : char) as StringParts["quote"];
  const contentStart = at + quote.length;
  const isClosed = literal.length >= contentStart + quote.length && endsUnescaped(literal, contentStart, quote);
  const contentEnd = isClosed ? literal.length - quote.length : literal.length;
  return { isRaw, isBytes, quote, contentStart, contentEnd, isClosed };
}

/** True when the quote at the literal's end closes it, which it does not when an odd number of backslashes precedes it. */
function endsUnescaped(literal: string, contentStart: number, quote: string): boolean {
  if (!literal.endsWith(quote)) return false;
  let at = literal.length - quote.length;
  while (at > contentStart && literal[at - 1] === "\\") at--;
  return (literal.length - quote.length - at) % 2 === 0;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** One escape sequence: what it stands for (bytes) and how many chars of the content it takes. */
interface Escape {
  readonly value: string;
  readonly length: number;
}

/**
 * The value of a string's content: one char for each byte. Line ends count as `\n` however they are written.
 * `content` is the text between the quotes.
 */
export function decodeString(content: string, isRaw: boolean, isBytes: boolean): string | LiteralError {
  const special = isRaw ? /\r\n?/g : /\\|\r\n?/g;
  if (content.search(special) < 0) return bytesOf(content);
  let value = "";
  let at = 0;
  while (at < content.length) {
    special.lastIndex = at;
    const match = special.exec(content);
    const next = match === null ? content.length : match.index;
    value += bytesOf(content.slice(at, next));
    if (match === null) break;
    if (match[0] !== "\\") {
      value += "\n";
      at = next + match[0].length;
      continue;
    }
    const found = readEscape(content, next, isBytes);
    if (typeof found === "string") return { message: found, start: next, end: next + escapeLength(content, next) };
    value += found.value;
    at = next + found.length;
  }
  return value;
}

/** Reads the escape sequence at the backslash at `at`; a string is the message of an error. */
export function readEscape(content: string, at: number, isBytes: boolean): Escape | string {
  const letter = content[at + 1];
  if (letter === undefined) return "truncated escape sequence \\";
  if (letter === "\n") return { value: "", length: 2 };
  if (letter === "\r") return { value: "", length: content[at + 2] === "\n" ? 3 : 2 };
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { value: simple, length: 2 };
  if (letter >= "0" && letter <= "7") return readOctal(content, at, isBytes);
  if (letter === "x") return readHexadecimal(content, at, isBytes);
  if (letter === "u" || letter === "U") return readCodePoint(content, at, letter === "u" ? 6 : 10);
  return `invalid escape sequence \\${bytesOf(codePointAt(content, at + 1))[0]}`;
}

function readOctal(content: string, at: number, isBytes: boolean): Escape | string {
  const digits = /^[0-7]{1,3}/.exec(content.slice(at + 1, at + 4))?.[0] ?? "0";
  const code = Number.parseInt(digits, 8);
  if (!isBytes && code > 127) {
    const hex = hexadecimal(code, 4);
    return `non-ASCII octal escape \\${code.toString(8)} (use \\u${hex} for the UTF-8 encoding of U+${hex})`;
  }
  if (code > 255) return `invalid escape sequence \\${digits}`;
  return { value: String.fromCharCode(code), length: 1 + digits.length };
}

function readHexadecimal(content: string, at: number, isBytes: boolean): Escape | string {
  const sequence = takeBytes(content, at, 4);
  if (sequence === undefined) return `truncated escape sequence ${rest(content, at)}`;
  if (!/^[0-9a-fA-F]{2}$/.test(sequence.slice(2))) return `invalid escape sequence ${sequence}`;
  const code = Number.parseInt(sequence.slice(2), 16);
  if (!isBytes && code > 127) {
    const hex = hexadecimal(code, 4);
    return `non-ASCII hex escape ${sequence} (use \\u${hex} for the UTF-8 encoding of U+${hex})`;
  }
  return { value: String.fromCharCode(code), length: 4 };
}

function readCodePoint(content: string, at: number, size: 6 | 10): Escape | string {
  const sequence = takeBytes(content, at, size);
  if (sequence === undefined) return `truncated escape sequence ${rest(content, at)}`;
  if (!/^[0-9a-fA-F]+$/.test(sequence.slice(2))) return `invalid escape sequence ${sequence}`;
  const code = Number.parseInt(sequence.slice(2), 16);
  if (code > 0x10ffff) return `code point out of range: ${sequence} (max \\U${code.toString(16).padStart(8, "0")})`;
  if (code >= 0xd800 && code < 0xe000) return `invalid Unicode code point U+${hexadecimal(code, 4)}`;
  return { value: bytesOf(String.fromCodePoint(code)), length: size };
}

/** `size` bytes of the content's UTF-8 form, from `at` on, as text; undefined when there are fewer. */
function takeBytes(content: string, at: number, size: number): string | undefined {
  const ascii = content.slice(at, at + size);
  const bytes = bytesOf(ascii);
  return bytes.length < size ? undefined : bytes.slice(0, size);
}

function rest(content: string, at: number): string {
  return content.slice(at).replace(/\r\n?/g, "\n");
}

function hexadecimal(code: number, width: number): string {
  return code.toString(16).toUpperCase().padStart(width, "0");
}

function codePointAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

/** How much of the content a malformed escape at `at` takes, for showing the place. */
function escapeLength(content: string, at: number): number {
  const match = /^\\(?:x[0-9a-fA-F]{0,2}|u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|[0-7]{1,3}|[\s\S]?)/u.exec(
    content.slice(at, at + 12),
  );
  return match?.[0].length ?? 1;
}

/**
 * Where each char of a string's value comes from: offsets in the source, relative to the literal's content, one for each
 * char of the value and one for its end. An escape sequence (or a character of several bytes) has its start for all.
 */
export function contentOffsets(content: string, isRaw: boolean, isBytes: boolean): number[] {
  const offsets: number[] = [];
  let at = 0;
  while (at < content.length) {
    let length = (content.codePointAt(at) as number) > 0xffff ? 2 : 1;
    let bytes = bytesOf(content.slice(at, at + length)).length;
    if (content.startsWith("\r\n", at)) length = 2;
    else if (content[at] === "\\" && !isRaw) {
      const found = readEscape(content, at, isBytes);
      // A malformed one stands for itself, as its literal's value does.
      if (typeof found !== "string") {
        length = found.length;
        bytes = found.value.length;
      }
    }
    if (content.startsWith("\r\n", at)) bytes = 1;
    for (let i = 0; i < bytes; i++) offsets.push(at);
    at += length;
  }
  offsets.push(content.length);
  return offsets;
}

/** The value of an int literal, a bigint beyond the safe integers; undefined when it is none (`0123`, `08`, `0x`). */
export function intValue(literal: string): number | bigint | undefined {
  if (/^0[0-9]*[1-9]/.test(literal) || /^0[xXoObB]$/.test(literal)) return undefined;
  const value = Number(literal);
  if (Number.isSafeInteger(value)) return value;
  const exact = BigInt(literal);
  // The Go implementation reads octal and binary literals as 64-bit ints only.
  return /^0[oObB]/.test(literal) && exact >= 1n << 63n ? undefined : exact;
}

/** The value of a float literal; undefined when it is none: an exponent without digits, or too large to be one. */
export function floatValue(literal: string): number | undefined {
  if (/[eE][+-]?$/.test(literal)) return undefined;
  const value = Number(literal);
  return Number.isFinite(value) ? value : undefined;
}
