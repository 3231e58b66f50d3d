/**
 * Tuples as keys of a table. A plain one, made of strings, numbers and the like, is hashed and compared as it is; for any
 * other its MapKey stands.
 */
import { Float } from "./float.ts";
import { hashNumber, hashText, longestHashed, scatter } from "./hashes.ts";
import { mapKey } from "./hashing.ts";
import { pulse, pulseAt } from "./pulse.ts";
import { Tuple } from "./tuple.ts";
import type { MapKey, Value } from "./value.ts";

/** What stands for a value in a table: its MapKey, or a plain tuple itself. */
export function placeOf(value: Value): MapKey {
  if (typeof value !== "object" || value === null) return value;
  return value instanceof Tuple && isPlain(value) ? value : value.mapKey();
}

/** Tuples that are equal are both plain, or neither is. */
function isPlain(tuple: Tuple): boolean {
  pulse();
  const { elements } = tuple;
  for (let i = 0; i < elements.length; i++) {
    pulseAt(i);
    const element = elements[i] as Value;
    switch (typeof element) {
      case "string":
        if (element.length > longestHashed) return false;
        break;
      case "object":
        if (element === null || element instanceof Float || (element instanceof Tuple && isPlain(element))) break;
        return false;
    }
  }
  return true;
}

export function hashTuple(tuple: Tuple): number {
  pulse();
  const { elements } = tuple;
  let hash = elements.length;
  for (let i = 0; i < elements.length; i++) {
    pulseAt(i);
    hash = Math.imul(hash, 1_000_003) ^ hashElement(elements[i] as Value);
  }
  return scatter(hash);
}

function hashElement(element: Value): number {
  if (typeof element === "number") return hashNumber(element);
  if (typeof element === "string") return hashText(element);
  if (element instanceof Tuple) return hashTuple(element);
  const key = mapKey(element);
  if (typeof key === "number") return Number.isNaN(key) ? 2 : hashNumber(key);
  if (typeof key === "bigint") return Number(BigInt.asIntN(32, key));
  return key === true ? 1 : 0;
}

/** Whether two plain tuples are equal. */
export function areEqualTuples(a: Tuple, b: Tuple): boolean {
  const [x, y] = [a.elements, b.elements];
  if (x.length !== y.length) return false;
  pulse();
  for (let i = 0; i < x.length; i++) {
    pulseAt(i);
    if (!areEqualElements(x[i] as Value, y[i] as Value)) return false;
  }
  return true;
}

function areEqualElements(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Tuple) return b instanceof Tuple && areEqualTuples(a, b);
  if (!(a instanceof Float || b instanceof Float) || b instanceof Tuple) return false;
  return Object.is(mapKey(a), mapKey(b));
}
