import { Dict } from "../values/dict.ts";
import { Float } from "../values/float.ts";
import { intText } from "../values/hugeInts.ts";
import { List } from "../values/list.ts";
import { pulse, pulseAt } from "../values/pulse.ts";
import { Tuple } from "../values/tuple.ts";
import type { Value } from "../values/value.ts";
import { encodeString } from "./jsonStrings.ts";

/**
 * The JSON of a value that is made of lists, tuples and small dicts with strings as keys, as nearly all are: nothing is
 * kept in mind for messages. Undefined when it is made of something else, cannot be encoded, or is nested deeply, maybe in
 * itself.
 */
export function encodePlain(value: Value): string | undefined {
  try {
    return textOf(value, 0);
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

const notPlain = Symbol("not plain");
const maxDepth = 100;
/** Chars after which pieces are made into one text, so that V8 need not keep all of them. */
const pieceLength = 4000;

function textOf(value: Value, depth: number): string {
  if (typeof value === "string") return encodeString(value);
  if (typeof value === "number") return `${value}`;
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof Dict) return dictText(value, depth);
  if (value instanceof List || value instanceof Tuple) return elementsText(value.elements, depth);
  if (value instanceof Float && Number.isFinite(value.value)) return value.toStarlarkString();
  if (typeof value === "bigint") return intText(value);
  throw notPlain;
}

function dictText(dict: Dict, depth: number): string {
  pulse();
  const members = dict.membersInJson(encodeString);
  if (members === undefined || depth > maxDepth) throw notPlain;
  let out = "{";
  for (let i = 0; i < members.length; i++) {
    const { prefix, index } = members[i] as (typeof members)[number];
    if (i > 0) out += ",";
    out += prefix + textOf(dict.memberValue(index), depth + 1);
  }
  return `${out}}`;
}

function elementsText(elements: readonly Value[], depth: number): string {
  pulse();
  if (depth > maxDepth) throw notPlain;
  let pieces = "";
  let out = "[";
  for (let i = 0; i < elements.length; i++) {
    pulseAt(i);
    if (i > 0) out += ",";
    const text = textOf(elements[i] as Value, depth + 1);
    out += text;
    if (out.length > pieceLength) {
      // Asking for a char makes one text of it. A long element is made of such texts already.
      if (text.length < pieceLength) out.charCodeAt(0);
      pieces += out;
      out = "";
    }
  }
  return `${pieces}${out}]`;
}
