import { Float } from "../values/float.ts";
import { parseDecimal } from "../values/ints.ts";
import { indexOf, pulseForChars, TextBuilder } from "../values/longText.ts";
import { pulse, pulseAt } from "../values/pulse.ts";
import { encodeCodePoint, isAscii, toValidUtf8 } from "../values/text.ts";
import type { Value } from "../values/value.ts";

/** The text is not JSON. `offset` is a byte offset. */
export class DecodeFailure extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** What a string has that is not simply what stands between the quotes. */
const unusual = /[\\\x80-\xff]/;
const control = /[\x00-\x1f]/;
const numberChars = /[-0-9][0-9.eE+-]*/y;
const validFloat = /^-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?$|^-?\.[0-9]+([eE][+-]?[0-9]+)?$/;

/** Powers of ten that are exact, as are ints of up to `exactDigits` digits: the quotient of both is rounded but once. */
const powersOfTen = Array.from({ length: 16 }, (_, i) => 10 ** i);
const exactDigits = 15;

/** Reads the strings and numbers of a JSON text, a byte string. */
export class JsonScanner {
  protected position = 0;
  /** Whether no string of the text can be unusual. */
  private readonly isPlain: boolean;

  constructor(protected readonly text: string) {
    this.isPlain = indexOf(text, "\\") < 0 && isAscii(text);
  }

  protected failure(message: string): DecodeFailure {
    return new DecodeFailure(this.position, message);
  }

  protected skipSpace(): void {
    this.position = spaceEnd(this.text, this.position);
  }

  /** The code of the next char that is not white space. */
  protected next(): number {
    let code = this.text.charCodeAt(this.position);
    if (code <= 32) {
      this.skipSpace();
      code = this.text.charCodeAt(this.position);
    }
    if (this.position >= this.text.length) throw this.failure("unexpected end of file");
    return code;
  }

  /** The char at the position as Go prints a byte with `%q`. */
  protected quotedChar(): string {
    const code = this.text.charCodeAt(this.position);
    const char = this.text[this.position] as string;
    const simple: Readonly<Record<string, string>> = {
      "'": "\\'",
      "\\": "\\\\",
      "\x07": "\\a",
      "\b": "\\b",
      "\f": "\\f",
      "\n": "\\n",
      "\r": "\\r",
      "\t": "\\t",
      "\v": "\\v",
    };
    if (simple[char]) return `'${simple[char]}'`;
    if (code >= 32 && code < 127) return `'${char}'`;
    if (code < 128) return `'\\x${code.toString(16).padStart(2, "0")}'`;
    return code < 0xa1 || code === 0xad ? `'\\u${code.toString(16).padStart(4, "0")}'` : `'${encodeCodePoint(code)}'`;
  }

  /** A number of few digits, by far the most frequent kind, is computed from them. */
  protected number(): Value {
    const { text } = this;
    const start = text.charCodeAt(this.position) === 45 ? this.position + 1 : this.position;
    const last = start + exactDigits + 1;
    let mantissa = 0;
    let end = start;
    let code = text.charCodeAt(end);
    for (; code >= 48 && code <= 57 && end < last; code = text.charCodeAt(++end)) mantissa = mantissa * 10 + code - 48;
    let decimals = 0;
    const hasLeadingZero = end > start + 1 && text.charCodeAt(start) === 48;
    if (code === 46 && end > start && !hasLeadingZero) {
      const point = end;
      code = text.charCodeAt(++end);
      for (; code >= 48 && code <= 57 && end < last; code = text.charCodeAt(++end))
        mantissa = mantissa * 10 + code - 48;
      decimals = end - point - 1;
      if (decimals === 0) return this.anyNumber();
    }
    const goesOn = (code >= 48 && code <= 57) || code === 46 || code === 43 || code === 45 || (code | 32) === 101;
    const digits = end - start - (decimals > 0 ? 1 : 0);
    if (goesOn || hasLeadingZero || digits === 0 || digits > exactDigits) return this.anyNumber();
    const isNegative = start > this.position;
    this.position = end;
    if (decimals === 0) return isNegative ? 0 - mantissa : mantissa;
    const value = mantissa / (powersOfTen[decimals] as number);
    return new Float(isNegative ? -value : value);
  }

