import { Bytes } from "./bytes.ts";
import { Dict } from "./dict.ts";
import { intText } from "./hugeInts.ts";
import { List } from "./list.ts";
import { LongText } from "./longText.ts";
import { pulse } from "./pulse.ts";
import { quote } from "./quote.ts";
import { StarlarkSet } from "./set.ts";
import { toValidUtf8 } from "./text.ts";
import { Tuple } from "./tuple.ts";
import type { Value } from "./value.ts";

/** The value as `str` gives it, a byte string: a string is itself. */
export function str(value: Value): string {
  if (typeof value === "string") return value;
  return value instanceof Bytes ? toValidUtf8(value.bytes) : repr(value);
}

/** The value as `repr` gives it, a byte string: strings in quotes. */
export function repr(value: Value): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
    case "bigint":
      return intText(value);
    case "boolean":
      return value ? "True" : "False";
    default:
      return value === null ? "None" : value.toStarlarkString();
  }
}

/** Prints a container; one that contains itself appears as `[...]` or `{...}` within itself. */
export function print(value: Value): string {
  return printWithin(value, new Set());
}

function printWithin(value: Value, path: Set<Value>): string {
  if (value instanceof List) {
    if (path.has(value)) return "[...]";
    path.add(value);
    const text = `[${printAll(value.elements, path)}]`;
    path.delete(value);
    return text;
  }
  if (value instanceof Tuple) {
    return `(${printAll(value.elements, path)}${value.elements.length === 1 ? "," : ""})`;
  }
  if (value instanceof Dict) {
    if (path.has(value)) return "{...}";
    const text = new LongText();
    let separator = "";
    value.eachItem((key, element) => {
      text.add(`${separator}${printWithin(key, path)}: `);
      separator = ", ";
      path.add(value);
      text.add(printWithin(element, path));
      path.delete(value);
    });
    return `{${text.finish()}}`;
  }
  if (value instanceof StarlarkSet) return `set([${printAll(value.elements(), path)}])`;
  return repr(value);
}

function printAll(elements: readonly Value[], path: Set<Value>): string {
  const text = new LongText();
  for (let i = 0; i < elements.length; i++) {
    pulse();
    text.add(i > 0 ? `, ${printWithin(elements[i] as Value, path)}` : printWithin(elements[i] as Value, path));
  }
  return text.finish();
}
