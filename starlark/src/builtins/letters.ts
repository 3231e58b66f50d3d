/** Questions about, and changes of, the letters of a byte string. */
import { changeInPieces, TextBuilder } from "../values/longText.ts";
import { encodeCodePoint, isAscii, somePoint } from "../values/text.ts";
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
  return text !== "" && !somePoint(text, (point) => !test(point));
}

export const isAlphabetic = (text: string): boolean => every(text, isLetter);
export const isNumeric = (text: string): boolean => every(text, isDigit);
export const isAlphanumeric = (text: string): boolean => every(text, (point) => isLetter(point) || isDigit(point));
export const isBlank = (text: string): boolean => every(text, isSpace);

const hasCase = (text: string): boolean => somePoint(text, isCased);
export const isLowerCase = (text: string): boolean => hasCase(text) && toLowerCase(text) === text;
export const isUpperCase = (text: string): boolean => hasCase(text) && toUpperCase(text) === text;

/** Every word starts with a capital and has no other. */
export function isTitleCase(text: string): boolean {
  let hasCased = false;
  let afterCased = false;
  const isWrong = (point: number): boolean => {
    if ((point >= 65 && point <= 90) || isTitle(point)) {
      if (afterCased) return true;
    } else if (isLower(point)) {
      if (!afterCased) return true;
    } else if (isUpper(point)) {
      return true;
    } else {
      afterCased = false;
      return false;
    }
    afterCased = true;
    hasCased = true;
    return false;
  };
  return !somePoint(text, isWrong) && hasCased;
}

export function toLowerCase(text: string): string {
  return isAscii(text) ? changeInPieces(text, (piece) => piece.toLowerCase()) : map(text, toLower);
}

export function toUpperCase(text: string): string {
  return isAscii(text) ? changeInPieces(text, (piece) => piece.toUpperCase()) : map(text, toUpper);
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
  const result = new TextBuilder();
  somePoint(text, (point) => {
    result.add(encodeCodePoint(change(point)));
    return false;
  });
  return result.finish();
}
