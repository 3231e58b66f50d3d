/**
 * JSON text that keeps integers of any size. Ordinary documents go straight through `JSON.parse`/`JSON.stringify`; only
 * text with long runs of digits, and data with bigints, takes the slower way.
 */
import type { JsonValue } from "./json.ts";

const longDigits = /\d{16}/;
/** A number of an integer's form that a double may not hold. */
const longInteger = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE]|\s*:)/g;

/** Reads JSON; integers beyond 2^53 become bigint. Throws SyntaxError. */
export function parseJson(text: string): JsonValue {
  if (!longDigits.test(text)) return JSON.parse(text) as JsonValue;
  const mark = unusedMark(text);
  const marked = replaceOutsideStrings(text, longInteger, (digits) => `"${mark}${digits}"`);
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(mark) ? exactInteger(value.slice(mark.length)) : value,
  ) as JsonValue;
}

/** Prints JSON; bigints as integers. `indent` as for `JSON.stringify`. */
export function printJson(value: JsonValue, indent = 0): string {
  let hasBigint = false;
  const plain = JSON.stringify(
    value,
    (_key, item: unknown) => {
      if (typeof item !== "bigint") return item;
      hasBigint = true;
      return item.toString();
    },
    indent,
  );
  if (!hasBigint) return plain;
  const mark = unusedMark(plain);
  const marked = JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === "bigint" ? mark + item : item),
    indent,
  );
  return marked.replaceAll(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1");
}

/** Strings are skipped by hand: they may be longer than a regular expression can take, and the last one may have no end. */
function replaceOutsideStrings(text: string, pattern: RegExp, replace: (match: string) => string): string {
  let result = "";
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const start = quote < 0 ? text.length : quote;
    const end = quote < 0 ? start : endOfString(text, quote);
    result += text.slice(at, start).replace(pattern, replace) + text.slice(start, end);
    at = end;
  }
  return result;
}

function endOfString(text: string, quote: number): number {
  for (let at = text.indexOf('"', quote + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function exactInteger(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** Text that the document does not hold, so that what we put in can be told from what was there. */
function unusedMark(text: string): string {
  let mark = "int:";
  while (text.includes(mark)) mark = `${mark}:`;
  return mark;
}
