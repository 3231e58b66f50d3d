/** Questions about, and changes of, the letters of a byte string. */
import { pulse } from "../values/pulse.ts";
import { codePointsOf, encodeCodePoint, isAscii, textOf } from "../values/text.ts";
import {
  isCased,
  isDigit,
  isLetter,
  isLower,
  isSpace,
  isTitle,
  isUpper,
  toLower,
  toTitle,
  toUpper,
} from "../values/unicode.ts";

function every(text: string, test: (point: number) => boolean): boolean {
  return text !== "" && codePointsOf(text).every(test);
}

export const isAlphabetic = (text: string): boolean => every(text, isLetter);
export const isNumeric = (text: string): boolean => every(text, isDigit);
export const isAlphanumeric = (text: string): boolean => every(text, (point) => isLetter(point) || isDigit(point));
export const isBlank = (text: string): boolean => every(text, isSpace);

const hasCase = (text: string): boolean => codePointsOf(text).some(isCased);
export const isLowerCase = (text: string): boolean => hasCase(text) && toLowerCase(text) === text;
export const isUpperCase = (text: string): boolean => hasCase(text) && toUpperCase(text) === text;

/** Every word starts with a capital and has no other. */
export function isTitleCase(text: string): boolean {
  let hasCased = false;
  let afterCased = false;
  for (const point of codePointsOf(text)) {
    if ((point >= 65 && point <= 90) || isTitle(point)) {
      if (afterCased) return false;
    } else if (isLower(point)) {
      if (!afterCased) return false;
    } else if (isUpper(point)) {
      return false;
    } else {
      afterCased = false;
      continue;
    }
    afterCased = true;
    hasCased = true;
  }
  return hasCased;
}

export function toLowerCase(text: string): string {
  return isAscii(text) ? text.toLowerCase() : map(text, toLower);
}

export function toUpperCase(text: string): string {
  return isAscii(text) ? text.toUpperCase() : map(text, toUpper);
}

/** Lets every word start with a capital. */
export function toTitleCase(text: string): string {
  let afterCased = false;
  return map(text, (point) => {
    const mapped = afterCased ? toLower(point) : toTitle(point);
    afterCased = isCased(mapped);
    return mapped;
  });
}

export function capitalize(text: string): string {
  let isFirst = true;
  return map(text, (point) => {
    const mapped = isFirst ? toTitle(point) : toLower(point);
    isFirst = false;
    return mapped;
  });
}

function map(text: string, change: (point: number) => number): string {
  if (isAscii(text)) {
    let result = "";
    for (let i = 0; i < text.length; i++) {
      pulse();
      result += encodeCodePoint(change(text.charCodeAt(i)));
    }
    return result;
  }
  let result = "";
  for (const char of textOf(text)) {
    pulse();
    result += encodeCodePoint(change(char.codePointAt(0) as number));
  }
  return result;
}
