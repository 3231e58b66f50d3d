import { type SourceFile, type Span, type StringLiteral, spanOf } from "@ocuroot/starlark";
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

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

const escapePattern = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|\r\n|[\s\S])|\r\n/g;

/** Decodes what a literal's source says. */
export function decodeString(source: SourceFile, literal: StringLiteral): DecodedString {
  const span = contentSpan(literal);
  const raw = source.text.slice(span.start, span.end);
  if (!literal.hasEscapes && !raw.includes("\r")) return { text: raw, offsets: undefined, start: span.start };
  let text = "";
  const offsets: number[] = [];
  const add = (piece: string, at: number, isVerbatim: boolean): void => {
    for (let index = 0; index < piece.length; index++) offsets.push(isVerbatim ? at + index : at);
    text += piece;
  };
  let done = 0;
  for (const match of raw.matchAll(escapePattern)) {
    add(raw.slice(done, match.index), span.start + done, true);
    const isKept = literal.isRaw && match[0] !== "\r\n";
    add(isKept ? match[0] : decodeEscape(match[0]), span.start + match.index, isKept);
    done = match.index + match[0].length;
  }
  add(raw.slice(done), span.start + done, true);
  offsets.push(span.end);
  return { text, offsets, start: span.start };
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

function decodeEscape(escape: string): string {
  if (escape === "\r\n") return "\n";
  const body = escape.slice(1);
  if (body === "\r\n" || body === "\r") return "";
  const simple = simpleEscapes[body];
  if (simple !== undefined) return simple;
  if (/^[xuU]/.test(body) && body.length > 1) {
    const code = Number.parseInt(body.slice(1), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
  }
  return /^[0-7]+$/.test(body) ? String.fromCharCode(Number.parseInt(body, 8) & 0xff) : escape;
}
