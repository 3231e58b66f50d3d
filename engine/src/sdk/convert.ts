import {
  bytesOf,
  Dict,
  Float,
  List,
  repr,
  StarlarkValue,
  Struct,
  Tuple,
  textOf,
  typeOf,
  type Value,
} from "@ocuroot/starlark";
import type { JsonValue } from "../state/json.ts";
import { SdkFailure } from "./failure.ts";
import { EnvironmentValue } from "./values.ts";

/** Between Starlark values and the JSON that state documents hold. Strings are bytes on one side and text on the other. */

/** Deeper nesting is taken for a value that contains itself. */
const deepest = 500;

/**
 * The value as JSON. Throws an SdkFailure that names the place in the value (`outputs["image"][0]`) and what is wrong with
 * it. `what` is what the whole is called there.
 */
export function toJsonValue(value: Value, what: string, depth = 0): JsonValue {
  if (typeof value === "string") return textOf(value);
  if (value === null || !(value instanceof StarlarkValue)) return value;
  if (depth > deepest) throw new SdkFailure("sdk/not-json", `${what} is nested too deeply, or contains itself`);
  if (value instanceof Float) {
    if (!Number.isFinite(value.value))
      throw new SdkFailure("sdk/not-json", `${what} is ${repr(value)}, which JSON cannot hold`);
    return value.value;
  }
  if (value instanceof List || value instanceof Tuple) {
    return value.elements.map((element, i) => toJsonValue(element, `${what}[${i}]`, depth + 1));
  }
  if (value instanceof Dict) return dictToJson(value, what, depth);
  if (value instanceof EnvironmentValue) return { name: value.model.name, attributes: { ...value.model.attributes } };
  if (value instanceof Struct) {
    const fields = value.attributeNames().map((name) => {
      const field = value.attribute(name) as Value;
      return [textOf(name), toJsonValue(field, `${what}.${name}`, depth + 1)] as const;
    });
    return plainObject(fields);
  }
  throw new SdkFailure("sdk/not-json", `${what} is a ${typeOf(value)}, which JSON cannot hold`);
}

/** A dict with string keys as a JSON object; fails like `toJsonValue`. */
export function dictToJson(dict: Dict, what: string, depth = 0): Record<string, JsonValue> {
  const entries = dict.items().map(([key, element]) => {
    if (typeof key !== "string") {
      throw new SdkFailure(
        "sdk/not-json",
        `${what} has the key ${textOf(repr(key))}, a ${typeOf(key)}; JSON keys are strings`,
      );
    }
    return [textOf(key), toJsonValue(element, `${what}[${textOf(repr(key))}]`, depth + 1)] as const;
  });
  return plainObject(entries);
}

/** An object with own properties only, also for keys such as `__proto__`. */
function plainObject(entries: Iterable<readonly [string, JsonValue]>): Record<string, JsonValue> {
  return Object.fromEntries(entries);
}

/** The Starlark value that JSON stands for: integral numbers are ints. */
export function fromJsonValue(json: JsonValue): Value {
  if (typeof json === "string") return bytesOf(json);
  if (typeof json === "number") return Number.isSafeInteger(json) ? json + 0 : new Float(json);
  if (typeof json === "bigint") return Number.isSafeInteger(Number(json)) ? Number(json) : json;
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return new List(json.map((each: JsonValue) => fromJsonValue(each)));
  return Dict.from(
    Object.entries(json).map(([key, each]) => [bytesOf(key), fromJsonValue(each as JsonValue)] as const),
  );
}

/** The strings of a list or tuple, as text; throws an SdkFailure that names the element that is none. */
export function toStringList(value: Value | undefined, what: string): string[] {
  if (value === undefined) return [];
  return (value as List | Tuple).elements.map((element, i) => {
    if (typeof element !== "string")
      throw new SdkFailure("sdk/wrong-type", `${what}[${i}] is a ${typeOf(element)}, want string`);
    return textOf(element);
  });
}

/** A dict of strings, as text. */
export function toStringRecord(value: Value | undefined, what: string): Record<string, string> {
  if (value === undefined) return {};
  const entries = (value as Dict).items().map(([key, element]) => {
    if (typeof key !== "string")
      throw new SdkFailure("sdk/wrong-type", `${what} has the key ${textOf(repr(key))}, want strings only`);
    if (typeof element !== "string") {
      throw new SdkFailure("sdk/wrong-type", `${what}[${textOf(repr(key))}] is a ${typeOf(element)}, want string`);
    }
    return [textOf(key), textOf(element)] as const;
  });
  return Object.fromEntries(entries);
}
