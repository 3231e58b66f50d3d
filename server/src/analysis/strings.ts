import { type SourceFile, type Span, type StringLiteral, spanOf, stringOffsetMap, textOf } from "@ocuroot/starlark";
import { contentSpan } from "./tree.ts";

/**
 * The text of a string literal as JavaScript text, with the way back to the file: `offsets[i]` is the offset in the file
 * of the i-th UTF-16 unit of `text`; one more entry marks the end.
 */
export interface DecodedString {
  readonly text: string;
  readonly offsets: readonly number[] | undefined;
  readonly start: number;
}

/** Decodes what a literal's source says. */
export function decodeString(source: SourceFile, literal: StringLiteral): DecodedString {
  const { start } = contentSpan(literal);
  const { value } = literal;
  if (!literal.hasEscapes) return { text: value, offsets: undefined, start };
  const map = stringOffsetMap(literal, source.text);
  let text = "";
  const offsets: number[] = [];
  for (let at = 0; at < value.length; ) {
    const length = lengthOfChar(value, at);
    const char = textOf(value.slice(at, at + length));
    const from = map.toSource(at);
    const isVerbatim = source.text.startsWith(char, from);
    for (let unit = 0; unit < char.length; unit++) offsets.push(isVerbatim ? from + unit : from);
    text += char;
    at += length;
  }
  offsets.push(map.toSource(value.length));
  return { text, offsets, start };
}

/** Bytes of the UTF-8 character at an index; 1 for a byte that begins none. */
function lengthOfChar(bytes: string, at: number): number {
  const first = bytes.charCodeAt(at);
  const length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
  for (let next = at + 1; next < at + length; next++) {
    if ((bytes.charCodeAt(next) & 0xc0) !== 0x80) return 1;
  }
  return length;
}

/** The span in the file of `text.slice(start, end)`. */
export function spanInString(decoded: DecodedString, start: number, end: number): Span {
  const { offsets } = decoded;
  if (offsets === undefined) return { start: decoded.start + start, end: decoded.start + end };
  const last = offsets.length - 1;
  return { start: offsets[Math.min(start, last)] as number, end: offsets[Math.min(end, last)] as number };
}

/** The index in the decoded text of an offset in the file. */
export function indexInString(decoded: DecodedString, offset: number): number {
  const { offsets } = decoded;
  if (offsets === undefined) return Math.max(0, Math.min(offset - decoded.start, decoded.text.length));
  const index = offsets.findIndex((each) => each >= offset);
  return index < 0 ? decoded.text.length : Math.min(index, decoded.text.length);
}

/** The text as JavaScript text. */
export function textOfLiteral(source: SourceFile, literal: StringLiteral): string {
  return decodeString(source, literal).text;
}

/** Whether the closing quote is there. */
export function isClosed(literal: StringLiteral): boolean {
  return literal.contentEnd < literal.end;
}

export { spanOf };
