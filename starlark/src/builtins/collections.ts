import { type Bytes, BytesElems } from "../values/bytes.ts";
import { findEqual } from "../values/compare.ts";
import type { Dict } from "../values/dict.ts";
import { type KeywordArguments, Method, type Shortcut } from "../values/functions.ts";
import { indices, outOfRange } from "../values/indexRange.ts";
import { checkCount, elementsOf, isIterable, iterate, iteratorOf, lengthOf } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { pulse, pulseAt, pulseForElements, take } from "../values/pulse.ts";
import type { StarlarkSet } from "../values/set.ts";
import { Tuple } from "../values/tuple.ts";
import { Failure, StarlarkValue, typeOf, type Value } from "../values/value.ts";
import { dictShortcuts, listShortcuts } from "./shortcuts.ts";
import { unpackNothing, unpackPositional } from "./unpack.ts";

type Body<Receiver> = (receiver: Receiver, args: Value[], kwargs: KeywordArguments, name: string) => Value;

/** A table of methods. What a method fails with of itself is preceded by its name. */
export function methodTable<Receiver>(
  bodies: Record<string, Body<Receiver>>,
  shortcuts: Readonly<Record<string, Shortcut<Receiver>>> = {},
): ReadonlyMap<string, Method<Receiver>> {
  return new Map(
    Object.entries(bodies).map(([name, body]) => {
      const call: Method<Receiver>["call"] = (receiver, args, kwargs) => body(receiver, args, kwargs, name);
      return [name, new Method<Receiver>(name, call, shortcuts[name])];
    }),
  );
}

/** Runs something whose failures are to be preceded by the name of a built-in function. */
export function named<Result>(name: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof Failure) throw new Failure(`${name}: ${error.message}`);
    throw error;
  }
}

export const bytesMethods = methodTable<Bytes>({
  elems(receiver, args, kwargs, name) {
    unpackNothing(name, args, kwargs);
    return new BytesElems(receiver.bytes);
  },
});

export const listMethods = methodTable<List>(
  {
    append(list, args, kwargs, name) {
      if (args.length !== 1 || kwargs.length > 0) unpackPositional(name, args, kwargs, 1, "value");
      if (list.isFrozen || list.iterations > 0) named(name, () => list.checkMutable("append to"));
      checkCount(list.elements.push(args[0] as Value));
      return null;
    },
    clear(list, args, kwargs, name) {
      unpackNothing(name, args, kwargs);
      named(name, () => list.checkMutable("clear"));
      list.elements.length = 0;
      return null;
    },
    extend(list, args, kwargs, name) {
      const [iterable] = unpackPositional(name, args, kwargs, 1, "iterable");
      named(name, () => list.checkMutable("extend"));
      const elements = elementsOf(iterable!);
      const { length } = elements; // The list may be extended by itself.
      checkCount(list.elements.length + length);
      take(8 * length);
      for (let i = 0; i < length; i++) {
        pulseAt(i);
        list.elements.push(elements[i] as Value);
      }
      return null;
    },
    index(list, args, kwargs, name) {
      const [value, start, end] = unpackPositional(name, args, kwargs, 1, "value", "value", "value");
      return named(name, () => {
        const [from, to] = indices(start ?? null, end ?? null, list.elements.length);
        const position = findEqual(list.elements, value as Value, from, to);
        if (position < 0) throw new Failure("value not in list");
        return position;
      });
    },
    insert(list, args, kwargs, name) {
      const [position, value] = unpackPositional(name, args, kwargs, 2, "int", "value");
      named(name, () => list.checkMutable("insert into"));
      // Like the Go implementation, a negative index counts from the end; splice does the same, and clamps.
      list.elements.splice(Number(position), 0, value as Value);
      pulseForElements(list.elements.length); // All of them may have moved.
      return null;
    },
    pop(list, args, kwargs, name) {
      const [position] = unpackPositional(name, args, kwargs, 0, "int");
      const { length } = list.elements;
      const index = Number(position ?? length - 1);
      const actual = index < 0 ? index + length : index;
      return named(name, () => {
        if (actual < 0 || actual >= length) throw outOfRange(position ?? index, length, list);
        list.checkMutable("pop from");
        if (actual === length - 1) return list.elements.pop() as Value;
        pulseForElements(length);
        return list.elements.splice(actual, 1)[0] as Value;
      });
    },
    remove(list, args, kwargs, name) {
      const [value] = unpackPositional(name, args, kwargs, 1, "value");
      return named(name, () => {
        list.checkMutable("remove from");
        const index = findEqual(list.elements, value as Value, 0, list.elements.length);
        if (index < 0) throw new Failure("element not found");
        pulseForElements(list.elements.length);
        list.elements.splice(index, 1);
        return null;
      });
    },
  },
  listShortcuts,
);

