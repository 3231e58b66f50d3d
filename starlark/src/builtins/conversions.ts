/** Built-in functions that turn values of one type into another. */
import { Bytes } from "../values/bytes.ts";
import { Float, intToFiniteFloat } from "../values/float.ts";
import type { BuiltinImplementation } from "../values/functions.ts";
import { negateInt, parseIntText, toByte, toInt32 } from "../values/ints.ts";
import { isIterable, iterate } from "../values/iterate.ts";
import { pulse } from "../values/pulse.ts";
import { countPoints, decodeAt, encodeCodePoint, somePoint, toValidUtf8 } from "../values/text.ts";
import { Failure, type Int, isInt, typeOf, type Value } from "../values/value.ts";
import { named } from "./collections.ts";
import { numberToInt } from "./interpolate.ts";
import { unpackArguments, unpackPositional } from "./unpack.ts";

export const abs: BuiltinImplementation = (_thread, args, kwargs) => {
  const [value] = unpackPositional("abs", args, kwargs, 1, "value");
  if (value instanceof Float) return new Float(Math.abs(value.value));
  if (!isInt(value as Value)) throw new Failure(`got ${typeOf(value as Value)}, want int or float`);
  const int = value as number | bigint;
  return int < 0 ? negateInt(int) : int;
};

/** Bytes that are made into text at once: as many as can well be arguments of one call. */
const pieceLength = 4096;

export const bytes: BuiltinImplementation = (_thread, args, kwargs) => {
  if (kwargs.length > 0) throw new Failure("bytes does not accept keyword arguments");
  if (args.length !== 1) throw new Failure(`bytes: got ${args.length} arguments, want exactly 1`);
  const value = args[0] as Value;
  if (value instanceof Bytes) return value;
  if (typeof value === "string") return new Bytes(toValidUtf8(value));
  if (!isIterable(value)) {
    throw new Failure(`bytes: got ${typeOf(value)}, want string, bytes, or iterable of ints`);
  }
  const pieces: string[] = [];
  let codes: number[] = [];
  let index = 0;
  for (const element of iterate(value)) {
    try {
      codes.push(toByte(element));
    } catch (error) {
      throw new Failure(`bytes: at index ${index}, ${(error as Failure).message}`);
    }
    index++;
    if (codes.length === pieceLength) {
      pieces.push(String.fromCharCode(...codes));
      codes = [];
    }
  }
  return new Bytes(pieces.join("") + String.fromCharCode(...codes));
};

export const chr: BuiltinImplementation = (_thread, args, kwargs) => {
  if (kwargs.length > 0) throw new Failure("chr does not accept keyword arguments");
  if (args.length !== 1) throw new Failure(`chr: got ${args.length} arguments, want 1`);
  const point = named("chr", () => toInt32(args[0] as Value));
  if (point < 0) throw new Failure(`chr: Unicode code point ${point} out of range (<0)`);
  if (point > 0x10ffff) {
    throw new Failure(`chr: Unicode code point U+${point.toString(16).toUpperCase()} out of range (>0x10FFFF)`);
  }
  return encodeCodePoint(point);
};

export const ord: BuiltinImplementation = (_thread, args, kwargs) => {
  if (kwargs.length > 0) throw new Failure("ord does not accept keyword arguments");
  if (args.length !== 1) throw new Failure(`ord: got ${args.length} arguments, want 1`);
  const value = args[0] as Value;
  if (typeof value === "string") {
    const decoded = value === "" ? 0 : decodeAt(value, 0);
    if (value !== "" && (decoded & 7) === value.length) return decoded >> 3;
    throw new Failure(`ord: string encodes ${countPoints(value)} Unicode code points, want 1`);
  }
  if (value instanceof Bytes) {
    if (value.bytes.length === 1) return value.bytes.charCodeAt(0);
    throw new Failure(`ord: bytes has length ${value.bytes.length}, want 1`);
  }
  throw new Failure(`ord: got ${typeOf(value)}, want string or bytes`);
};

