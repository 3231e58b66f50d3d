import { interpolate } from "../builtins/interpolate.ts";
import { Bytes } from "../values/bytes.ts";
import { Dict } from "../values/dict.ts";
import { Float, intToFiniteFloat } from "../values/float.ts";
import {
  addInts,
  combineBits,
  floorDivideInts,
  invertInt,
  moduloInts,
  multiplyInts,
  negateInt,
  shiftInt,
  subtractInts,
  toInt32,
} from "../values/ints.ts";
import { checkCount, elementsOf, isIterable, maxElements, reserve } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { indexOf } from "../values/longText.ts";
import { pulseAt, pulseFor, take } from "../values/pulse.ts";
import { StarlarkSet } from "../values/set.ts";
import { copied } from "../values/slices.ts";
import { Tuple } from "../values/tuple.ts";
import {
  type BinaryOperatorName,
  Failure,
  type Int,
  isInt,
  StarlarkValue,
  typeOf,
  type Value,
} from "../values/value.ts";

/** `a operator b`, for every binary operator but comparisons, `and` and `or`. */
export function binary(operator: BinaryOperatorName, a: Value, b: Value): Value {
  const result = builtinBinary(operator, a, b) ?? extensionBinary(operator, a, b);
  if (result === undefined) throw new Failure(`unknown binary op: ${typeOf(a)} ${operator} ${typeOf(b)}`);
  return result;
}

function builtinBinary(operator: BinaryOperatorName, a: Value, b: Value): Value | undefined {
  switch (operator) {
    case "+":
      return plus(a, b);
    case "-":
      if (a instanceof StarlarkSet && b instanceof StarlarkSet) return a.difference(b.elements());
      return arithmetic(operator, a, b);
    case "*":
      return arithmetic(operator, a, b) ?? repeat(a, b);
    case "/":
    case "//":
      return arithmetic(operator, a, b);
    case "%":
      return typeof a === "string" ? interpolate(a, b) : arithmetic(operator, a, b);
    case "|":
    case "&":
    case "^":
      return bitwise(operator, a, b);
    case "<<":
    case ">>":
      return isInt(a) ? shiftInt(operator, a, b) : undefined;
    case "in":
      return contains(a, b);
  }
}

function extensionBinary(operator: BinaryOperatorName, a: Value, b: Value): Value | undefined {
  const left = a instanceof StarlarkValue ? a.binary?.(operator, b, false) : undefined;
  if (left !== undefined) return left;
  return b instanceof StarlarkValue ? b.binary?.(operator, a, true) : undefined;
}

function plus(a: Value, b: Value): Value | undefined {
  if (typeof a === "string") return typeof b === "string" ? a + b : undefined;
  if (a instanceof List) return b instanceof List ? new List(joined(a.elements, b.elements)) : undefined;
  if (a instanceof Tuple) return b instanceof Tuple ? new Tuple(joined(a.elements, b.elements)) : undefined;
  if (a instanceof Bytes) return b instanceof Bytes ? new Bytes(a.bytes + b.bytes) : undefined;
  return arithmetic("+", a, b);
}

function joined(a: readonly Value[], b: readonly Value[]): Value[] {
  reserve(a.length + b.length);
  return copied(a.concat(b));
}

type ArithmeticOperator = "+" | "-" | "*" | "/" | "//" | "%";

/** Arithmetic on ints and floats; an int meets a float as a float. */
function arithmetic(operator: ArithmeticOperator, a: Value, b: Value): Value | undefined {
  if (isInt(a)) {
    if (isInt(b)) return intArithmetic(operator, a, b);
    return b instanceof Float ? floatArithmetic(operator, intToFiniteFloat(a), b.value) : undefined;
  }
  if (!(a instanceof Float)) return undefined;
  if (b instanceof Float) return floatArithmetic(operator, a.value, b.value);
  return isInt(b) ? floatArithmetic(operator, a.value, intToFiniteFloat(b)) : undefined;
}

function intArithmetic(operator: ArithmeticOperator, a: Int, b: Int): Value {
  switch (operator) {
    case "+":
      return addInts(a, b);
    case "-":
      return subtractInts(a, b);
    case "*":
      return multiplyInts(a, b);
    case "/":
      return floatArithmetic("/", intToFiniteFloat(a), intToFiniteFloat(b));
    case "//":
      if (b === 0) throw new Failure("floored division by zero");
      return floorDivideInts(a, b);
    case "%":
      if (b === 0) throw new Failure("integer modulo by zero");
      return moduloInts(a, b);
  }
}

function floatArithmetic(operator: ArithmeticOperator, a: number, b: number): Float {
  switch (operator) {
    case "+":
      return new Float(a + b);
    case "-":
      return new Float(a - b);
    case "*":
      return new Float(a * b);
    case "/":
      if (b === 0) throw new Failure("floating-point division by zero");
      return new Float(a / b);
    case "//":
      if (b === 0) throw new Failure("floored division by zero");
      return new Float(Math.floor(a / b));
    case "%": {
      if (b === 0) throw new Failure("floating-point modulo by zero");
      const rest = a % b;
      return new Float(a < 0 !== b < 0 && rest !== 0 ? rest + b : rest);
    }
  }
}

