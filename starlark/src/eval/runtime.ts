/**
 * What compiled code calls. Operations take the frame and the place first, so that whatever they throw is known to have
 * happened there; compiled code does the frequent cases (arithmetic on small ints, plain calls …) itself.
 */
import { findMethod, type MethodsOfName, methodsNamed } from "../builtins/attributes.ts";
import { compare, equals } from "../values/compare.ts";
import { Dict } from "../values/dict.ts";
import { BuiltinFunction, type KeywordArguments, Method, StarlarkFunction } from "../values/functions.ts";
import { multiplyModulo } from "../values/ints.ts";
import { List } from "../values/list.ts";
import { indexOf } from "../values/longText.ts";
import { Range } from "../values/range.ts";
import { StarlarkSet } from "../values/set.ts";
import { Shape } from "../values/shape.ts";
import { Tuple } from "../values/tuple.ts";
import { type BinaryOperatorName, type ComparisonOperator, Failure, truth, type Value } from "../values/value.ts";
import * as access from "./access.ts";
import { loadModule } from "./load.ts";
import { type LoopSource, startLoop } from "./loops.ts";
import * as operators from "./operators.ts";
import type { CallFrame } from "./thread.ts";

/** A method of a built-in type found on a value, not yet bound to it: a call of it makes no bound function. */
type Callee = Value | Method<Value>;

/** A program may go on for longer than anybody waits for; its memory is looked at while it does. */
const largestRoom = 65_536;

const noKeywords: KeywordArguments = [];

function binary(frame: CallFrame, place: number, operator: BinaryOperatorName, a: Value, b: Value): Value {
  frame.place = place;
  return operators.binary(operator, a, b);
}

function add(frame: CallFrame, place: number, a: Value, b: Value): Value {
  frame.place = place;
  if (typeof a === "string" && typeof b === "string") return a + b;
  return operators.binary("+", a, b);
}

function inplaceAdd(frame: CallFrame, place: number, a: Value, b: Value): Value {
  frame.place = place;
  if (typeof a === "string" && typeof b === "string") return a + b;
  return operators.inplaceAdd(a, b);
}

function inplaceOr(frame: CallFrame, place: number, a: Value, b: Value): Value {
  frame.place = place;
  return operators.inplaceOr(a, b);
}

function unary(frame: CallFrame, place: number, operator: "+" | "-" | "~", a: Value): Value {
  frame.place = place;
  return operators.unary(operator, a);
}

function contains(frame: CallFrame, place: number, a: Value, b: Value): boolean {
  frame.place = place;
  if (typeof a === "string" || typeof a === "number") {
    if (typeof a === "string" && typeof b === "string") return indexOf(b, a) >= 0;
    if (b instanceof Dict) return b.lookUp(a) !== undefined;
    if (b instanceof List || b instanceof StarlarkSet) return b.has(a);
  }
  return truth(operators.binary("in", a, b));
}

function compareValues(frame: CallFrame, place: number, operator: ComparisonOperator, a: Value, b: Value): boolean {
  frame.place = place;
  return compare(operator, a, b);
}

function equal(frame: CallFrame, place: number, a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  frame.place = place;
  return equals(a, b);
}

function attribute(frame: CallFrame, place: number, x: Value, name: string): Value {
  frame.place = place;
  return access.getAttribute(x, name);
}

function setAttribute(frame: CallFrame, place: number, x: Value, name: string, value: Value): void {
  frame.place = place;
  access.setAttribute(x, name, value);
}

function index(frame: CallFrame, place: number, x: Value, key: Value): Value {
  if (typeof key === "number") {
    if (x instanceof List || x instanceof Tuple) {
      const { elements } = x;
      const at = key < 0 ? key + elements.length : key;
      if (at >= 0 && at < elements.length) return elements[at] as Value;
    } else if (typeof x === "string") {
      const at = key < 0 ? key + x.length : key;
      if (at >= 0 && at < x.length) return x[at] as string;
    }
  }
  if (x instanceof Dict && (typeof key === "string" || typeof key === "number")) {
    const value = x.lookUp(key);
    if (value !== undefined) return value;
  }
  frame.place = place;
  return access.getIndex(x, key);
}

function setIndex(frame: CallFrame, place: number, x: Value, key: Value, value: Value): void {
  if (x instanceof List && typeof key === "number" && !x.isFrozen && x.iterations === 0) {
    const { elements } = x;
    const at = key < 0 ? key + elements.length : key;
    if (at >= 0 && at < elements.length) {
      elements[at] = value;
      return;
    }
  }
  frame.place = place;
  if (x instanceof Dict) x.set(key, value);
  else access.setIndex(x, key, value);
}

function slice(frame: CallFrame, place: number, x: Value, low: Value, high: Value, step: Value): Value {
  frame.place = place;
  return access.slice(x, low, high, step);
}

function unpack(frame: CallFrame, place: number, x: Value, count: number): readonly Value[] {
  frame.place = place;
  return access.unpack(x, count);
}

function setUnique(frame: CallFrame, place: number, dict: Dict, key: Value, value: Value): void {
  frame.place = place;
  access.setUnique(dict, key, value);
}

function setEntry(frame: CallFrame, place: number, dict: Dict, key: Value, value: Value): void {
  frame.place = place;
  dict.set(key, value);
}

function loop(frame: CallFrame, place: number, value: Value): LoopSource {
  frame.place = place;
  return startLoop(value);
}