export const float: BuiltinImplementation = (_thread, args, kwargs) => {
  if (kwargs.length > 0) throw new Failure("float does not accept keyword arguments");
  if (args.length === 0) return new Float(0);
  if (args.length !== 1) throw new Failure(`float got ${args.length} arguments, wants 1`);
  const value = args[0] as Value;
  if (typeof value === "boolean") return new Float(value ? 1 : 0);
  if (isInt(value)) return new Float(intToFiniteFloat(value));
  if (value instanceof Float) return value;
  if (typeof value !== "string") throw new Failure(`float got ${typeOf(value)}, want number or string`);
  return parseFloatText(value);
};

const decimalFloat = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const hexFloat = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?p([+-]?\d+)$/i;
const namedFloats: ReadonlyMap<string, number> = new Map([
  ["inf", Number.POSITIVE_INFINITY],
  ["+inf", Number.POSITIVE_INFINITY],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["infinity", Number.POSITIVE_INFINITY],
  ["+infinity", Number.POSITIVE_INFINITY],
  ["-infinity", Number.NEGATIVE_INFINITY],
  ["nan", Number.NaN],
  ["+nan", Number.NaN],
  ["-nan", Number.NaN],
]);

function parseFloatText(text: string): Float {
  if (text === "") throw new Failure("float: empty string");
  const special = namedFloats.get(text.toLowerCase());
  if (special !== undefined) return new Float(special);
  const digits = text.replace(/(?<=[0-9a-f])_(?=[0-9a-f])/gi, "");
  const value = decimalFloat.test(digits) ? Number(digits) : parseHexFloat(digits);
  if (value === undefined) throw new Failure(`invalid float literal: ${text}`);
  if (!Number.isFinite(value)) throw new Failure("floating-point number too large");
  return new Float(value);
}

/** `0x1.8p3`, as Go reads it. */
function parseHexFloat(text: string): number | undefined {
  const match = hexFloat.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent] = match;
  if (whole + fraction === "") return undefined;
  const mantissa = Number(BigInt(`0x${whole}${fraction}`));
  const value = mantissa * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -value : value;
}

export const int: BuiltinImplementation = (_thread, args, kwargs) => {
  if (args.length === 1 && kwargs.length === 0) return toInt(args[0] as Value, undefined);
  const { x, base } = unpackArguments("int", args, kwargs, { x: "value", "base?": "value" });
  return toInt(x, base);
};

function toInt(x: Value, base: Value | undefined): Int {
  if (typeof x === "string") {
    const radix = base === undefined ? 10 : readBase(base);
    const result = parseIntText(x, radix);
    if (result === undefined) throw new Failure(`int: invalid literal with base ${radix}: ${x}`);
    return result;
  }
  if (base !== undefined) throw new Failure("int: can't convert non-string with explicit base");
  if (typeof x === "boolean") return x ? 1 : 0;
  return named("int", () => numberToInt(x));
}

function readBase(base: Value): number {
  let radix: number;
  try {
    radix = toInt32(base);
  } catch {
    throw new Failure(`int: for base, got ${typeOf(base)}, want int`);
  }
  if (radix !== 0 && (radix < 2 || radix > 36)) throw new Failure("int: base must be an integer >= 2 && <= 36");
  return radix;
}

export const hash: BuiltinImplementation = (_thread, args, kwargs) => {
  const [value] = unpackPositional("hash", args, kwargs, 1, "value");
  if (typeof value === "string") return hashText(value);
  if (value instanceof Bytes) return hashBytes(value.bytes);
  throw new Failure(`hash: got ${typeOf(value as Value)}, want string or bytes`);
};

/** Java's String.hashCode, of code points. */
function hashText(text: string): number {
  let result = 0;
  somePoint(text, (point) => {
    result = (Math.imul(31, result) + point) | 0;
    return false;
  });
  return result;
}

/** 32-bit FNV-1a. */
function hashBytes(text: string): number {
  let result = 2166136261;
  for (let i = 0; i < text.length; i++) {
    pulse();
    result = Math.imul(result ^ text.charCodeAt(i), 16777619);
  }
  return result >>> 0;
}
