/** Lowers names, numbers and strings. */
import type { BytesLiteral, Expression, FloatLiteral, Identifier, IntLiteral, StringLiteral } from "./ast.ts";
import { decodeString, floatValue, intValue, splitString } from "./literals.ts";
import type { LowerContext } from "./lowerContext.ts";
import { isReservedWord } from "./words.ts";

export function lowerIdentifier(context: LowerContext): Identifier {
  const { start, end, chunk } = context;
  const name = context.nodeText;
  if (isReservedWord(name)) context.isSuspect = true;
  return { kind: "Identifier", chunk, start, end, name };
}

export function lowerInteger(context: LowerContext): IntLiteral {
  const { start, end, chunk } = context;
  const value = intValue(context.nodeText);
  if (value === undefined) context.isSuspect = true;
  return { kind: "IntLiteral", chunk, start, end, value: value ?? 0 };
}

export function lowerFloat(context: LowerContext): FloatLiteral {
  const { start, end, chunk } = context;
  const value = floatValue(context.nodeText);
  if (value === undefined) context.isSuspect = true;
  return { kind: "FloatLiteral", chunk, start, end, value: value ?? 0 };
}

/** The pieces a string has in the tree are not looked at: reading its text again is faster than walking to them. */
export function lowerString(context: LowerContext): StringLiteral | BytesLiteral {
  const { start, end, chunk } = context;
  const literal = context.nodeText;
  const parts = splitString(literal);
  const content = literal.slice(parts.contentStart, parts.contentEnd);
  const decoded = decodeString(content, parts.isRaw, parts.isBytes);
  if (typeof decoded !== "string" || !parts.isClosed) context.isSuspect = true;
  // What a malformed string would have been is anyone's guess; its text is the best one.
  const value = typeof decoded === "string" ? decoded : fallbackValue(content, parts.isBytes);
  if (parts.isBytes) return { kind: "BytesLiteral", chunk, start, end, value };
  return {
    kind: "StringLiteral",
    chunk,
    start,
    end,
    value,
    contentStart: start + parts.contentStart,
    contentEnd: start + parts.contentEnd,
    isRaw: parts.isRaw,
    quote: parts.quote,
    hasEscapes: value !== content,
  };
}

function fallbackValue(content: string, isBytes: boolean): string {
  const value = decodeString(content, true, isBytes);
  return typeof value === "string" ? value : "";
}

/** A string literal is the only kind of expression that has a text to look into. */
export function isStringLiteral(expression: Expression): expression is StringLiteral {
  return expression.kind === "StringLiteral";
}
