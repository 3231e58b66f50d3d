/** Looks at text without making tokens of it. */
import { Pattern } from "../values/pattern.ts";

export const identifierPattern = new Pattern("[_\\p{L}][_\\p{L}0-9]*", "uy");

/** What is known of a line end inside brackets. */
export interface LineEnd {
  /** The kind of the token before it. */
  readonly last: string;
  /** The innermost bracket. */
  readonly bracket: string;
  /** The column of the block that the statement is in. */
  readonly column: number;
  /** Whether a bracket closes the innermost one; looked for from the offset on. */
  readonly closes: (start: number) => boolean;
}

/** At a line end inside brackets: can the next line that is not blank only be a new statement? See scanner/lookahead.h. */
export function statementFollows(text: string, position: number, { last, bracket, column, closes }: LineEnd): boolean {
  const rest = /(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n))*([ \t]*)/y;
  rest.lastIndex = position;
  const blanks = rest.exec(text)?.[1] ?? "";
  const start = rest.lastIndex;
  const word = matchAt(identifierPattern.regExp, text, start);
  if (word === "") return false;
  const after = start + word.length;
  if (/^["']/.test(text.slice(after, after + 1)) && /^(?:r|b|rb)$/.test(word)) return false;
  if (statementWords.has(word)) return true;
  if (columnOf(blanks) > column) return false;
  if (word === "if" || word === "for") return headPattern.test(lineAt(text, start));
  if (operatorWords.has(word)) return false;
  if (operandEnds.has(last)) return true;
  const sign = /[ \t]*(==?|\(|\.)/y;
  sign.lastIndex = after;
  const found = sign.exec(text)?.[1];
  if (found === undefined || found === "==") return false;
  if (found === "=" && bracket !== "(") return true;
  return !closes(start);
}

const statementWords: ReadonlySet<string> = new Set([
  "def",
  "load",
  "return",
  "pass",
  "break",
  "continue",
  "while",
  "elif",
]);
const operatorWords: ReadonlySet<string> = new Set(["and", "or", "not", "in", "if", "else", "for"]);
const headPattern = /^(?!.*\blambda\b).*:[ \t]*(?:#.*)?$/;

/** Tokens that end an operand. */
const operandEnds: ReadonlySet<string> = new Set([
  ...["identifier", "int literal", "float literal", "string literal", "bytes", "illegal token", ")", "]", "}"],
]);

/** Looks for the end of the bracket around the text at `start`; false if a statement or the end comes first. */
export function bracketCloses(text: string, start: number): boolean {
  const pattern = /(\r\n?|\n)[ \t]*(?:def|load|return|pass|break|continue|while|elif)\b|#[^\r\n]*|(["'])|[([{]|[)\]}]/g;
  pattern.lastIndex = start;
  let depth = 1;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[1] !== undefined) return false;
    if (match[2] !== undefined) pattern.lastIndex = findStringEnd(text, match.index).offset;
    else if ("([{".includes(match[0])) depth++;
    else if (match[0][0] !== "#" && --depth === 0) return true;
  }
  return false;
}

export function isLineEnd(char: string): boolean {
  return char === "\n" || char === "\r";
}

function columnOf(blanks: string): number {
  let column = 0;
  for (const char of blanks) column += char === "\t" ? 8 - (column % 8) : 1;
  return column;
}

function lineAt(text: string, start: number): string {
  return text.slice(start, lineEndAfter(text, start));
}

export function lineEndAfter(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isLineEnd(text[end] as string)) end++;
  return end;
}

/** Where the line that holds the offset starts. */
export function lineStartBefore(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isLineEnd(text[start - 1] as string)) start--;
  return start;
}

export function matchAt(pattern: RegExp, text: string, start: number): string {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0] ?? "";
}

/** Where the string that starts (with its prefix) at `start` ends, and what is wrong if it has no end. */
export function findStringEnd(text: string, start: number): { offset: number; problem?: string } {
  let at = start;
  while (text[at] === "r" || text[at] === "b") at++;
  const char = text[at] as string;
  const isTriple = text.startsWith(char.repeat(3), at);
  const quote = isTriple ? char.repeat(3) : char;
  at += quote.length;
  for (; at < text.length; at++) {
    if (text.startsWith(quote, at)) return { offset: at + quote.length };
    if (text[at] === "\\") {
      at++;
      if (text.startsWith("\r\n", at)) at++;
    } else if (!isTriple && isLineEnd(text[at] as string))
      return { offset: at, problem: "unexpected newline in string" };
  }
  return { offset: text.length, problem: "unexpected EOF in string" };
}

/** A rune as Go's `%#q` shows it. */
export function quoteRune(code: number): string {
  const escapes: Record<number, string> = { 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r" };
  const char = String.fromCodePoint(code);
  if (code === 39) return "'\\''";
  if (code === 92) return "'\\\\'";
  if (escapes[code] !== undefined) return `'${escapes[code]}'`;
  if (code < 32 || code === 127) return `'\\x${code.toString(16).padStart(2, "0")}'`;
  if (code < 127 || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) return `'${char}'`;
  return code > 0xffff ? `'\\U${code.toString(16).padStart(8, "0")}'` : `'\\u${code.toString(16).padStart(4, "0")}'`;
}
