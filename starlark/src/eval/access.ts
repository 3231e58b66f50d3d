import { attributeNames, findAttribute } from "../builtins/attributes.ts";
import { nearestName } from "../spell.ts";
import type { Dict } from "../values/dict.ts";
import { indexRange, outOfRange } from "../values/indexRange.ts";
import { toInt32 } from "../values/ints.ts";
import { elementsOf, iteratorOf, lengthOf } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { repr } from "../values/print.ts";
import { pulse } from "../values/pulse.ts";
import { sliceText } from "../values/slices.ts";
import { Tuple } from "../values/tuple.ts";
import { Failure, NoSuchAttribute, StarlarkValue, typeOf, type Value } from "../values/value.ts";

/** `x.name`. */
export function getAttribute(x: Value, name: string): Value {
  let message: string;
  try {
    const value = findAttribute(x, name);
    if (value !== undefined) return value;
    message = `${typeOf(x)} has no .${name} field or method`;
  } catch (error) {
    if (!(error instanceof NoSuchAttribute)) throw error;
    message = error.message;
  }
  const nearest = nearestName(name, attributeNames(x));
  throw new Failure(nearest === undefined ? message : `${message} (did you mean .${nearest}?)`);
}

/** `x.name = value`. */
export function setAttribute(x: Value, name: string, value: Value): void {
  if (!(x instanceof StarlarkValue && x.setAttribute)) {
    throw new Failure(`can't assign to .${name} field of ${typeOf(x)}`);
  }
  try {
    x.setAttribute(name, value);
  } catch (error) {
    if (!(error instanceof NoSuchAttribute)) throw error;
    const nearest = nearestName(name, attributeNames(x));
    throw nearest === undefined ? error : new Failure(`${error.message} (did you mean .${nearest}?)`);
  }
}

/** `x[key]`. */
export function getIndex(x: Value, key: Value): Value {
  if (typeof x === "string") return x[checkIndex(x, x.length, key)] as string;
  if (x instanceof StarlarkValue) {
    if (x.get) {
      const value = x.get(key);
      if (value === undefined) throw new Failure(`key ${repr(key)} not in ${x.typeName}`);
      return value;
    }
    if (x.at && x.length) return x.at(checkIndex(x, x.length(), key));
  }
  throw new Failure(`unhandled index operation ${typeOf(x)}[${typeOf(key)}]`);
}

function checkIndex(x: Value, length: number, key: Value): number {
  let index: number;
  try {
    index = toInt32(key);
  } catch (error) {
    throw new Failure(`${typeOf(x)} index: ${(error as Failure).message}`);
  }
  const actual = index < 0 ? index + length : index;
  if (actual < 0 || actual >= length) throw outOfRange(index, length, x);
  return actual;
}

/** `x[key] = value`. */
export function setIndex(x: Value, key: Value, value: Value): void {
  if (x instanceof StarlarkValue) {
    if (x.set) {
      x.set(key, value);
      return;
    }
    if (x.setAt && x.length) {
      const length = x.length();
      const index = toInt32(key);
      const actual = index < 0 ? index + length : index;
      if (actual < 0 || actual >= length) throw outOfRange(index, length, x);
      x.setAt(actual, value);
      return;
    }
  }
  throw new Failure(`${typeOf(x)} value does not support item assignment`);
}

/** `x[low:high:step]`; None stands for what is left out. */
export function slice(x: Value, low: Value, high: Value, stepValue: Value): Value {
  const length = typeof x === "string" ? x.length : x instanceof StarlarkValue && x.slice ? lengthOf(x) : -1;
  if (length < 0) throw new Failure(`invalid slice operand ${typeOf(x)}`);
  const [start, end, step] = indexRange(low, high, stepValue, length);
  return typeof x === "string"
    ? sliceText(x, start, end, step)
    : ((x as StarlarkValue).slice?.(start, end, step) as Value);
}

/** The elements of `x`, which must be exactly `count`, for `a, b = x`. */
export function unpack(x: Value, count: number): readonly Value[] {
  if (x instanceof Tuple || x instanceof List) {
    if (x.elements.length === count) return x.elements;
  }
  const iterator = iteratorOf(x);
  if (!iterator) throw new Failure(`got ${typeOf(x)} in sequence assignment`);
  const elements: Value[] = [];
  try {
    let next = iterator.next();
    for (; next !== undefined && elements.length < count; next = iterator.next()) elements.push(next);
    if (next !== undefined) {
      throw new Failure(`too many values to unpack (got ${lengthOf(x)}, want ${count})`);
    }
  } finally {
    iterator.done();
  }
  if (elements.length < count) throw new Failure(`too few values to unpack (got ${elements.length}, want ${count})`);
  return elements;
}

/** Entries of the mapping after `**` in a call. */
export function keywordsOf(x: Value): [string, Value][] {
  if (!(x instanceof StarlarkValue && x.items)) {
    throw new Failure(`argument after ** must be a mapping, not ${typeOf(x)}`);
  }
  const items = x.items();
  for (const [key] of items) {
    pulse();
    if (typeof key !== "string") throw new Failure(`keywords must be strings, not ${typeOf(key)}`);
  }
  return items as [string, Value][];
}

/** Elements of the sequence after `*` in a call. */
export function argumentsOf(x: Value): readonly Value[] {
  if (!iteratorExists(x)) throw new Failure(`argument after * must be iterable, not ${typeOf(x)}`);
  return elementsOf(x);
}

function iteratorExists(x: Value): boolean {
  return x instanceof StarlarkValue && x.iterator !== undefined;
}

/** Sets an entry of a dict display, whose keys must differ. */
export function setUnique(dict: Dict, key: Value, value: Value): void {
  const { size } = dict;
  dict.set(key, value);
  if (dict.size === size) throw new Failure(`duplicate key: ${repr(key)}`);
}
