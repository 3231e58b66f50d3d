/**
 * What a Starlark value is, to the interpreter and to hosts that add values of their own.
 *
 * None is `null`; bools are booleans; ints are numbers while safe integers and bigints beyond (never a bigint in the
 * safe range, never `-0`); strings have one char for each byte of their UTF-8 form. Everything else is a StarlarkValue.
 */
import { pulseAt } from "./pulse.ts";

export type Value = null | boolean | number | bigint | string | StarlarkValue;

/** A Starlark int. */
export type Int = number | bigint;

/**
 * What stands for a hashable value in a JavaScript Map, so that equal values have the same key. Strings that start with
 * a char above U+00FF stand for composite values: Starlark strings have none.
 */
export type MapKey = null | boolean | number | bigint | string | object;

/** An error of the program that is run. The interpreter adds where it happened and turns it into an EvalError. */
export class Failure extends Error {
  override readonly name: string = "Failure";
}

/** No such attribute; `message` says so, and a suggestion may be added to it. */
export class NoSuchAttribute extends Failure {}

export type BinaryOperatorName = "+" | "-" | "*" | "/" | "//" | "%" | "|" | "&" | "^" | "<<" | ">>" | "in";

/** Yields the elements of a value one by one; `next` returns undefined at the end. `done` must be called in any case. */
export interface ValueIterator {
  next(): Value | undefined;
  done(): void;
}

/** A comparison operator. */
export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/**
 * Base of all values that are objects. A subclass says its type's name and how it prints; what else it can do (be
 * indexed, iterated, compared, hashed …) it says by overriding the optional members.
 */
export abstract class StarlarkValue {
  abstract get typeName(): string;

  /** The value as `str` and `repr` print it, as a byte string. */
  abstract toStarlarkString(): string;

  truth(): boolean {
    return true;
  }

  /** Makes the value, and all that can be reached from it, immutable. */
  freeze(): void {}

  /** The key that equal values share. Throws a Failure when the value is not hashable. */
  mapKey(): MapKey {
    throw new Failure(`unhashable: ${this.typeName}`);
  }

  /** The attribute, or undefined when there is none. May throw NoSuchAttribute to word it differently. */
  attribute?(name: string): Value | undefined;
  attributeNames?(): string[];
  setAttribute?(name: string, value: Value): void;

  /** `this op other`, or `other op this` when `isRight`; undefined when it is not for this value to say. */
  binary?(operator: BinaryOperatorName, other: Value, isRight: boolean): Value | undefined;
  unary?(operator: "+" | "-" | "~"): Value | undefined;

  /** Compares with a value of the same type name. Without it, only identity counts. */
  compareSameType?(operator: ComparisonOperator, other: StarlarkValue, depth: number): boolean;

  iterator?(): ValueIterator;
  /** The number of elements, if it is known. */
  length?(): number;
  /** The element at an index in [0, length). */
  at?(index: number): Value;
  setAt?(index: number, value: Value): void;
  slice?(start: number, end: number, step: number): Value;
  has?(value: Value): boolean;

  /** The value for a key, of a mapping; undefined when the key is missing. */
  get?(key: Value): Value | undefined;
  set?(key: Value, value: Value): void;
  /** Keys and values, of a mapping that can be passed as `**kwargs`. */
  items?(): [Value, Value][];
}

export function typeOf(value: Value): string {
  switch (typeof value) {
    case "number":
    case "bigint":
      return "int";
    case "string":
      return "string";
    case "boolean":
      return "bool";
    default:
      return value === null ? "NoneType" : value.typeName;
  }
}

export function truth(value: Value): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      return value !== 0;
    case "string":
      return value !== "";
    case "bigint":
      return true; // Zero is never a bigint.
    default:
      return value?.truth() ?? false;
  }
}

export function freeze(value: Value): void {
  if (value instanceof StarlarkValue) value.freeze();
}

export function freezeAll(values: readonly (Value | undefined)[]): void {
  for (let i = 0; i < values.length; i++) {
    pulseAt(i);
    const value = values[i];
    if (typeof value === "object") freeze(value);
  }
}

export function isInt(value: Value): value is Int {
  return typeof value === "number" || typeof value === "bigint";
}
