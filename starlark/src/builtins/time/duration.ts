import { Float } from "../../values/float.ts";
import { normalize } from "../../values/ints.ts";
import { holds } from "../../values/order.ts";
import { quote } from "../../values/quote.ts";
import { bytesOf } from "../../values/text.ts";
import {
  type BinaryOperatorName,
  type ComparisonOperator,
  Failure,
  isInt,
  type MapKey,
  StarlarkValue,
  typeOf,
  type Value,
} from "../../values/value.ts";
import { Time } from "./time.ts";

/** Nanoseconds of each unit. */
export const unitSizes = {
  nanosecond: 1n,
  microsecond: 1_000n,
  millisecond: 1_000_000n,
  second: 1_000_000_000n,
  minute: 60_000_000_000n,
  hour: 3_600_000_000_000n,
};

/** A span of time: nanoseconds in 64 bits. Arithmetic wraps around as it does in Go. */
export class Duration extends StarlarkValue {
  override readonly typeName = "time.duration";
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    super();
    this.nanoseconds = BigInt.asIntN(64, nanoseconds);
  }

  override toStarlarkString(): string {
    return formatDuration(this.nanoseconds);
  }

  override truth(): boolean {
    return this.nanoseconds !== 0n;
  }

  override mapKey(): MapKey {
    return `\u0110${this.nanoseconds}`;
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    return holds(operator, compareBig(this.nanoseconds, (other as Duration).nanoseconds));
  }

  override attribute(name: string): Value {
    const { nanoseconds } = this;
    switch (name) {
      case "hours":
        return inUnits(nanoseconds, unitSizes.hour);
      case "minutes":
        return inUnits(nanoseconds, unitSizes.minute);
      case "seconds":
        return inUnits(nanoseconds, unitSizes.second);
      case "milliseconds":
        return normalize(nanoseconds / unitSizes.millisecond);
      case "microseconds":
        return normalize(nanoseconds / unitSizes.microsecond);
      case "nanoseconds":
        return normalize(nanoseconds);
      default:
        throw new Failure(`unrecognized ${this.typeName} attribute ${quote(name)}`);
    }
  }

  override attributeNames(): string[] {
    return ["hours", "microseconds", "milliseconds", "minutes", "nanoseconds", "seconds"];
  }

  override binary(operator: BinaryOperatorName, other: Value, isRight: boolean): Value | undefined {
    const { nanoseconds } = this;
    switch (operator) {
      case "+":
        if (other instanceof Time) return other.plus(nanoseconds);
        return other instanceof Duration ? new Duration(nanoseconds + other.nanoseconds) : undefined;
      case "-":
        return other instanceof Duration ? new Duration(nanoseconds - other.nanoseconds) : undefined;
      case "*":
        return isInt(other) ? new Duration(nanoseconds * toInt64(other)) : undefined;
      case "//":
        if (!(other instanceof Duration)) return undefined;
        return normalize(nanoseconds / this.divisor(other.nanoseconds));
      case "/":
        return this.divide(other, isRight);
      default:
        return undefined;
    }
  }

  private divide(other: Value, isRight: boolean): Value | undefined {
    const { nanoseconds } = this;
    if (other instanceof Duration) return new Float(Number(nanoseconds) / Number(this.divisor(other.nanoseconds)));
    if (isInt(other)) {
      if (isRight) throw new Failure("unsupported operation");
      return new Duration(nanoseconds / this.divisor(toInt64(other)));
    }
    if (!(other instanceof Float)) return undefined;
    if (other.value === 0) this.divisor(0n);
    const quotient = Math.trunc(Number(nanoseconds) / other.value);
    // What does not fit is the least of all in Go, on the machines that most use.
    return new Duration(Math.abs(quotient) < 2 ** 63 ? BigInt(quotient) : -(1n << 63n));
  }

  private divisor(value: bigint): bigint {
    if (value === 0n) throw new Failure(`${this.typeName} division by zero`);
    return value;
  }
}

export function compareBig(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toInt64(value: number | bigint): bigint {
  const int = BigInt(value);
  if (BigInt.asIntN(64, int) !== int) throw new Failure("int value out of range (want signed 64-bit value)");
  return int;
}

/** Whole units and the rest are converted each for itself, for the sake of precision. */
function inUnits(nanoseconds: bigint, unit: bigint): Float {
  return new Float(Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit));
}

/** As Go writes it: `1h2m3.5s`, and below a second in the largest unit that gives a whole part. */
function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < unitSizes.microsecond) return `${sign}${size}ns`;
  if (size < unitSizes.millisecond) return `${sign}${decimal(size, unitSizes.microsecond)}${bytesOf("µs")}`;
  if (size < unitSizes.second) return `${sign}${decimal(size, unitSizes.millisecond)}ms`;
  const seconds = `${decimal(size % unitSizes.minute, unitSizes.second)}s`;
  const minutes = size / unitSizes.minute;
  if (minutes === 0n) return sign + seconds;
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(size: bigint, unit: bigint): string {
  const rest = size % unit;
  if (rest === 0n) return String(size / unit);
  const digits = String(unit + rest).slice(1);
  return `${size / unit}.${digits.replace(/0+$/, "")}`;
}

const parsedUnits = new Map([
  ["ns", unitSizes.nanosecond],
  ["us", unitSizes.microsecond],
  [bytesOf("\u00b5s"), unitSizes.microsecond],
  [bytesOf("\u03bcs"), unitSizes.microsecond],
  ["ms", unitSizes.millisecond],
  ["s", unitSizes.second],
  ["m", unitSizes.minute],
  ["h", unitSizes.hour],
]);
const part = /([0-9]*)(\.?)([0-9]*)([^0-9.]*)/y;
const most = 1n << 63n;

/** Reads what `formatDuration` writes, and the like. */
export function parseDuration(text: string): Duration {
  const invalid = () => new Failure(`time: invalid duration ${quote(text)}`);
  const isNegative = text.startsWith("-");
  const start = isNegative || text.startsWith("+") ? 1 : 0;
  if (text.slice(start) === "0") return new Duration(0n);
  if (text.length === start) throw invalid();
  let total = 0n;
  for (part.lastIndex = start; part.lastIndex < text.length; ) {
    const [whole, , digits, unit] = part.exec(text)?.slice(1) as [string, string, string, string];
    if (whole === "" && digits === "") throw invalid();
    const count = /^0*([0-9]{1,19})$/.exec(whole)?.[1];
    if (whole !== "" && (count === undefined || BigInt(count) > most)) throw invalid();
    if (unit === "") throw new Failure(`time: missing unit in duration ${quote(text)}`);
    const size = parsedUnits.get(unit);
    if (size === undefined) throw new Failure(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    total += BigInt(count ?? 0) * size + fractionOf(digits, size);
    if (total > most) throw invalid();
  }
  if (total === most && !isNegative) throw invalid();
  return new Duration(isNegative ? -total : total);
}

/** The part of a unit that the digits behind a point stand for, with the rounding of the Go implementation. */
function fractionOf(digits: string, size: bigint): bigint {
  let fraction = 0n;
  let scale = 1;
  for (const digit of digits) {
    const longer = fraction * 10n + BigInt(digit);
    if (longer > most) break;
    fraction = longer;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(fraction) * (Number(size) / scale)));
}

/** An argument that is a duration or its text. */
export function toDuration(value: Value): Duration {
  if (value instanceof Duration) return value;
  if (typeof value === "string") return parseDuration(value);
  throw new Failure(`got ${typeOf(value)}, want a duration, string, or int`);
}
