/** Classes and cases of single code points, as Go's unicode package has them (one code point maps to one). */
import { Pattern } from "./pattern.ts";

const letter = new Pattern("^\\p{L}$");
const digit = new Pattern("^\\p{Nd}$");
const space = new Pattern("^\\p{White_Space}$");
const upper = new Pattern("^\\p{Lu}$");
const lower = new Pattern("^\\p{Ll}$");
const title = new Pattern("^\\p{Lt}$");

export const isLetter = (point: number): boolean => letter.test(String.fromCodePoint(point));
export const isDigit = (point: number): boolean => digit.test(String.fromCodePoint(point));
export const isUpper = (point: number): boolean => upper.test(String.fromCodePoint(point));
export const isLower = (point: number): boolean => lower.test(String.fromCodePoint(point));
export const isTitle = (point: number): boolean => title.test(String.fromCodePoint(point));

export function isSpace(point: number): boolean {
  if (point < 0x80) return point === 32 || (point >= 9 && point <= 13);
  return space.test(String.fromCodePoint(point));
}

export function toUpper(point: number): number {
  return single(String.fromCodePoint(point).toUpperCase(), point);
}

export function toLower(point: number): number {
  if (point === 0x130) return 0x69;
  return single(String.fromCodePoint(point).toLowerCase(), point);
}

/** Letters that are two letters in one have a form of their own at the start of a word. */
export function toTitle(point: number): number {
  if (point >= 0x1c4 && point <= 0x1cc) return point - ((point - 0x1c4) % 3) + 1;
  if (point >= 0x1f1 && point <= 0x1f3) return 0x1f2;
  if (isTitle(point)) return point;
  return toUpper(point);
}

/** Whether the code point and another one differ in case only. */
export function isCased(point: number): boolean {
  if (point === 0x130 || point === 0x131) return false; // i with and without dot: Turkish only
  if (point === 0xdf) return true; // ß and ẞ
  if (point < 0x80) return (point >= 65 && point <= 90) || (point >= 97 && point <= 122);
  return toUpper(point) !== point || toLower(point) !== point || isTitle(point);
}

/** A case mapping to more than one code point (as of ß to SS) is not made. */
function single(mapped: string, point: number): number {
  const first = mapped.codePointAt(0) as number;
  return mapped.length === (first > 0xffff ? 2 : 1) ? first : point;
}
