import { type BuiltinImplementation, StarlarkFunction } from "../values/functions.ts";
import { elementsOf, iteratorOf } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { pulse } from "../values/pulse.ts";
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
  // Neither the function nor a comparison may change what is sorted.
  const iterator = iteratorOf(iterable);
  try {
    return new List(sortedElements(thread, elementsOf(iterable), key, reverse));
  } finally {
    iterator?.done();
  }
};

type Thread = Parameters<BuiltinImplementation>[0];

function sortedElements(thread: Thread, elements: readonly Value[], key: Value | undefined, reverse: boolean): Value[] {
  if (key === undefined) return inOrder(elements, placesInOrder(elements, reverse));

  const keys: Value[] = [];
  if (key instanceof StarlarkFunction && key.arity === 1) {
    const { implementation } = key;
    for (let i = 0; i < elements.length; i++) keys.push(implementation(thread, elements[i] as Value));
  } else {
    for (let i = 0; i < elements.length; i++) {
      pulse();
      keys.push(thread.invoke(key, [elements[i] as Value], []));
    }
  }
  return inOrder(elements, placesInOrder(keys, reverse));
}
