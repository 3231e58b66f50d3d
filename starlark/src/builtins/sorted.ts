import { type BuiltinImplementation, StarlarkFunction } from "../values/functions.ts";
import { elementsOf } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { copied } from "../values/slices.ts";
import type { Value } from "../values/value.ts";
import { inOrder, placesInOrder } from "./sorting/places.ts";
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
  const elements = elementsOf(iterable);
  if (key === undefined) return new List(inOrder(elements, placesInOrder(elements, reverse)));

  const values = copied(elements.slice()); // What is sorted may be changed by the function.
  const keys: Value[] = [];
  if (key instanceof StarlarkFunction && key.arity === 1) {
    const { implementation } = key;
    for (let i = 0; i < values.length; i++) keys.push(implementation(thread, values[i] as Value));
  } else {
    for (let i = 0; i < values.length; i++) keys.push(thread.invoke(key, [values[i] as Value], []));
  }
  return new List(inOrder(values, placesInOrder(keys, reverse)));
};
