import { Bytes } from "../values/bytes.ts";
import { compare } from "../values/compare.ts";
import { Dict } from "../values/dict.ts";
import { BuiltinFunction, type BuiltinImplementation, type KeywordArguments } from "../values/functions.ts";
import { addInts } from "../values/ints.ts";
import { checkCount, elementsOf, isIterable, iterate, iteratorOf, lengthOf, reserve } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { repr, str } from "../values/print.ts";
import { pulse } from "../values/pulse.ts";
import { Range } from "../values/range.ts";
import { StarlarkSet } from "../values/set.ts";
import { copied } from "../values/slices.ts";
import { Tuple } from "../values/tuple.ts";
import { Failure, NoSuchAttribute, truth, typeOf, type Value } from "../values/value.ts";
import { attributeNames, findAttribute } from "./attributes.ts";
import { named, updateDict } from "./collections.ts";
import { abs, bytes, chr, float, hash, int, ord } from "./conversions.ts";
import { sorted } from "./sorted.ts";
import { unpackArguments, unpackPositional } from "./unpack.ts";

/** Functions that take exactly one positional argument and word a mistake in it in their own way. */
function single(name: string, args: readonly Value[], kwargs: KeywordArguments, want = "1"): Value {
  if (kwargs.length > 0) throw new Failure(`${name} does not accept keyword arguments`);
  if (args.length !== 1) throw new Failure(`${name}: got ${args.length} arguments, want ${want}`);
  return args[0] as Value;
}

function minMax(name: "min" | "max"): BuiltinImplementation {
  const operator = name === "min" ? "<" : ">";
  return (thread, args, kwargs) => {
    if (args.length === 0) throw new Failure(`${name} requires at least one positional argument`);
    const { key } = unpackArguments(name, [], kwargs, { "key?": "callable" });
    const source = args.length === 1 ? (args[0] as Value) : new Tuple(args);
    if (!isIterable(source)) throw new Failure(`${name}: ${typeOf(source)} value is not iterable`);
    let best: Value | undefined;
    let bestKey: Value = null;
    for (const element of iterate(source)) {
      const elementKey = key === undefined ? element : thread.invoke(key, [element], []);
      if (best !== undefined && !named(name, () => compare(operator, elementKey, bestKey))) continue;
      best = element;
      bestKey = elementKey;
    }
    if (best === undefined) throw new Failure(`${name}: argument is an empty sequence`);
    return best;
  };
}

function joinArguments(name: string, args: readonly Value[], kwargs: KeywordArguments, show: (value: Value) => string) {
  const { sep = " " } = unpackArguments(name, [], kwargs, { "sep?": "string" });
  return args.map(show).join(sep);
}

/** Bytes as they are written in a program, unlike what `print` and `str` make of them. */
function showInFailure(value: Value): string {
  return typeof value === "string" ? value : repr(value);
}

function zip(args: readonly Value[], kwargs: KeywordArguments): Value {
  if (kwargs.length > 0) throw new Failure("zip does not accept keyword arguments");
  const rows: Value[] = [];
  const iterators: NonNullable<ReturnType<typeof iteratorOf>>[] = [];
  try {
    for (const [i, arg] of args.entries()) {
      const iterator = iteratorOf(arg);
      if (!iterator) throw new Failure(`zip: argument #${i + 1} is not iterable: ${typeOf(arg)}`);
      iterators.push(iterator);
    }
    while (iterators.length > 0) {
      const row: Value[] = [];
      for (const iterator of iterators) {
        const element = iterator.next();
        if (element === undefined) return new List(rows);
        row.push(element);
      }
      checkCount(rows.push(new Tuple(row)));
      pulse();
    }
    return new List(rows);
  } finally {
    for (const iterator of iterators) iterator.done();
  }
}

/** The elements of an iterable, in an array of their own. */
function copyOf(iterable: Value): Value[] {
  const elements = elementsOf(iterable);
  const isShared = iterable instanceof List || iterable instanceof Tuple;
  if (isShared) reserve(elements.length);
  return isShared ? copied(elements.slice()) : (elements as Value[]);
}

function attributeOrUndefined(object: Value, name: string): Value | undefined {
  try {
    return findAttribute(object, name);
  } catch (error) {
    if (error instanceof NoSuchAttribute) return undefined;
    throw error;
  }
}

