/**
 * Arithmetic on ints: numbers while safe, bigints beyond. Every result is normalised; where one of two operands is a
 * bigint, or a result left the safe integers, it is often known what the result is.
 */
import { checkDigits, checkSize, decimalValue } from "./hugeInts.ts";
import { pulse } from "./pulse.ts";
import { Failure, type Int, typeOf, type Value } from "./value.ts";

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);
const minSafe = BigInt(Number.MIN_SAFE_INTEGER);

/** A bigint as an Int: a number if it is safe. */
export function normalize(value: bigint): Int {
  return value >= minSafe && value <= maxSafe ? Number(value) : value;
}

export function addInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const sum = BigInt(a) + BigInt(b);
  return a < 0 === b < 0 ? sum : normalize(sum);
}

export function subtractInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  const difference = BigInt(a) - BigInt(b);
  return a < 0 !== b < 0 ? difference : normalize(difference);
}

export function multiplyInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0; // never -0
  } else if (a === 0 || b === 0) {
    return 0;
  }
  return checkSize(BigInt(a) * BigInt(b));
}

/** Rounds towards minus infinity. `b` is not zero. */
export function floorDivideInts(a: Int, b: Int): Int {
  // The quotient of two safe integers is never rounded up to an integer, so its floor is exact.
  if (typeof a === "number" && typeof b === "number") return Math.floor(a / b) + 0;
  if (typeof a === "number") return a === 0 || a < 0 === b < 0 ? 0 : -1; // its absolute value is less than that of b
  const shift = typeof b === "number" ? shiftOf(b) : -1;
  if (shift >= 0) return normalize(a >> BigInt(shift));
  const divisor = BigInt(b);
  const quotient = a / divisor;
  const isRoundedUp = a < 0n !== divisor < 0n && quotient * divisor !== a;
  return normalize(isRoundedUp ? quotient - 1n : quotient);
}

/** Has the sign of `b`, which is not zero. */
export function moduloInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
  }
  if (typeof a === "number") return a === 0 || a < 0 === b < 0 ? a : normalize(BigInt(a) + BigInt(b));
  if (typeof b === "number") {
    const shift = shiftOf(b);
    const rest = Number(shift >= 0 ? BigInt.asUintN(shift, a) : a % BigInt(b));
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  }
  const rest = a % b;
  return normalize(rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest);
}

/** The exponent of a power of two; -1 for other numbers and for large ones. */
function shiftOf(value: number): number {
  return value > 0 && (value | 0) === value && (value & (value - 1)) === 0 ? 31 - Math.clz32(value) : -1;
}

/** `(a * b + c) % m` for an m above 0 and a c of 0 or more; -1 when it takes bigints, or `a` and `b` are no ints. */
export function multiplyModulo(a: Value, b: Value, c: number, m: number): number {
  if (typeof a !== "number" || typeof b !== "number") return -1;
  const sum = a * b + c;
  if (sum >= 0 && sum <= Number.MAX_SAFE_INTEGER) return remainder(sum, m);
  if (a < 0 || b < 0 || m > 2 ** 32 || c > 2 ** 32) return -1;
  // In two steps, none of which comes near to 2 ** 53.
  const x = remainder(a, m);
  const y = remainder(b, m);
  const high = Math.floor(y / 65536);
  const low = y - high * 65536;
  return remainder(remainder(x * high, m) * 65536 + x * low + c, m);
}

/**
 * Of two safe integers that are not negative. It takes a quarter of the time that `%` takes for such as are no ints of 32
 * bits, for which V8 calls a function; that the floor is exact, floorDivideInts says.
 */
function remainder(a: number, m: number): number {
  return a - Math.floor(a / m) * m;
}

export function negateInt(a: Int): Int {
  return typeof a === "number" ? 0 - a : -a;
}

export function invertInt(a: Int): Int {
  return typeof a === "number" ? -1 - a : normalize(~a); // -1 - a is safe but for one value
}

export function combineBits(operator: "|" | "&" | "^", a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number" && (a | 0) === a && (b | 0) === b) {
    return operator === "|" ? a | b : operator === "&" ? a & b : a ^ b;
  }
  const [x, y] = [BigInt(a), BigInt(b)];
  return normalize(operator === "|" ? x | y : operator === "&" ? x & y : x ^ y);
}

