import type { JsonValue } from "./json.ts";
import { printJson } from "./jsonText.ts";

/** Equal, whatever the order of keys. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  return printJson(ordered(a)) === printJson(ordered(b));
}

function ordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, each]) => [key, ordered(each)]));
}