const functions: Record<string, BuiltinImplementation> = {
  abs,
  all(_thread, args, kwargs) {
    const [iterable] = unpackPositional("all", args, kwargs, 1, "iterable");
    for (const element of iterate(iterable!)) if (!truth(element)) return false;
    return true;
  },
  any(_thread, args, kwargs) {
    const [iterable] = unpackPositional("any", args, kwargs, 1, "iterable");
    for (const element of iterate(iterable!)) if (truth(element)) return true;
    return false;
  },
  bool(_thread, args, kwargs) {
    const [value = false] = unpackPositional("bool", args, kwargs, 0, "value");
    return truth(value);
  },
  bytes,
  chr,
  dict(_thread, args, kwargs) {
    if (args.length > 1) throw new Failure(`dict: got ${args.length} arguments, want at most 1`);
    const dict = new Dict();
    named("dict", () => updateDict(dict, args[0], kwargs));
    return dict;
  },
  dir(_thread, args, kwargs) {
    return new List(attributeNames(single("dir", args, kwargs)));
  },
  enumerate(_thread, args, kwargs) {
    const [iterable, start = 0] = unpackPositional("enumerate", args, kwargs, 1, "iterable", "int");
    checkCount(lengthOf(iterable!));
    const rows: Value[] = [];
    let index = start;
    for (const element of iterate(iterable!)) {
      checkCount(rows.push(new Tuple([index, element])));
      index = addInts(index, 1);
    }
    return new List(rows);
  },
  fail(_thread, args, kwargs) {
    throw new Failure(`fail: ${joinArguments("fail", args, kwargs, showInFailure)}`);
  },
  float,
  getattr(_thread, args, kwargs) {
    const [object, name, fallback] = unpackPositional("getattr", args, kwargs, 2, "value", "string", "value");
    let value: Value | undefined;
    try {
      value = findAttribute(object as Value, name!);
    } catch (error) {
      if (!(error instanceof NoSuchAttribute)) throw error;
      if (fallback === undefined) throw new Failure(`getattr: ${error.message}`);
    }
    const result = value ?? (value === null ? null : fallback);
    if (result !== undefined) return result;
    throw new Failure(`getattr: ${typeOf(object as Value)} has no .${name} field or method`);
  },
  hasattr(_thread, args, kwargs) {
    const [object, name] = unpackPositional("hasattr", args, kwargs, 2, "value", "string");
    return attributeOrUndefined(object as Value, name!) !== undefined;
  },
  hash,
  int,
  len(_thread, args, kwargs) {
    const [value] = unpackPositional("len", args, kwargs, 1, "value");
    const length = lengthOf(value as Value);
    if (length < 0) throw new Failure(`len: value of type ${typeOf(value as Value)} has no len`);
    return value instanceof Range ? value.exactSize : length;
  },
  list(_thread, args, kwargs) {
    const [iterable] = unpackPositional("list", args, kwargs, 0, "iterable");
    return new List(iterable ? copyOf(iterable) : []);
  },
  max: minMax("max"),
  min: minMax("min"),
  ord,
  print(thread, args, kwargs) {
    const show = (value: Value) => (value instanceof Bytes ? value.bytes : str(value));
    thread.print(joinArguments("print", args, kwargs, show));
    return null;
  },
  range(_thread, args, kwargs) {
    const [first, second, step = 1] = unpackPositional("range", args, kwargs, 1, "int", "int", "int");
    if (step === 0) throw new Failure("range: step argument must not be zero");
    return args.length === 1 ? new Range(0, first!, 1) : new Range(first!, second!, step);
  },
  repr(_thread, args, kwargs) {
    const [value] = unpackPositional("repr", args, kwargs, 1, "value");
    return repr(value as Value);
  },
  reversed(_thread, args, kwargs) {
    const [iterable] = unpackPositional("reversed", args, kwargs, 1, "iterable");
    return new List(copied(copyOf(iterable!).reverse()));
  },
  set(_thread, args, kwargs) {
    const [iterable] = unpackPositional("set", args, kwargs, 0, "iterable");
    const set = new StarlarkSet();
    if (iterable) {
      named("set", () => {
        checkCount(lengthOf(iterable));
        for (const element of iterate(iterable)) set.add(element);
      });
    }
    return set;
  },
  sorted,
  str(_thread, args, kwargs) {
    return str(single("str", args, kwargs, "exactly 1"));
  },
  tuple(_thread, args, kwargs) {
    const [iterable] = unpackPositional("tuple", args, kwargs, 0, "iterable");
    return new Tuple(iterable ? copyOf(iterable) : []);
  },
  type(_thread, args, kwargs) {
    return typeOf(single("type", args, kwargs, "exactly 1"));
  },
  zip: (_thread, args, kwargs) => zip(args, kwargs),
};

/** Names that every file can use, and what they stand for. Which of them a file may use is for the resolver to say. */
export const universe: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["None", null],
  ["True", true],
  ["False", false],
  ...Object.entries(functions).map(
    ([name, implementation]) => [name, new BuiltinFunction(name, implementation)] as const,
  ),
]);