/** Calls whatever is not a plain call of a function with exactly the positional arguments it has. */
function call(frame: CallFrame, place: number, callee: Value, args: Value[]): Value {
  frame.place = place;
  if (callee instanceof BuiltinFunction) {
    frame.builtin = callee.name;
    const result = callee.implementation(frame.thread, args, noKeywords);
    frame.builtin = null;
    return result;
  }
  return frame.thread.invoke(callee, args, noKeywords);
}

/** `range(…)`, with small ints without a call. */
function range(frame: CallFrame, place: number, callee: Value, a: Value, b?: Value, step?: Value): Value {
  if (typeof a === "number") {
    if (b === undefined) return new Range(0, a, 1);
    if (typeof b === "number" && step === undefined) return new Range(a, b, 1);
  }
  return call(frame, place, callee, b === undefined ? [a] : step === undefined ? [a, b] : [a, b, step]);
}

/** An array that is going to have so many elements, filled from the first to the last. */
function makeRoom(count: number): Value[] {
  return count <= largestRoom ? new Array(count) : [];
}

/** `len(x)`, of the frequent types without a call. */
function len(frame: CallFrame, place: number, callee: Value, x: Value): Value {
  if (typeof x === "string") return x.length;
  if (x instanceof List) return x.elements.length;
  if (x instanceof Dict) return x.size;
  return call(frame, place, callee, [x]);
}

/** `str(x)`, likewise. */
function str(frame: CallFrame, place: number, callee: Value, x: Value): Value {
  if (typeof x === "string") return x;
  return typeof x === "number" ? `${x}` : call(frame, place, callee, [x]);
}

function callWithKeywords(
  frame: CallFrame,
  place: number,
  callee: Value,
  args: Value[],
  kwargs: KeywordArguments,
): Value {
  frame.place = place;
  return frame.thread.invoke(callee, args, kwargs);
}

/** A call with `*rest` or `**more`; undefined where there is none. */
function callSpread(
  frame: CallFrame,
  place: number,
  callee: Value,
  args: Value[],
  kwargs: KeywordArguments,
  rest: Value | undefined,
  more: Value | undefined,
): Value {
  frame.place = place;
  const named = more === undefined ? kwargs : kwargs.concat(access.keywordsOf(more));
  const positional = rest === undefined ? args : args.concat(access.argumentsOf(rest));
  return frame.thread.invoke(callee, positional, named);
}

/** Finds what `x.name(…)` calls. */
function method(frame: CallFrame, place: number, x: Value, methods: MethodsOfName): Callee {
  const { name } = methods;
  let found: Method | undefined;
  if (typeof x === "string") found = methods.string;
  else if (x instanceof List) found = methods.list;
  else if (x instanceof Dict) found = methods.dict;
  else found = findMethod(x, name);
  if (found !== undefined) return found;
  frame.place = place;
  return access.getAttribute(x, name);
}

/** Calls what `method` found on `x` with up to two arguments. */
function callBriefly(frame: CallFrame, place: number, x: Value, callee: Callee, a?: Value, b?: Value): Value {
  if (callee instanceof Method && callee.shortcut !== undefined) {
    frame.place = place;
    frame.builtin = callee.name;
    const result = callee.shortcut(x, a, b);
    frame.builtin = null;
    if (result !== undefined) return result;
  }
  return callMethod(frame, place, x, callee, a === undefined ? [] : b === undefined ? [a] : [a, b]);
}

/** Calls what `method` found on `x`. */
function callMethod(frame: CallFrame, place: number, x: Value, callee: Callee, args: Value[]): Value {
  frame.place = place;
  if (!(callee instanceof Method)) {
    if (callee instanceof StarlarkFunction && callee.arity === args.length) {
      return callee.implementation(frame.thread, ...args);
    }
    return call(frame, place, callee, args);
  }
  frame.builtin = callee.name;
  const result = callee.call(x, args, noKeywords, frame.thread);
  frame.builtin = null;
  return result;
}

function callMethodWithKeywords(
  frame: CallFrame,
  place: number,
  x: Value,
  callee: Callee,
  args: Value[],
  kwargs: KeywordArguments,
): Value {
  frame.place = place;
  if (!(callee instanceof Method)) return frame.thread.invoke(callee, args, kwargs);
  frame.builtin = callee.name;
  const result = callee.call(x, args, kwargs, frame.thread);
  frame.builtin = null;
  return result;
}

function unboundLocal(frame: CallFrame, place: number, name: string): never {
  frame.place = place;
  throw new Failure(`local variable ${name} referenced before assignment`);
}

function unboundGlobal(frame: CallFrame, place: number, name: string): never {
  frame.place = place;
  throw new Failure(`global variable ${name} referenced before assignment`);
}

/** Everything that compiled code may use, under the names it uses. */
export const runtime = {
  StarlarkFunction,
  List,
  Tuple,
  Dict,
  Shape,
  truth,
  binary,
  add,
  inplaceAdd,
  inplaceOr,
  unary,
  contains,
  compareValues,
  equal,
  attribute,
  setAttribute,
  index,
  setIndex,
  slice,
  unpack,
  setUnique,
  setEntry,
  loop,
  range,
  makeRoom,
  multiplyModulo,
  len,
  str,
  call,
  callWithKeywords,
  callSpread,
  method,
  methodsNamed,
  callBriefly,
  callMethod,
  callMethodWithKeywords,
  unboundLocal,
  unboundGlobal,
  loadModule,
};
