/** Compares what an edited document says with what reading its text anew gives. */
import type { SyntaxResult } from "../src/index.ts";

/** Undefined when they are the same; else the path to where they differ. */
export function difference(edited: SyntaxResult, fresh: SyntaxResult): string | undefined {
  return compare(edited, fresh, 0, 0, "");
}

/** Places count from the chunk that a node is in, which moves when text before it changes. */
const places: ReadonlySet<string> = new Set([
  ...["start", "end", "at", "errorAt", "rparen", "contentStart", "contentEnd", "parametersEnd"],
]);

function compare(a: unknown, b: unknown, aBase: number, bBase: number, path: string): string | undefined {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return Object.is(a, b) ? undefined : path;
  const aOffset = (a as { chunk?: { offset: number } }).chunk?.offset ?? aBase;
  const bOffset = (b as { chunk?: { offset: number } }).chunk?.offset ?? bBase;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return `${path}: other members`;
  for (const key of keys) {
    if (key === "chunk") continue;
    const left = (a as Record<string, unknown>)[key];
    const right = (b as Record<string, unknown>)[key];
    let found: string | undefined;
    if (places.has(key) && typeof left === "number") {
      if (left + aOffset !== (right as number) + bOffset) found = `${path}.${key}`;
    } else {
      found = compare(left, right, aOffset, bOffset, `${path}.${key}`);
    }
    if (found !== undefined) return found;
  }
  return undefined;
}
