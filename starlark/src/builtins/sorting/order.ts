/** How keys are compared, two by two. */
import { compare, equals } from "../../values/compare.ts";
import { Float } from "../../values/float.ts";
import { List } from "../../values/list.ts";
import { pulseAt } from "../../values/pulse.ts";
import { Tuple } from "../../values/tuple.ts";
import { isInt, type Value } from "../../values/value.ts";

/**
 * What all of some keys are, so that they can be sorted in a shorter way than by asking for any two of them: small ints;
 * floats, with small ints among them; ints of any size; bools; strings; tuples, or lists. `same` are those that are one value.
 */
export type KeyType = "number" | "float" | "int" | "bool" | "string" | "row" | "same" | "other";

/** The type of the keys of the places from `start` to `end`. */
export function commonType(keys: readonly Value[], places: ArrayLike<number>, start: number, end: number): KeyType {
  if (end - start <= 1) return "same";
  const first = keys[places[start] as number] as Value;
  const type = typeOfKey(first);
  let isSame = true;
  let common = type;
  for (let i = start + 1; i < end; i++) {
    pulseAt(i);
    const key = keys[places[i] as number] as Value;
    if (key === first) continue;
    isSame = false;
    const next = typeOfKey(key);
    if (next !== common) common = joined(common, next);
    else if (common === "row" && key instanceof Tuple !== first instanceof Tuple) common = "other";
    if (common === "other") return common;
  }
  // A value that is not ordered fails also when it is compared with itself.
  return isSame && common !== "other" && common !== "row" ? "same" : common;
}

function typeOfKey(key: Value): KeyType {
  if (typeof key === "number") return "number";
  if (typeof key === "string") return "string";
  if (typeof key === "bigint") return "int";
  if (typeof key === "boolean") return "bool";
  if (key instanceof Float) return "float";
  return key instanceof Tuple || key instanceof List ? "row" : "other";
}

function joined(a: KeyType, b: KeyType): KeyType {
  const [few, more] = a === "number" ? [a, b] : [b, a];
  return few === "number" && (more === "float" || more === "int") ? more : "other";
}

export type Order = (a: Value, b: Value) => number;

/** Both orders are stable: equal keys keep theirs. */
export function orderFor(type: KeyType, reverse: boolean): Order {
  const order = ascending(type);
  return reverse ? (a, b) => order(b, a) : order;
}

function ascending(type: KeyType): Order {
  switch (type) {
    case "number":
      return (a, b) => (a as number) - (b as number);
    case "string":
      return (a, b) => ((a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0);
    default:
      return compareAny;
  }
}

function compareAny(a: Value, b: Value): number {
  if (isInt(a) && isInt(b)) return a < b ? -1 : a > b ? 1 : 0;
  return compare("<", a, b) ? -1 : compare("<", b, a) ? 1 : 0;
}

/** Whether two keys of one type are equal. */
export function areSame(a: Value, b: Value): boolean {
  return a === b || (typeof a === "object" && equals(a, b));
}