  private anyNumber(): Value {
    numberChars.lastIndex = this.position;
    const literal = numberChars.exec(this.text)?.[0] ?? "";
    this.position += literal.length;
    const value = Number(literal);
    const isInteger = !/[.eE+]|.-/.test(literal);
    if (/^-?0[0-9]/.test(literal) || literal === "-") throw this.failure(`invalid number: ${literal}`);
    if (isInteger) return Number.isSafeInteger(value) ? value + 0 : parseDecimal(literal);
    if (!validFloat.test(literal) || !Number.isFinite(value)) throw this.failure(`invalid number: ${literal}`);
    return new Float(value);
  }

  protected string(): string {
    const start = this.position + 1;
    const { text } = this;
    const close = text.indexOf('"', start);
    const content = close < 0 ? "" : text.slice(start, close);
    pulseForChars(content.length);
    if (close >= 0 && (this.isPlain || !unusual.test(content))) {
      this.position = close + 1;
      return content;
    }
    let end = close;
    while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end < 0) throw this.failure("unclosed string literal");
    this.position = end + 1;
    return this.unescape(text.slice(start, end));
  }

  private unescape(content: string): string {
    const result = new TextBuilder();
    let start = 0;
    for (;;) {
      pulse();
      const backslash = content.indexOf("\\", start);
      const literal = backslash < 0 ? content.slice(start) : content.slice(start, backslash);
      const wrong = control.exec(literal);
      if (wrong) throw this.failure(`invalid character ${goQuoted(wrong[0])} in string literal`);
      result.add(literal);
      if (backslash < 0) return toValidUtf8(result.finish());
      const escaped = content[backslash + 1] ?? "";
      const simple = simpleEscapes[escaped];
      start = backslash + 2;
      if (simple !== undefined) {
        result.add(simple);
      } else if (escaped === "u") {
        const point = this.codePoint(content, start);
        start += point > 0xffff ? 10 : 4;
        result.add(encodeCodePoint(point));
      } else {
        throw this.failure(`invalid character ${goQuoted(escaped)} in string escape code`);
      }
    }
  }

  /** The code point of `\uXXXX`, or of two of them that are a surrogate pair. */
  private codePoint(content: string, index: number): number {
    const high = this.hex(content, index);
    if (high >= 0xd800 && high < 0xdc00 && content.startsWith("\\u", index + 4)) {
      const low = this.hex(content, index + 6);
      if (low >= 0xdc00 && low < 0xe000) return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }
    return high;
  }

  private hex(content: string, index: number): number {
    for (let i = index; i < index + 4; i++) {
      if (/^[0-9a-fA-F]$/.test(content[i] ?? "")) continue;
      throw this.failure(`invalid character ${goQuoted(content[i] ?? '"')} in \\u hexadecimal character escape`);
    }
    return Number.parseInt(content.slice(index, index + 4), 16);
  }
}

/** Where the white space from `start` on ends. */
export function spaceEnd(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    pulseAt(i);
    const code = text.charCodeAt(i);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return i;
  }
  return text.length;
}

/** Whether a quote follows an odd number of backslashes. The string has its own quote before all of them. */
function isEscaped(text: string, quote: number): boolean {
  let start = quote;
  while (text.charCodeAt(start - 1) === 92) start--;
  return (quote - start) % 2 === 1;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** A char as Go's encoding/json names it in errors. */
function goQuoted(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  const escaped = JSON.stringify(char).slice(1, -1);
  return `'${/^\\u00/.test(escaped) ? escaped.replace("\\u00", "\\x") : escaped}'`;
}
