import { formatFloat } from "./floatFormat.ts";
import { Failure, type Int, type MapKey, StarlarkValue, type Value } from "./value.ts";

export class Float extends StarlarkValue {
  override get typeName(): string {
    return "float";
  }

  constructor(readonly value: number) {
    super();
  }

  override toStarlarkString(): string {
    return formatFloat(this.value, "g");
  }

  override truth(): boolean {
    return this.value !== 0; // NaN is true
  }

  override mapKey(): MapKey {
    const { value } = this;
    if (Number.isSafeInteger(value)) return value + 0;
    // Beyond the safe integers every finite float is an int, and must meet the int that it equals.
    return Number.isInteger(value) ? BigInt(value) : value;
  }

  override unary(operator: "+" | "-" | "~"): Value | undefined {
    if (operator === "-") return new Float(-this.value);
    return operator === "+" ? this : undefined;
  }
}

/** The float nearest to an int, ties to even; infinite when the int is too large. */
export function intToFloat(value: Int): number {
  return Number(value);
}

/** The float nearest to an int; fails when there is none. */
export function intToFiniteFloat(value: Int): number {
  const result = Number(value);
  if (!Number.isFinite(result)) throw new Failure("int too large to convert to float");
  return result;
}

/** Drops the fraction. `value` must be finite. */
export function floatToInt(value: number): Int {
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}
