import { Dict } from "../values/dict.ts";
import { Float } from "../values/float.ts";
import { normalize } from "../values/ints.ts";
import { List } from "../values/list.ts";
import { Shape } from "../values/shape.ts";
import { encodeCodePoint, toValidUtf8 } from "../values/text.ts";
import { typeOf, type Value } from "../values/value.ts";

/** The text is not JSON. `offset` is a byte offset. */
export class DecodeFailure extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** The value that a JSON text, a byte string, stands for. */
export function decode(text: string): Value {
  return new Decoder(text).decode();
}

const numberChars = /[-0-9][0-9.eE+-]*/y;
const unusual = /[\\\x80-\xff]/;
const validFloat = /^-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?$|^-?\.[0-9]+([eE][+-]?[0-9]+)?$/;

class Decoder {
  private position = 0;
  /** Values of the objects that are being read. */
  private readonly values: Value[] = [];

  constructor(private readonly text: string) {}

  decode(): Value {
    const value = this.value();
    this.skipSpace();
    if (this.position < this.text.length) throw this.failure(`unexpected character ${this.quotedChar()} after value`);
    return value;
  }

  private failure(message: string): DecodeFailure {
    return new DecodeFailure(this.position, message);
  }

  private skipSpace(): void {
    const { text } = this;
    let { position } = this;
    for (;;) {
      const code = text.charCodeAt(position);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
      position++;
    }
    this.position = position;
  }

  /** The next char that is not white space. */
  private next(): string {
    this.skipSpace();
    const char = this.text[this.position];
    if (char === undefined) throw this.failure("unexpected end of file");
    return char;
  }

