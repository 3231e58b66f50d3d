import { notOrdered } from "./compare.ts";
import { Float, floatToInt } from "./float.ts";
import { addInts, multiplyInts, normalize } from "./ints.ts";
import {
  type ComparisonOperator,
  Failure,
  type Int,
  isInt,
  StarlarkValue,
  typeOf,
  type Value,
  type ValueIterator,
} from "./value.ts";

export class Range extends StarlarkValue {
  override get typeName(): string {
    return "range";
  }

  /** As near as a number comes; a range may have more elements than any sequence that is stored. */
  readonly size: number;
  /** All elements are safe integers, so that plain arithmetic will do. */
  readonly isSmall: boolean;

  constructor(
    readonly start: Int,
    readonly stop: Int,
    readonly step: Int,
  ) {
    super();
    this.size = rangeLength(start, stop, step);
    this.isSmall =
      typeof start === "number" &&
      typeof step === "number" &&
      Number.isSafeInteger(start + step * Math.max(this.size, 1));
  }

  get exactSize(): Int {
    return Number.isSafeInteger(this.size) ? this.size : normalize(exactLength(this.start, this.stop, this.step));
  }

  override toStarlarkString(): string {
    if (this.step !== 1) return `range(${this.start}, ${this.stop}, ${this.step})`;
    return this.start !== 0 ? `range(${this.start}, ${this.stop})` : `range(${this.stop})`;
  }

  override truth(): boolean {
    return this.size > 0;
  }

  override length(): number {
    return this.size;
  }

  override at(index: number): Value {
    if (this.isSmall) return (this.start as number) + index * (this.step as number);
    return addInts(this.start, multiplyInts(this.step, index));
  }

  override slice(start: number, end: number, step: number): Value {
    return new Range(
      addInts(this.start, multiplyInts(this.step, start)),
      addInts(this.start, multiplyInts(this.step, end)),
      multiplyInts(this.step, step),
    );
  }

  override has(value: Value): boolean {
    let wanted: Value = value;
    if (wanted instanceof Float && Number.isFinite(wanted.value)) wanted = floatToInt(wanted.value);
    if (!isInt(wanted)) throw new Failure(`'in <range>' requires integer as left operand, not ${typeOf(value)}`);
    if (typeof wanted === "bigint" || (wanted | 0) !== wanted) return false;
    const delta = BigInt(wanted) - BigInt(this.start);
    const step = BigInt(this.step);
    return delta % step === 0n && delta / step >= 0n && delta / step < BigInt(this.size);
  }

  override iterator(): ValueIterator {
    let index = 0;
    return { next: () => (index < this.size ? this.at(index++) : undefined), done: () => {} };
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    const that = other as Range;
    const isEqual =
      this.size === that.size &&
      (this.size === 0 || (this.start === that.start && (this.size === 1 || this.step === that.step)));
    if (operator === "==") return isEqual;
    if (operator === "!=") return !isEqual;
    throw notOrdered(operator, this, other);
  }
}

function rangeLength(start: Int, stop: Int, step: Int): number {
  if (typeof start === "number" && typeof stop === "number" && typeof step === "number") {
    const distance = step > 0 ? stop - start : start - stop;
    if (distance <= 0) return 0;
    if (Number.isSafeInteger(distance)) return Math.floor((distance - 1) / Math.abs(step)) + 1;
  }
  return Number(exactLength(start, stop, step));
}

function exactLength(start: Int, stop: Int, step: Int): bigint {
  const [from, to, by] = [BigInt(start), BigInt(stop), BigInt(step)];
  const distance = by > 0n ? to - from : from - to;
  return distance <= 0n ? 0n : (distance - 1n) / (by > 0n ? by : -by) + 1n;
}
