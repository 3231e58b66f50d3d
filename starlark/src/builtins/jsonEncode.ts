import { Float } from "../values/float.ts";
import { iterate } from "../values/iterate.ts";
import { quote } from "../values/quote.ts";
import { bytesOf, textOf } from "../values/text.ts";
import { Failure, NoSuchAttribute, type StarlarkValue, typeOf, type Value } from "../values/value.ts";

/** A value as JSON, a byte string. Keys of dicts and fields of structs are sorted. */
export function encode(value: Value): string {
  return encodeWithin(value, []);
}

function encodeWithin(value: Value, path: Value[]): string {
  switch (typeof value) {
    case "string":
      return encodeString(value);
    case "number":
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "true" : "false";
    default:
      break;
  }
  if (value === null) return "null";
  if (value instanceof Float) {
    if (Number.isFinite(value.value)) return value.toStarlarkString();
    throw new Failure(`cannot encode non-finite float ${value.toStarlarkString()}`);
  }
  if (path.includes(value)) throw new Failure("cycle in JSON structure");
  path.push(value);
  const text = encodeContainer(value, path);
  path.pop();
  return text;
}

function encodeContainer(value: StarlarkValue, path: Value[]): string {
  if (value.items) return encodeMapping(value, value.items(), path);
  if (value.iterator) {
    const parts: string[] = [];
    for (const element of iterate(value)) {
      const place = `at ${value.typeName} index ${parts.length}`;
      parts.push(within(place, () => encodeWithin(element, path)));
    }
    return `[${parts.join(",")}]`;
  }
  if (value.attributeNames) return encodeFields(value, value.attributeNames(), path);
  throw new Failure(`cannot encode ${value.typeName} as JSON`);
}

function encodeMapping(value: StarlarkValue, items: [Value, Value][], path: Value[]): string {
  for (const [key] of items) {
    if (typeof key !== "string") throw new Failure(`${value.typeName} has ${typeOf(key)} key, want string`);
  }
  const sorted = (items as [string, Value][]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const parts = sorted.map(([key, element]) => {
    const place = `in ${value.typeName} key ${quote(key)}`;
    return `${encodeString(key)}:${within(place, () => encodeWithin(element, path))}`;
  });
  return `{${parts.join(",")}}`;
}

function encodeFields(value: StarlarkValue, names: string[], path: Value[]): string {
  const parts = [...names].sort().map((name) => {
    const element = fieldOf(value, name);
    return `${encodeString(name)}:${within(`in field .${name}`, () => encodeWithin(element, path))}`;
  });
  return `{${parts.join(",")}}`;
}

function fieldOf(value: StarlarkValue, name: string): Value {
  let element: Value | undefined;
  try {
    element = value.attribute?.(name);
  } catch (error) {
    if (!(error instanceof NoSuchAttribute)) throw error;
    throw new Failure(`cannot access attribute ${value.typeName}.${name}: ${error.message}`);
  }
  if (element !== undefined) return element;
  throw new Failure(`missing attribute ${value.typeName}.${name} (despite ${quote(name)} appearing in dir()`);
}

/** Precedes a failure by the place of the value that cannot be encoded. */
function within(place: string, run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof Failure) throw new Failure(`${place}: ${error.message}`);
    throw error;
  }
}

const plain = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;
const printable = /^[\x20-\x7f]*$/;
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Printable text keeps its `<`, `>` and `&`; other text, as in Go, has them and the line separators escaped. */
function encodeString(bytes: string): string {
  if (plain.test(bytes)) return `"${bytes}"`;
  if (printable.test(bytes)) return `"${bytes.replace(/["\\]/g, "\\$&").replaceAll("\x7f", "\\x7f")}"`;
  const escaped = textOf(bytes).replace(/["\\<>&\x00-\x1f\u2028\u2029\ufffd]/g, (char) => {
    return escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${bytesOf(escaped)}"`;
}