/** Sizes from which on a repetition is refused. */
const maxAllocation = 2 ** 30;

function repeat(a: Value, b: Value): Value | undefined {
  if (isInt(a)) return isInt(b) ? undefined : repeatSequence(b, a);
  return isInt(b) ? repeatSequence(a, b) : undefined;
}

function repeatSequence(sequence: Value, count: Int): Value | undefined {
  if (typeof sequence === "string") return sequence.repeat(repeatCount(sequence.length, count));
  if (sequence instanceof Bytes) return new Bytes(sequence.bytes.repeat(repeatCount(sequence.bytes.length, count)));
  if (sequence instanceof List) return new List(repeatElements(sequence.elements, count));
  if (sequence instanceof Tuple) return new Tuple(repeatElements(sequence.elements, count));
  return undefined;
}

function repeatCount(length: number, count: Int): number {
  if (length === 0) return 0;
  let times: number;
  try {
    times = toInt32(count);
  } catch {
    throw new Failure(`repeat count ${count} too large`);
  }
  if (times < 1) return 0;
  if (length * times >= maxAllocation) throw new Failure(`excessive repeat (${length} * ${times} elements)`);
  return times;
}

/** An array that is made larger than this in one go is a slow hash table. */
const maxPreallocated = 2 ** 24;

function repeatElements(elements: readonly Value[], count: Int): Value[] {
  const times = repeatCount(elements.length, count);
  if (elements.length * times > maxElements) {
    throw new Failure(`excessive repeat (${elements.length} * ${times} elements)`);
  }
  reserve(elements.length * times);
  if (elements.length === 1 && times <= maxPreallocated)
    return copied(new Array<Value>(times).fill(elements[0] as Value));
  const result: Value[] = [];
  if (elements.length === 1) {
    const element = elements[0] as Value;
    for (let i = 0; i < times; i++) {
      pulseAt(i);
      result.push(element);
    }
  } else {
    for (let i = 0; i < times; i++) {
      pulseFor(elements.length);
      for (const element of elements) result.push(element);
    }
  }
  return result;
}

function bitwise(operator: "|" | "&" | "^", a: Value, b: Value): Value | undefined {
  if (isInt(a)) return isInt(b) ? combineBits(operator, a, b) : undefined;
  if (a instanceof StarlarkSet && b instanceof StarlarkSet) {
    if (operator === "|") return a.union(b.elements());
    return operator === "&" ? a.intersection(b.elements()) : a.symmetricDifference(b.elements());
  }
  return operator === "|" && a instanceof Dict && b instanceof Dict ? a.union(b) : undefined;
}

/** `a in b`; undefined when b does not contain things. */
function contains(a: Value, b: Value): boolean | undefined {
  if (typeof b === "string") {
    if (typeof a === "string") return indexOf(b, a) >= 0;
    throw new Failure(`'in <string>' requires string as left operand, not ${typeOf(a)}`);
  }
  if (!(b instanceof StarlarkValue)) return undefined;
  if (b instanceof Dict) return hasKey(b, a);
  if (b.has) return b.has(a);
  return b.get ? b.get(a) !== undefined : undefined;
}

/** What is not hashable is simply not among the keys. */
function hasKey(dict: Dict, key: Value): boolean {
  try {
    return dict.has(key);
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** `+a`, `-a` or `~a`. */
export function unary(operator: "+" | "-" | "~", a: Value): Value {
  if (isInt(a)) return operator === "-" ? negateInt(a) : operator === "~" ? invertInt(a) : a;
  const result = a instanceof StarlarkValue ? a.unary?.(operator) : undefined;
  if (result === undefined) throw new Failure(`unknown unary op: ${operator} ${typeOf(a)}`);
  return result;
}

/** `a += b`: a list is extended in place. */
export function inplaceAdd(a: Value, b: Value): Value {
  if (!(a instanceof List) || !isIterable(b)) return binary("+", a, b);
  a.checkMutable("apply += to");
  extend(a, b);
  return a;
}

/** Appends the elements of an iterable, which may be the list itself. */
export function extend(list: List, iterable: Value): void {
  const elements = elementsOf(iterable);
  const { length } = elements;
  checkCount(list.elements.length + length);
  take(8 * length);
  for (let i = 0; i < length; i++) {
    pulseAt(i);
    list.elements.push(elements[i] as Value);
  }
}

/** `a |= b`: a dict is extended in place. */
export function inplaceOr(a: Value, b: Value): Value {
  if (!(a instanceof Dict && b instanceof Dict)) return binary("|", a, b);
  a.checkMutable("apply |= to");
  a.addAll(b);
  return a;
}