export const dictMethods = methodTable<Dict>(
  {
    clear(dict, args, kwargs, name) {
      unpackNothing(name, args, kwargs);
      dict.clear();
      return null;
    },
    get(dict, args, kwargs, name) {
      const [key, fallback] = unpackPositional(name, args, kwargs, 1, "value", "value");
      return named(name, () => dict.get(key as Value)) ?? fallback ?? null;
    },
    items(dict, args, kwargs, name) {
      unpackNothing(name, args, kwargs);
      const items: Value[] = [];
      dict.eachItem((key, value) => items.push(new Tuple([key, value])));
      return new List(items);
    },
    keys(dict, args, kwargs, name) {
      unpackNothing(name, args, kwargs);
      return new List(dict.keys());
    },
    pop(dict, args, kwargs, name) {
      const [key, fallback] = unpackPositional(name, args, kwargs, 1, "value", "value");
      const value = named(name, () => dict.delete(key as Value));
      if (value !== undefined) return value;
      if (fallback !== undefined) return fallback;
      throw new Failure(`${name}: missing key`);
    },
    popitem(dict, args, kwargs, name) {
      unpackNothing(name, args, kwargs);
      return named(name, () => {
        const key = dict.firstKey();
        if (key === undefined) throw new Failure("empty dict");
        return new Tuple([key, dict.delete(key) as Value]);
      });
    },
    setdefault(dict, args, kwargs, name) {
      const [key, fallback = null] = unpackPositional(name, args, kwargs, 1, "value", "value");
      return named(name, () => {
        const value = dict.get(key as Value);
        if (value !== undefined) return value;
        dict.set(key as Value, fallback);
        return fallback;
      });
    },
    update(dict, args, kwargs, name) {
      if (args.length > 1) throw new Failure(`update: got ${args.length} arguments, want at most 1`);
      named(name, () => updateDict(dict, args[0], kwargs));
      return null;
    },
    values(dict, args, kwargs, name) {
      unpackNothing(name, args, kwargs);
      return new List(dict.values());
    },
  },
  dictShortcuts,
);

/** Sets entries as `dict(updates, **kwargs)` and `update` do. */
export function updateDict(dict: Dict, updates: Value | undefined, kwargs: KeywordArguments): void {
  if (updates instanceof StarlarkValue && updates.items) {
    for (const [key, value] of updates.items()) {
      pulse();
      dict.set(key, value);
    }
  } else if (updates !== undefined) {
    if (!isIterable(updates)) throw new Failure(`got ${typeOf(updates)}, want iterable`);
    let index = 0;
    for (const pair of elementsOf(updates)) {
      pulse();
      setPair(dict, pair, index++);
    }
  }
  const names = new Set<string>();
  for (const [name, value] of kwargs) {
    pulse();
    dict.set(name, value);
    if (names.has(name)) throw new Failure(`duplicate keyword arg: "${name}"`);
    names.add(name);
  }
}

function setPair(dict: Dict, pair: Value, index: number): void {
  const iterator = iteratorOf(pair);
  const element = `dictionary update sequence element #${index}`;
  if (!iterator) throw new Failure(`${element} is not iterable (${typeOf(pair)})`);
  try {
    const length = lengthOf(pair);
    if (length < 0) throw new Failure(`${element} has unknown length (${typeOf(pair)})`);
    if (length !== 2) throw new Failure(`${element} has length ${length}, want 2`);
    dict.set(iterator.next() as Value, iterator.next() as Value);
  } finally {
    iterator.done();
  }
}

type Combine = (set: StarlarkSet, other: readonly Value[]) => Value;

/** A method that takes one iterable. */
function combining(combine: Combine): Body<StarlarkSet> {
  return (set, args, kwargs, name) => {
    const [other] = unpackPositional(name, args, kwargs, 0, "iterable");
    // That there must be one is not what the Go implementation says of too many: without any, it breaks down.
    if (other === undefined) throw new Failure(`${name}: got 0 arguments, want 1`);
    return named(name, () => combine(set, elementsOf(other)));
  };
}

export const setMethods = methodTable<StarlarkSet>({
  add(set, args, kwargs, name) {
    const [value] = unpackPositional(name, args, kwargs, 1, "value");
    named(name, () => set.add(value as Value));
    return null;
  },
  clear(set, args, kwargs, name) {
    unpackNothing(name, args, kwargs);
    if (set.size > 0) named(name, () => set.clear());
    return null;
  },
  difference: combining((set, other) => set.difference(other)),
  discard(set, args, kwargs, name) {
    const [value] = unpackPositional(name, args, kwargs, 1, "value");
    named(name, () => {
      set.checkMutable("delete from");
      if (set.has(value as Value)) set.delete(value as Value);
    });
    return null;
  },
  intersection: combining((set, other) => set.intersection(other)),
  issubset: combining((set, other) => set.isSubset(other)),
  issuperset: combining((set, other) => set.isSuperset(other)),
  pop(set, args, kwargs, name) {
    unpackNothing(name, args, kwargs);
    return named(name, () => {
      const first = set.first();
      if (first === undefined) throw new Failure("empty set");
      set.delete(first);
      return first;
    });
  },
  remove(set, args, kwargs, name) {
    const [value] = unpackPositional(name, args, kwargs, 1, "value");
    if (named(name, () => set.delete(value as Value))) return null;
    throw new Failure(`${name}: missing key`);
  },
  symmetric_difference: combining((set, other) => set.symmetricDifference(other)),
  union(set, args, kwargs, name) {
    const result = set.clone();
    named(name, () => insertAll(result, args, kwargs));
    return result;
  },
  update(set, args, kwargs, name) {
    named(name, () => insertAll(set, args, kwargs));
    return null;
  },
});

function insertAll(set: StarlarkSet, args: readonly Value[], kwargs: KeywordArguments): void {
  if (kwargs.length > 0) throw new Failure("does not accept keyword arguments");
  for (const [i, arg] of args.entries()) {
    if (!isIterable(arg)) throw new Failure(`argument #${i + 1} is not iterable: ${typeOf(arg)}`);
    // A set that is added to itself is being iterated over, also here.
    for (const value of iterate(arg)) set.add(value);
  }
}
