import { pulse } from "./pulse.ts";
import { type MapKey, StarlarkValue, type Value } from "./value.ts";

/** The key under which a value is kept in a Map; equal values have the same. Fails when the value is not hashable. */
export function mapKey(value: Value): MapKey {
  return value instanceof StarlarkValue ? value.mapKey() : value;
}

const identities = new WeakMap<object, number>();
let identityCount = 0;

function identityOf(object: object): number {
  let identity = identities.get(object);
  if (identity === undefined) {
    identity = ++identityCount;
    identities.set(object, identity);
  }
  return identity;
}

/**
 * The key of a value made of others: text in which each part has a mark of its type and, if it can be of any length,
 * its length, so that different values never have the same text. `mark` is a char above U+00FF.
 */
export function compositeKey(mark: string, parts: readonly Value[]): string {
  let key = mark;
  for (const part of parts) {
    pulse();
    key += partKey(mapKey(part));
  }
  return key;
}

function partKey(key: MapKey): string {
  switch (typeof key) {
    case "string":
      return `s${key.length}:${key}`;
    case "number":
    case "bigint":
      return `n${key};`;
    case "boolean":
      return key ? "T" : "F";
    default:
      return key === null ? "N" : `o${identityOf(key)};`;
  }
}
