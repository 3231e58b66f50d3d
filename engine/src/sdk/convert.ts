import { bytesOf, Dict, Float, List, repr, StarlarkValue, Struct, Tuple, textOf, type Value } from "@ocuroot/starlark";
import type { JsonValue } from "../json/json.ts";
import { describeType } from "./describeType.ts";
import { SdkFailure } from "./failure.ts";
import { EnvironmentValue } from "./values.ts";

/** Between Starlark values and the JSON that state documents hold. Strings are bytes on one side and text on the other. */

/** Deeper nesting would be more than the tools that read the documents can take. */
const deepest = 200;

/**
 * The value as JSON. Throws an SdkFailure that names the place in the value (`outputs["image"][0]`) and what is wrong
 * with it. `what` is what the whole is called there.
 */
export function toJsonValue(value: Value, what: string): JsonValue {
  return new JsonConverter(what).convert(value, what);
}

/** A dict with string keys as a JSON object; fails like `toJsonValue`. */
export function dictToJson(dict: Dict, what: string): Record<string, JsonValue> {
  return new JsonConverter(what).convertDict(dict, what);
}

class JsonConverter {
  readonly #whole: string;
  /** The containers that are being converted, outermost first. */
  readonly #path: Value[] = [];

  constructor(whole: string) {
    this.#whole = whole;
  }

  /** `place` is how messages call the value. */
  convert(value: Value, place: string): JsonValue {
    if (typeof value === "string") return textOf(value);
    if (value === null || !(value instanceof StarlarkValue)) return value;
    if (value instanceof Float) {
      if (!Number.isFinite(value.value)) throw notJson(`${place} is ${repr(value)}, which JSON cannot hold`);
      return value.value;
    }
    if (value instanceof EnvironmentValue) return { name: value.model.name, attributes: { ...value.model.attributes } };
    if (value instanceof Dict) return this.convertDict(value, place);
    if (value instanceof List || value instanceof Tuple) {
      return this.#within(value, () => value.elements.map((element, i) => this.convert(element, `${place}[${i}]`)));
    }
    if (value instanceof Struct) {
      return this.#within(value, () =>
        plainObject(
          [...value.fields].map(([name, field]) => [textOf(name), this.convert(field, `${place}.${textOf(name)}`)]),
        ),
      );
    }
    throw notJson(`${place} is ${describeType(value)}, which JSON cannot hold`);
  }

  convertDict(dict: Dict, place: string): Record<string, JsonValue> {
    return this.#within(dict, () =>
      plainObject(
        dict.items().map(([key, element]) => {
          const shown = textOf(repr(key));
          if (typeof key === "string") return [textOf(key), this.convert(element, `${place}[${shown}]`)];
          throw notJson(`${place} has the key ${shown}, ${describeType(key)}; JSON keys are strings`);
        }),
      ),
    );
  }

  #within<T>(container: Value, convert: () => T): T {
    if (this.#path.includes(container)) throw notJson(`${this.#whole} contains itself, which JSON cannot hold`);
    if (this.#path.length >= deepest) throw notJson(`${this.#whole} is nested more than ${deepest} deep`);
    this.#path.push(container);
    const result = convert();
    this.#path.pop();
    return result;
  }
}

function notJson(message: string): SdkFailure {
  return new SdkFailure("sdk/not-json", message);
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
      throw new SdkFailure("sdk/wrong-type", `${what}[${i}] is ${describeType(element)}, want string`);
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
      throw new SdkFailure("sdk/wrong-type", `${what}[${textOf(repr(key))}] is ${describeType(element)}, want string`);
    }
    return [textOf(key), textOf(element)] as const;
  });
  return Object.fromEntries(entries);
}
