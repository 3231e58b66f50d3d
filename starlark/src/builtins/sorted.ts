import { compare } from "../values/compare.ts";
import { type BuiltinImplementation, StarlarkFunction } from "../values/functions.ts";
import { elementsOf } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { Failure, type Value } from "../values/value.ts";
import { isPartlyOrdered, sortPlacesExactly } from "./stableSort.ts";
import { unpackArguments } from "./unpack.ts";

/** `sorted(iterable, key=None, reverse=False)`: stable, also in reverse. */
export const sorted: BuiltinImplementation = (thread, args, kwargs) => {
  const {
    iterable,
    key,
    reverse = false,
  } = unpackArguments("sorted", args, kwargs, {
    iterable: "iterable",
    "key?": "callable",
    "reverse?": "bool",
  });
  const values = elementsOf(iterable);
  if (key === undefined) return new List(sortPlain(values, reverse));

  const keyOf: (value: Value) => Value =
    key instanceof StarlarkFunction && key.arity === 1
      ? (value) => key.implementation(thread, value)
      : (value) => thread.invoke(key, [value], []);
  const keys = values.map(keyOf);
  return new List(sortPlaces(keys, reverse).map((place) => values[place] as Value));
};

/** The values in order. Equal numbers and equal strings cannot be told apart, so any way of sorting them is stable. */
function sortPlain(values: readonly Value[], reverse: boolean): Value[] {
  if (areNumbers(values)) {
    const sorted = Array.from(Float64Array.from(values).sort());
    return reverse ? sorted.reverse() : sorted;
  }
  if (values.every((value) => typeof value === "string")) {
    const sorted = values.slice().sort(); // in the order of the chars, which are bytes
    return reverse ? sorted.reverse() : sorted;
  }
  return sortPlacesByOrder(values, reverse).map((place) => values[place] as Value);
}

/** The indexes of the keys in the order of the keys. */
function sortPlaces(keys: readonly Value[], reverse: boolean): readonly number[] {
  if (areNumbers(keys)) {
    const places = sortNumberedPlaces(keys, reverse);
    if (places) return places;
  }
  return sortPlacesByOrder(keys, reverse);
}

function sortPlacesByOrder(keys: readonly Value[], reverse: boolean): readonly number[] {
  if (isPartlyOrdered(keys)) return sortPlacesExactly(keys, reverse);
  const order = orderFor(keys, reverse);
  try {
    return keys.map((_, i) => i).sort((a, b) => order(keys[a] as Value, keys[b] as Value));
  } catch (error) {
    if (error instanceof Failure) return sortPlacesExactly(keys, reverse); // which of them fails is told by the order of comparisons
    throw error;
  }
}

/** Sorts key and index as one number; undefined when they do not fit into one. */
function sortNumberedPlaces(keys: readonly number[], reverse: boolean): readonly number[] | undefined {
  const count = keys.length;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const key of keys) {
    if (key < least) least = key;
    if (key > most) most = key;
  }
  if (count === 0 || !((most - least + 1) * count <= Number.MAX_SAFE_INTEGER)) return undefined;
  const packed = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const key = keys[i] as number;
    packed[i] = (reverse ? most - key : key - least) * count + i;
  }
  return Array.from(packed.sort(), (each) => each - Math.floor(each / count) * count);
}

function areNumbers(values: readonly Value[]): values is readonly number[] {
  return values.every((value) => typeof value === "number");
}

type Order = (a: Value, b: Value) => number;

function orderFor(keys: readonly Value[], reverse: boolean): Order {
  const ascending = ascendingOrder(keys);
  return reverse ? (a, b) => ascending(b, a) : ascending;
}

function ascendingOrder(keys: readonly Value[]): Order {
  if (keys.every((key) => typeof key === "number")) return (a, b) => (a as number) - (b as number);
  if (keys.every((key) => typeof key === "string")) {
    return (a, b) => ((a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0);
  }
  return (a, b) => (compare("<", a, b) ? -1 : compare("<", b, a) ? 1 : 0);
}
