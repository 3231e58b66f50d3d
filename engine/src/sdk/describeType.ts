import { typeOf, type Value } from "@ocuroot/starlark";

/** What a value is, for sentences: `a string`, `an int`, `None`. */
export function describeType(value: Value): string {
  if (value === null) return "None";
  const type = typeOf(value);
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
