/** The code around a place in a file, with a caret. */
import { readFileSync } from "node:fs";
import { padded } from "./text.ts";

export interface CodePlace {
  /** Path that can be read. */
  readonly path: string;
  /** Its text, where it is known already. */
  readonly text?: string | undefined;
  /** From 1. */
  readonly line: number;
  /** From 1, in code points. */
  readonly column: number;
}

/** Two lines: the code, and `^^^^` under what the place names. Empty when the file is not there (any more). */
export function codeExcerpt(place: CodePlace, indent = "      "): string[] {
  const text = readLine(place);
  if (text === undefined) return [];
  const chars = [...text];
  const [start, end] = namedSpan(chars, place.column - 1);
  const gutter = String(place.line);
  const before = chars
    .slice(0, start)
    .map((char) => (char === "\t" ? "\t" : padded("", char.length)))
    .join("");
  return [
    `${indent}${gutter} │ ${text}`,
    `${indent}${" ".repeat(gutter.length)} │ ${before}${"^".repeat(Math.max(1, end - start))}`,
  ];
}

function readLine({ path, text, line }: CodePlace): string | undefined {
  try {
    return (text ?? readFileSync(path, "utf8")).split(/\r\n|\n|\r/)[line - 1];
  } catch {
    return undefined; // The place is shown by its numbers alone.
  }
}

/** A call stands at its `(`, an attribute at its `.`: what it names is before. Otherwise the word at the place. */
function namedSpan(chars: readonly string[], index: number): [number, number] {
  const isNamePart = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}_.]/u.test(char);
  const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);
  if (chars[index] === "(" || chars[index] === "[") {
    let start = index;
    while (isNamePart(chars[start - 1])) start--;
    return start < index ? [start, index] : [index, index + 1];
  }
  let start = index;
  let end = index + 1;
  if (chars[index] === ".") while (isWord(chars[end])) end++;
  if (chars[index] === ".") while (isNamePart(chars[start - 1])) start--;
  if (isWord(chars[index])) while (isWord(chars[end])) end++;
  return [start, end];
}
