import { Float, intToFloat } from "./float.ts";
import { compareInts } from "./ints.ts";
import { compareTexts, holds } from "./order.ts";
import { pulse, pulseAt } from "./pulse.ts";
import { type ComparisonOperator, Failure, type Int, isInt, StarlarkValue, typeOf, type Value } from "./value.ts";

/** How deep values may nest where they are compared. */
const depthLimit = 10;

export function equals(a: Value, b: Value): boolean {
  if (typeof a === "string") return a === b;
  return compareDepth("==", a, b, depthLimit);
}

/** The index of the first element from `start` to `end` that equals a value; -1 if there is none. */
export function findEqual(elements: readonly Value[], value: Value, start: number, end: number): number {
  if (typeof value === "number") {
    for (let i = start; i < end; i++) {
      pulseAt(i);
      const element = elements[i];
      if (element === value || (element instanceof Float && element.value === value)) return i;
    }
  } else {
    const isText = typeof value === "string";
    for (let i = start; i < end; i++) {
      pulseAt(i);
      const element = elements[i] as Value;
      if (isText ? element === value : equals(element, value)) return i;
    }
  }
  return -1;
}

/** Whether `a operator b` holds; fails when the operator has no meaning for the two. */
export function compare(operator: ComparisonOperator, a: Value, b: Value): boolean {
  return compareDepth(operator, a, b, depthLimit);
}

export function equalsDepth(a: Value, b: Value, depth: number): boolean {
  return compareDepth("==", a, b, depth);
}

/** `depth` is how many levels of nesting are still allowed. */
export function compareDepth(operator: ComparisonOperator, a: Value, b: Value, depth: number): boolean {
  if (depth < 1) throw new Failure("comparison exceeded maximum recursion depth");
  if (typeof a === "string" && typeof b === "string") return holds(operator, compareTexts(a, b));
  const aIsInt = isInt(a);
  const bIsInt = isInt(b);
  if (aIsInt && bIsInt) return holds(operator, compareInts(a, b));
  if (a instanceof Float) {
    if (b instanceof Float) return holds(operator, compareFloats(a.value, b.value));
    if (bIsInt) return holds(operator, -compareIntWithFloat(b, a.value));
  } else if (b instanceof Float && aIsInt) {
    return holds(operator, compareIntWithFloat(a, b.value));
  } else if (typeof a === "boolean" && typeof b === "boolean") {
    return holds(operator, Number(a) - Number(b));
  } else if (a instanceof StarlarkValue && b instanceof StarlarkValue && a.typeName === b.typeName) {
    if (a.compareSameType) return a.compareSameType(operator, b, depth);
  }
  if (operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  throw notOrdered(operator, a, b);
}

export function notOrdered(operator: ComparisonOperator, a: Value, b: Value): Failure {
  return new Failure(`${typeOf(a)} ${operator} ${typeOf(b)} not implemented`);
}

/** NaN equals itself and is greater than everything else. */
function compareFloats(a: number, b: number): number {
  if (a > b) return 1;
  if (a < b) return -1;
  if (a === b) return 0;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** Exact, however large the two are. */
function compareIntWithFloat(int: Int, float: number): number {
  if (Number.isNaN(float) || float === Number.POSITIVE_INFINITY) return -1;
  if (float === Number.NEGATIVE_INFINITY) return 1;
  const nearest = intToFloat(int);
  if (nearest !== float) return nearest < float ? -1 : 1;
  // Equal after rounding: only a bigint may have been rounded, and then the float is an integer too.
  return typeof int === "bigint" ? compareInts(int, BigInt(float)) : 0;
}

/** Compares two sequences element by element, as lists and tuples are compared. */
export function compareElements(
  operator: ComparisonOperator,
  a: readonly Value[],
  b: readonly Value[],
  depth: number,
): boolean {
  if (a.length !== b.length) {
    if (operator === "==") return false;
    if (operator === "!=") return true;
  }
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    pulse();
    const [x, y] = [a[i] as Value, b[i] as Value];
    if (equalsDepth(x, y, depth - 1)) continue;
    if (operator === "==") return false;
    if (operator === "!=") return true;
    return compareDepth(operator, x, y, depth - 1);
  }
  return holds(operator, a.length - b.length);
}
