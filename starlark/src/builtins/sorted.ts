import { compare } from "../values/compare.ts";
import type { BuiltinImplementation } from "../values/functions.ts";
import { elementsOf } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import type { Value } from "../values/value.ts";
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
  const values = [...elementsOf(iterable)];
  if (key === undefined) return new List(values.sort(orderFor(values, reverse)));

  const keys = values.map((value) => thread.invoke(key, [value], []));
  const order = orderFor(keys, reverse);
  const places = values.map((_, i) => i).sort((a, b) => order(keys[a] as Value, keys[b] as Value));
  return new List(places.map((place) => values[place] as Value));
};

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
