import { Dict } from "../values/dict.ts";
import { List } from "../values/list.ts";
import { pulse } from "../values/pulse.ts";
import { Shape } from "../values/shape.ts";
import { copied } from "../values/slices.ts";
import { typeOf, type Value } from "../values/value.ts";
import { JsonScanner, spaceEnd } from "./jsonScanner.ts";

export { DecodeFailure } from "./jsonScanner.ts";

/** The value that a JSON text, a byte string, stands for. */
export function decode(text: string): Value {
  return new Decoder(text).decode();
}

class Decoder extends JsonScanner {
  /** Values of the arrays and objects that are being read, up to `top`. Its first makes V8 expect values of any kind. */
  private readonly values: Value[] = [null];
  private top = 1;

  decode(): Value {
    this.next();
    const value = this.value();
    this.skipSpace();
    if (this.position < this.text.length) throw this.failure(`unexpected character ${this.quotedChar()} after value`);
    return value;
  }

  /** The value that begins at the position. */
  private value(): Value {
    const { text, position } = this;
    const code = text.charCodeAt(position);
    switch (code) {
      case 34: // "
        return this.string();
      case 91: // [
        return this.array();
      case 123: // {
        return this.object();
      case 110: // n
        if (text.startsWith("null", position)) {
          this.position = position + 4;
          return null;
        }
        break;
      case 116: // t
        if (text.startsWith("true", position)) {
          this.position = position + 4;
          return true;
        }
        break;
      case 102: // f
        if (text.startsWith("false", position)) {
          this.position = position + 5;
          return false;
        }
        break;
      default:
        if (code === 45 || (code >= 48 && code <= 57)) return this.number();
        if (this.next() !== code) return this.value(); // there was white space
    }
    throw this.failure(`unexpected character ${this.quotedChar()}`);
  }

  private array(): Value {
    pulse();
    const { values, top: base } = this;
    this.position++;
    if (this.next() !== 93) {
      for (;;) {
        const element = this.value();
        values[this.top++] = element;
        pulse();
        const code = this.next();
        if (code === 93) break;
        if (code !== 44) throw this.failure(`got ${this.quotedChar()}, want ',' or ']'`);
        this.position++;
      }
    }
    this.position++;
    return new List(this.taken(base));
  }

  /** The values from `base` on. What they leave behind is written over, as setting a length takes V8 long. */
  private taken(base: number): Value[] {
    const taken = copied(this.values.slice(base, this.top));
    this.top = base;
    return taken;
  }

  private object(): Value {
    pulse();
    const { values, top: base } = this;
    let shape = Shape.empty;
    for (;;) {
      const likely = this.likelyNext(shape);
      if (likely !== undefined) {
        shape = likely;
        values[this.top++] = this.value();
      } else {
        const key = this.key(shape === Shape.empty);
        if (key === undefined) break;
        const value = this.value();
        const index = shape.indexOf(key);
        if (index >= 0) {
          values[base + index] = value;
        } else {
          const longer = shape.next(key);
          if (longer === undefined) return this.largeObject(new Dict(shape, this.taken(base)), key, value);
          values[this.top++] = value;
          shape = longer;
        }
      }
      if (this.endsObject()) break;
    }
    this.position++;
    return new Dict(shape, this.taken(base));
  }

  /**
   * Passes a brace or comma, a key and its colon if the key is one that came next in objects that began like this one.
   * Mostly it is, and need not be looked up. Answers the shape with that key.
   */
  private likelyNext({ likely, earlier }: Shape): Shape | undefined {
    const { text } = this;
    let at = this.position + 1;
    if (text.charCodeAt(at) !== 34) at = spaceEnd(text, at);
    let next = likely;
    if (next?.jsonKey === undefined || !text.startsWith(next.jsonKey, at)) {
      next = earlier;
      if (next?.jsonKey === undefined || !text.startsWith(next.jsonKey, at)) return undefined;
    }
    this.position = at + next.jsonKey.length;
    this.colon();
    return next;
  }

  /** The rest of an object whose keys have no shape. */
  private largeObject(dict: Dict, firstKey: string, firstValue: Value): Value {
    dict.set(firstKey, firstValue);
    while (!this.endsObject()) {
      pulse();
      const key = this.key(false) as string;
      dict.set(key, this.value());
    }
    this.position++;
    return dict;
  }

  /** Passes a brace or comma, a key and its colon; undefined when the object ends instead, as it may behind the brace. */
  private key(mayEnd: boolean): string | undefined {
    this.position++;
    if (this.next() === 125 && mayEnd) return undefined;
    const key = this.value();
    if (typeof key !== "string") throw this.failure(`got ${typeOf(key)} for object key, want string`);
    this.colon();
    return key;
  }

  private colon(): void {
    if (this.text.charCodeAt(this.position) !== 58 && this.next() !== 58) {
      throw this.failure(`after object key, got ${this.quotedChar()}, want ':' `);
    }
    this.position++;
  }

  /** Goes to the comma behind a member; whether there is none, but the end. */
  private endsObject(): boolean {
    const code = this.next();
    if (code === 125) return true;
    if (code !== 44) throw this.failure(`in object, got ${this.quotedChar()}, want ',' or '}'`);
    return false;
  }
}
