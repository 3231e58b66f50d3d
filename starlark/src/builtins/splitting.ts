/** Splitting, stripping and replacing in byte strings. A limit of -1 means: as often as possible. */
import { checkCount, maxElements, reserve } from "../values/iterate.ts";
import { pulseForChars, TextBuilder } from "../values/longText.ts";
import { pulse, pulseFor } from "../values/pulse.ts";
import { copied } from "../values/slices.ts";
import { decodeAt, textOf } from "../values/text.ts";
import { isSpace } from "../values/unicode.ts";
import { Failure } from "../values/value.ts";

export type Sides = "left" | "right" | "both";

/** Without the code points at its ends that are in `chars` (or, if that is empty, are white space). */
export function strip(text: string, sides: Sides, chars: string): string {
  const wanted = chars === "" ? undefined : new Set(Array.from(textOf(chars), (char) => char.codePointAt(0)));
  const goes = (point: number) => (wanted ? wanted.has(point) : isSpace(point));
  let start = 0;
  let end = text.length;
  if (sides !== "right") {
    while (start < end) {
      pulse();
      const decoded = decodeAt(text, start);
      if (!goes(decoded >> 3)) break;
      start += decoded & 7;
    }
  }
  if (sides !== "left") {
    while (start < end) {
      pulse();
      const decoded = decodeBefore(text, start, end);
      if (!goes(decoded >> 3)) break;
      end -= decoded & 7;
    }
  }
  return text.slice(start, end);
}

/** Decodes the code point that ends at `end`. */
function decodeBefore(text: string, start: number, end: number): number {
  for (let size = 2; size <= 4 && end - size >= start; size++) {
    if (text.charCodeAt(end - size) < 0xc0) continue;
    const decoded = decodeAt(text, end - size);
    if ((decoded & 7) === size) return decoded;
    break;
  }
  return decodeAt(text.slice(0, end), end - 1);
}

/** The fields between runs of white space. */
export function splitAtSpace(text: string, limit: number, fromEnd: boolean): string[] {
  const fields = findFields(text);
  const excess = fields.length - limit;
  if (limit < 0 || excess <= 0)
    return fields.map(([start, end]) => {
      pulse();
      return text.slice(start, end);
    });
  if (fromEnd) {
    const end = fields[excess - 1]![1];
    return [text.slice(0, end), ...fields.slice(excess).map((field) => text.slice(...field))];
  }
  return [...fields.slice(0, limit).map((field) => text.slice(...field)), text.slice(fields[limit]![0])];
}

/** Start and end of each run of what is not white space. */
function findFields(text: string): [number, number][] {
  const fields: [number, number][] = [];
  let start = -1;
  for (let i = 0; i < text.length; ) {
    pulse();
    const decoded = decodeAt(text, i);
    if (isSpace(decoded >> 3)) {
      if (start >= 0 && fields.push([start, i]) > maxElements / 4) throw new Failure("too many elements");
      start = -1;
    } else if (start < 0) {
      start = i;
    }
    i += decoded & 7;
  }
  if (start >= 0) fields.push([start, text.length]);
  return fields;
}

/** So many chars are split in one go. */
const pieceLength = 2 ** 18;

/**
 * All parts. A long text is split piece by piece, each of which begins where the last separator found so far ends, so that
 * they are found as they would be in the whole; there may be too many parts, for which JavaScript would end the process.
 */
export function splitWhole(text: string, separator: string): string[] {
  if (text.length <= pieceLength) return text.split(separator);
  const pieces: string[][] = [];
  let count = 0;
  let start = 0;
  for (let length = pieceLength; start + length < text.length; ) {
    const parts = text.slice(start, start + length).split(separator);
    pulseForChars(length);
    if (parts.length === 1) {
      length *= 2;
      continue;
    }
    const rest = parts.pop() as string;
    count += parts.length;
    checkCount(4 * count);
    reserve(4 * parts.length);
    pieces.push(parts);
    start += length - rest.length;
    length = pieceLength;
  }
  pieces.push(text.slice(start).split(separator));
  return copied(([] as string[]).concat(...pieces));
}

export function splitAt(text: string, separator: string, limit: number, fromEnd: boolean): string[] {
  const parts = splitWhole(text, separator);
  const excess = parts.length - limit;
  if (limit < 0 || excess <= 1) return parts;
  if (fromEnd) return [parts.slice(0, excess).join(separator), ...parts.slice(excess)];
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

export function splitLines(text: string, keepEnds: boolean): string[] {
  if (text === "") return [];
  const lines = splitWhole(text, "\n");
  const last = lines.pop() as string;
  const ended = keepEnds ? lines.map(withEnd) : lines;
  return last === "" ? ended : [...ended, last];
}

function withEnd(line: string): string {
  pulse();
  return `${line}\n`;
}

/** So many texts are joined at once. */
const manyTexts = 2 ** 14;

export function joinTexts(texts: readonly string[], separator: string): string {
  if (texts.length <= manyTexts) return texts.join(separator);
  let result = "";
  for (let at = 0; at < texts.length; at += manyTexts) {
    pulseFor(manyTexts);
    if (at > 0) result += separator;
    result += texts.slice(at, at + manyTexts).join(separator);
  }
  return result;
}

/** How often something, not empty, is in a text, without overlaps. */
export function countOf(text: string, wanted: string): number {
  pulseForChars(text.length);
  let count = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    pulse();
    count++;
  }
  return count;
}

export function replace(text: string, old: string, replacement: string, limit: number): string {
  if (old === "") return insertBetween(text, replacement, limit);
  pulseForChars(text.length);
  let at = text.indexOf(old);
  let end = 0;
  let result = "";
  for (let left = limit; at >= 0 && left !== 0; left--) {
    pulse();
    result += text.slice(end, at) + replacement;
    end = at + old.length;
    at = text.indexOf(old, end);
  }
  return end === 0 ? text : result + text.slice(end);
}

/** Replaces the nothing before, between and after code points. */
function insertBetween(text: string, inserted: string, limit: number): string {
  const result = new TextBuilder();
  let left = limit;
  let at = 0;
  while (at < text.length && left !== 0) {
    pulse();
    const size = decodeAt(text, at) & 7;
    result.add(inserted);
    result.add(text.slice(at, at + size));
    at += size;
    left--;
  }
  result.add(left !== 0 ? inserted : text.slice(at));
  return result.finish();
}
