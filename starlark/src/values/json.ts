import { Dict } from "./dict.ts";
import { Float } from "./float.ts";
import { normalize } from "./ints.ts";
import { elementsOf } from "./iterate.ts";
import { List } from "./list.ts";
import { bytesOf, textOf } from "./text.ts";
import { Failure, isInt, type StarlarkValue, typeOf, type Value } from "./value.ts";

/**
 * A value as plain JavaScript data: objects in the order of the dict, ints as numbers (bigints beyond the safe ones),
 * strings as text. Structs become objects. Fails for what JSON cannot hold.
 */
export function toJson(value: Value): unknown {
  return convert(value, []);
}

function convert(value: Value, path: Value[]): unknown {
  if (typeof value === "string") return textOf(value);
  if (value === null || typeof value === "boolean" || isInt(value)) return value;
  if (value instanceof Float) {
    if (Number.isFinite(value.value)) return value.value;
    throw new Failure(`cannot encode non-finite float ${value.toStarlarkString()}`);
  }
  if (path.includes(value)) throw new Failure("cycle in JSON structure");
  path.push(value);
  const result = convertContainer(value, path);
  path.pop();
  return result;
}

function convertContainer(value: StarlarkValue, path: Value[]): unknown {
  if (value.items) {
    const entries = value.items().map(([key, element]) => {
      if (typeof key !== "string") throw new Failure(`${value.typeName} has ${typeOf(key)} key, want string`);
      return [textOf(key), convert(element, path)] as const;
    });
    return Object.fromEntries(entries);
  }
  if (value.iterator) return elementsOf(value).map((element) => convert(element, path));
  if (value.attributeNames) {
    const names = value.attributeNames();
    return Object.fromEntries(names.map((name) => [textOf(name), convert(value.attribute?.(name) ?? null, path)]));
  }
  throw new Failure(`cannot encode ${value.typeName} as JSON`);
}

/** The value that plain data stands for; whole numbers become ints. `undefined` and functions become None. */
export function fromJson(json: unknown): Value {
  switch (typeof json) {
    case "string":
      return bytesOf(json);
    case "boolean":
      return json;
    case "number":
      return Number.isSafeInteger(json) ? json + 0 : new Float(json);
    case "bigint":
      return normalize(json);
    case "object":
      if (json === null) return null;
      if (Array.isArray(json)) return new List(json.map(fromJson));
      return Dict.from(Object.entries(json).map(([key, value]) => [bytesOf(key), fromJson(value)]));
    default:
      return null;
  }
}