/** `a << count` or `a >> count`. */
export function shiftInt(operator: "<<" | ">>", a: Int, countValue: Value): Int {
  const count = toInt32(countValue);
  if (count < 0) throw new Failure(`negative shift count: ${count}`);
  if (operator === "<<") {
    if (count >= 512) throw new Failure(`shift count too large: ${count}`);
    if (typeof a === "number" && count < 53) {
      const product = a * 2 ** count;
      if (Number.isSafeInteger(product)) return product + 0;
    }
    return normalize(checkSize(BigInt(a) << BigInt(count)));
  }
  if (typeof a === "number") return count > 53 ? (a < 0 ? -1 : 0) : Math.floor(a / 2 ** count) + 0;
  return normalize(a >> BigInt(count));
}

export function compareInts(a: Int, b: Int): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The value as an int of 32 bits, as indexes and shift counts must be. */
export function toInt32(value: Value): number {
  if (typeof value === "number") {
    if ((value | 0) === value) return value;
    throw new Failure(`${value} out of range`);
  }
  if (typeof value === "bigint") throw new Failure(`${value} out of range`);
  throw new Failure(`got ${typeOf(value)}, want int`);
}

const int64Limit = 1n << 63n;

/** The value as an int of 64 bits, as the arguments of most built-in functions must be. */
export function toInt64(value: Value): Int {
  if (typeof value === "number") return value;
  if (typeof value !== "bigint") throw new Failure(`got ${typeOf(value)}, want int`);
  if (value >= -int64Limit && value < int64Limit) return value;
  throw new Failure(`${value} out of range (want value in signed 64-bit range)`);
}

/** The value as an int of 8 bits without sign, as an element of bytes must be. */
export function toByte(value: Value): number {
  if (typeof value === "number" && value >= 0 && value <= 255) return value;
  if (typeof value !== "number" && typeof value !== "bigint") throw new Failure(`got ${typeOf(value)}, want int`);
  throw new Failure(`${value} out of range (want value in unsigned 8-bit range)`);
}

const digitsOf = "0123456789abcdefghijklmnopqrstuvwxyz";
/** An int that is certainly safe. */
const shortDecimal = /^[-+]?[0-9]{1,15}$/;
const decimal = /^[0-9]+$/;

/**
 * Reads an int as `int(text, base)` does: a sign, and a prefix `0x`, `0o` or `0b` that agrees with the base, are
 * allowed. Base 0 takes the base from the prefix. Undefined when the text is no int.
 */
export function parseIntText(text: string, base: number): Int | undefined {
  if (base === 10 && shortDecimal.test(text)) return Number(text) + 0;
  const isNegative = text.startsWith("-");
  let digits = isNegative || text.startsWith("+") ? text.slice(1) : text;
  let radix = base;
  const prefix = digits.length > 2 ? { "0x": 16, "0o": 8, "0b": 2 }[digits.slice(0, 2).toLowerCase()] : undefined;
  if (prefix !== undefined && (base === 0 || base === prefix)) {
    radix = prefix;
    digits = digits.slice(2);
  } else if (base === 0) {
    // A leading zero is allowed in zero only.
    if (prefix === undefined && digits.length > 1 && digits.startsWith("0")) return /^0+$/.test(digits) ? 0 : undefined;
    radix = 10;
  }
  const value = parseDigits(digits.toLowerCase(), radix);
  if (value === undefined) return undefined;
  return isNegative ? negateInt(value) : value;
}

/** The int that decimal digits, perhaps behind a minus, stand for. */
export function parseDecimal(text: string): Int {
  if (text.length < 1000) return normalize(BigInt(text));
  const isNegative = text.startsWith("-");
  const digits = isNegative ? text.slice(1) : text;
  checkDigits(digits.length);
  const value = normalize(decimalValue(digits));
  return isNegative ? negateInt(value) : value;
}

function parseDigits(digits: string, radix: number): Int | undefined {
  if (digits === "") return undefined;
  checkDigits(digits.length);
  if (radix === 10) return decimal.test(digits) ? normalize(decimalValue(digits)) : undefined;
  const limit = digitsOf.slice(0, radix);
  for (const digit of digits) if (!limit.includes(digit)) return undefined;
  const small = Number.parseInt(digits, radix);
  if (Number.isSafeInteger(small)) return small;
  if (radix === 16) return normalize(BigInt(`0x${digits}`));
  if (radix === 8) return normalize(BigInt(`0o${digits}`));
  if (radix === 2) return normalize(BigInt(`0b${digits}`));
  return normalize(parseLong(digits, BigInt(radix)));
}

/** Halves the digits, so that the cost of long ones stays near that of multiplication. */
function parseLong(digits: string, radix: bigint): bigint {
  pulse();
  if (digits.length <= 9) return BigInt(Number.parseInt(digits, Number(radix)));
  const split = digits.length >> 1;
  const tail = digits.length - split;
  return parseLong(digits.slice(0, split), radix) * radix ** BigInt(tail) + parseLong(digits.slice(split), radix);
}
