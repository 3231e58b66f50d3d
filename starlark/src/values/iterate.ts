import { List } from "./list.ts";
import { pulse, take } from "./pulse.ts";
import { Tuple } from "./tuple.ts";
import { Failure, StarlarkValue, type Value, type ValueIterator } from "./value.ts";

/** An iterator over a value's elements; undefined when it has none to iterate over. */
export function iteratorOf(value: Value): ValueIterator | undefined {
  return value instanceof StarlarkValue ? value.iterator?.() : undefined;
}

export function isIterable(value: Value): value is StarlarkValue {
  return value instanceof StarlarkValue && value.iterator !== undefined;
}

/**
 * The elements of an iterable value. Until the loop ends (or is left) the value must not be changed, and attempts fail.
 * The caller has checked that it is iterable.
 */
export function* iterate(value: Value): Generator<Value, void, undefined> {
  const iterator = iteratorOf(value);
  if (!iterator) return;
  try {
    for (let element = iterator.next(); element !== undefined; element = iterator.next()) {
      pulse();
      yield element;
    }
  } finally {
    iterator.done();
  }
}

/** Sequences that are longer are not made: JavaScript could not hold them, and would not fail but end the process. */
export const maxElements = 2 ** 26;

/** All elements, in an array that the caller must not change. */
export function elementsOf(value: Value): readonly Value[] {
  if (value instanceof List || value instanceof Tuple) return value.elements;
  reserve(lengthOf(value));
  const elements: Value[] = [];
  for (const element of iterate(value)) {
    if (elements.push(element) > maxElements) throw new Failure("too many elements");
  }
  return elements;
}

/** Fails when a sequence of so many elements is not to be made. */
export function checkCount(count: number): void {
  if (count > maxElements) throw new Failure(`too many elements (${count})`);
}

/** Fails when a sequence of so many elements is not to be made; called before it is made in one go. */
export function reserve(count: number): void {
  checkCount(count);
  if (count > 0) take(8 * count);
}

/** The number of elements (of bytes, for a string); -1 when the value has no length. */
export function lengthOf(value: Value): number {
  if (typeof value === "string") return value.length;
  return value instanceof StarlarkValue && value.length ? value.length() : -1;
}