  /** The char at the position as Go prints a byte with `%q`. */
  private quotedChar(): string {
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

  private value(): Value {
    const char = this.next();
    switch (char) {
      case '"':
        return this.string();
      case "[":
        return this.array();
      case "{":
        return this.object();
      case "n":
        if (this.skipWord("null")) return null;
        break;
      case "t":
        if (this.skipWord("true")) return true;
        break;
      case "f":
        if (this.skipWord("false")) return false;
        break;
      default:
        if (char === "-" || (char >= "0" && char <= "9")) return this.number();
    }
    throw this.failure(`unexpected character ${this.quotedChar()}`);
  }

  private skipWord(word: string): boolean {
    if (!this.text.startsWith(word, this.position)) return false;
    this.position += word.length;
    return true;
  }

  private array(): Value {
    const elements: Value[] = [];
    this.position++;
    if (this.next() !== "]") {
      for (;;) {
        elements.push(this.value());
        const char = this.next();
        if (char === "]") break;
        if (char !== ",") throw this.failure(`got ${this.quotedChar()}, want ',' or ']'`);
        this.position++;
      }
    }
    this.position++;
    return new List(elements);
  }

  private object(): Value {
    const values = this.values;
    const base = values.length;
    let shape = Shape.empty;
    this.position++;
    if (this.next() !== "}") {
      for (;;) {
        const next = this.likelyKey(shape);
        const key = next ? next.lastKey : this.key();
        if (this.next() !== ":") throw this.failure(`after object key, got ${this.quotedChar()}, want ':' `);
        this.position++;
        const value = this.value();
        const index = next ? -1 : shape.indexOf(key);
        if (index >= 0) {
          values[base + index] = value;
        } else {
          const longer = next ?? shape.next(key);
          if (longer === undefined) return this.largeObject(new Dict(shape, values.splice(base)), key, value);
          values.push(value);
          shape = longer;
        }
        if (this.endsObject()) break;
      }
    }
    this.position++;
    const dict = new Dict(shape, values.slice(base));
    while (values.length > base) values.pop(); // Setting the length is slow.
    return dict;
  }

  /** The rest of an object whose keys have no shape. */
  private largeObject(dict: Dict, firstKey: string, firstValue: Value): Value {
    dict.set(firstKey, firstValue);
    while (!this.endsObject()) {
      const key = this.key();
      if (this.next() !== ":") throw this.failure(`after object key, got ${this.quotedChar()}, want ':' `);
      this.position++;
      dict.set(key, this.value());
    }
    this.position++;
    return dict;
  }

  private key(): string {
    const key = this.value();
    if (typeof key !== "string") throw this.failure(`got ${typeOf(key)} for object key, want string`);
    return key;
  }

  /** Passes the key that came next in the last object that began like this one, if it comes next here as well. */
  private likelyKey(shape: Shape): Shape | undefined {
    const { likely } = shape;
    if (likely === undefined) return undefined;
    this.skipSpace();
    const { text, position } = this;
    const { lastKey } = likely;
    const end = position + 1 + lastKey.length;
    if (text.charCodeAt(position) !== 34 || text.charCodeAt(end) !== 34 || !likely.isLastKeyPlain) return undefined;
    if (!text.startsWith(lastKey, position + 1)) return undefined;
    this.position = end + 1;
    return likely;
  }

  /** Passes the comma after a member; whether there is none, but the end. */
  private endsObject(): boolean {
    const char = this.next();
    if (char === "}") return true;
    if (char !== ",") throw this.failure(`in object, got ${this.quotedChar()}, want ',' or '}'`);
    this.position++;
    return false;
  }

  private number(): Value {
    return this.shortInt() ?? this.shortFloat() ?? this.anyNumber();
  }

  /** Digits, a point and digits; undefined if it is something else. */
  private shortFloat(): Float | undefined {
    const { text, position } = this;
    const start = text.charCodeAt(position) === 45 ? position + 1 : position;
    const point = skipDigits(text, start);
    const isPlain = point === start + 1 || (point > start && text.charCodeAt(start) !== 48);
    if (!isPlain || text.charCodeAt(point) !== 46) return undefined;
    const end = skipDigits(text, point + 1);
    const code = text.charCodeAt(end);
    if (end === point + 1 || end > position + 20 || code === 46 || code === 43 || code === 45) return undefined;
    if ((code | 32) === 101) return undefined;
    this.position = end;
    return new Float(Number(text.slice(position, end)));
  }

  /** An int of few digits, by far the most frequent kind of number; undefined if it is something else. */
  private shortInt(): number | undefined {
    const { text, position } = this;
    const start = text.charCodeAt(position) === 45 ? position + 1 : position;
    let value = 0;
    let end = start;
    let code = text.charCodeAt(end);
    for (; code >= 48 && code <= 57 && end < start + 15; code = text.charCodeAt(++end)) value = value * 10 + code - 48;
    const isLonger = (code >= 48 && code <= 57) || code === 46 || code === 43 || code === 45 || (code | 32) === 101;
    const hasLeadingZero = end > start + 1 && text.charCodeAt(start) === 48;
    if (end === start || isLonger || hasLeadingZero) return undefined;
    this.position = end;
    return start > position ? 0 - value : value;
  }

  private anyNumber(): Value {
    numberChars.lastIndex = this.position;
    const literal = numberChars.exec(this.text)?.[0] ?? "";
    this.position += literal.length;
    const value = Number(literal);
    const isInteger = !/[.eE+]|.-/.test(literal);
    if (/^-?0[0-9]/.test(literal) || literal === "-") throw this.failure(`invalid number: ${literal}`);
    if (isInteger) return Number.isSafeInteger(value) ? value + 0 : normalize(BigInt(literal));
    if (!validFloat.test(literal) || !Number.isFinite(value)) throw this.failure(`invalid number: ${literal}`);
    return new Float(value);
  }

  private string(): string {
    const start = this.position + 1;
    const { text } = this;
    const close = text.indexOf('"', start);
    const content = close < 0 ? "" : text.slice(start, close);
    if (close >= 0 && !unusual.test(content)) {
      this.position = close + 1;
      return content;
    }
    let end = start;
    while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    if (end >= text.length) throw this.failure("unclosed string literal");
    this.position = end + 1;
    return this.unescape(text.slice(start, end));
  }

  private unescape(content: string): string {
    let result = "";
    for (let i = 0; i < content.length; i++) {
      const char = content[i] as string;
      if (char < " ") throw this.failure(`invalid character ${goQuoted(char)} in string literal`);
      if (char !== "\\") {
        result += char;
        continue;
      }
      const escaped = content[++i] ?? "";
      const simple = simpleEscapes[escaped];
      if (simple !== undefined) {
        result += simple;
      } else if (escaped === "u") {
        const point = this.codePoint(content, i + 1);
        i += point > 0xffff ? 10 : 4;
        result += encodeCodePoint(point);
      } else {
        throw this.failure(`invalid character ${goQuoted(escaped)} in string escape code`);
      }
    }
    return toValidUtf8(result);
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

function skipDigits(text: string, start: number): number {
  let end = start;
  for (let code = text.charCodeAt(end); code >= 48 && code <= 57; code = text.charCodeAt(++end));
  return end;
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
