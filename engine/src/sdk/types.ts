import { Dict, List, StarlarkFunction, Tuple, type Value } from "@ocuroot/starlark";
import { EnvironmentValue, RefValue, StoreValue } from "./values.ts";

/**
 * What the type names of catalog parameters stand for. Containers are checked no deeper than their own type: what is in
 * them is checked where the user can be told which element is wrong.
 */
const checks: Readonly<Record<string, (value: Value) => boolean>> = {
  any: () => true,
  string: (value) => typeof value === "string",
  bool: (value) => typeof value === "boolean",
  dict: isDict,
  "dict of inputs": isDict,
  "dict of strings": isDict,
  "dict of JSON values": isDict,
  "list of work": isSequence,
  "list of strings": isSequence,
  function: (value) => value instanceof StarlarkFunction,
  "top-level function": (value) => value instanceof StarlarkFunction,
  environment: (value) => value instanceof EnvironmentValue,
  ref: (value) => typeof value === "string" || value instanceof RefValue,
  store: (value) => value instanceof StoreValue,
};

export function isOfType(value: Value, type: string): boolean {
  const check = checks[type];
  if (check === undefined) throw new RangeError(`no check for the type ${type}`);
  return check(value);
}

function isDict(value: Value): boolean {
  return value instanceof Dict;
}

function isSequence(value: Value): boolean {
  return value instanceof List || value instanceof Tuple;
}

/** Elements of a list or tuple; none when there is no such argument. */
export function elementsOf(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : (value as List | Tuple).elements;
}
