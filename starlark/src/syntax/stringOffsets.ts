import { positionOf, type StringLiteral } from "./ast.ts";
import { contentOffsets } from "./literals.ts";

/** Converts between offsets in a string's value (bytes) and offsets in the file. */
export interface StringOffsetMap {
  /** Where in the file the value's char at `offset` comes from; the value's length gives the end of the content. */
  toSource(offset: number): number;
  /** The value's char that the place in the file belongs to; places outside of the content give its ends. */
  toValue(sourceOffset: number): number;
}

/** The map of a string literal; `text` is the file's. Costs nothing for a string without escapes. */
export function stringOffsetMap(node: StringLiteral, text: string): StringOffsetMap {
  const start = positionOf(node, node.contentStart);
  const end = positionOf(node, node.contentEnd);
  const clamp = (offset: number, high: number) => Math.max(0, Math.min(offset, high));
  if (!node.hasEscapes) {
    return {
      toSource: (offset) => start + clamp(offset, end - start),
      toValue: (sourceOffset) => clamp(sourceOffset - start, end - start),
    };
  }
  const offsets = contentOffsets(text.slice(start, end), node.isRaw, false);
  return {
    toSource: (offset) => start + (offsets[clamp(offset, offsets.length - 1)] as number),
    toValue: (sourceOffset) => lastAtOrBefore(offsets, clamp(sourceOffset - start, end - start)),
  };
}

/** The first of the value's chars that come from the last place at or before `target`. */
function lastAtOrBefore(offsets: readonly number[], target: number): number {
  let found = 0;
  for (let i = 0; i < offsets.length && (offsets[i] as number) <= target; i++) {
    if (offsets[i] !== offsets[found]) found = i;
  }
  return found;
}
