/** Starlark strings are bytes, one per JavaScript char. This converts them from and to ordinary text. */

import { isInPieces, pulseForChars, TextBuilder } from "./longText.ts";
import { pulse } from "./pulse.ts";

const nonAscii = /[^\x00-\x7f]/;

/** The UTF-8 bytes of a JavaScript text, one char for each byte. Lone surrogates become U+FFFD. */
export function bytesOf(text: string): string {
  if (isAscii(text)) return text;
  const out = new TextBuilder();
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 ? text.charCodeAt(i + 1) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else {
        code = 0xfffd;
      }
    }
    out.add(code < 0x80 ? String.fromCharCode(code) : encodeCodePoint(code));
  }
  return out.finish();
}

/** The text that UTF-8 bytes stand for; each invalid byte becomes U+FFFD. Chars that are no bytes stay as they are. */
export function textOf(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  const out = new TextBuilder();
  for (let i = 0; i < bytes.length; ) {
    const code = bytes.charCodeAt(i);
    if (code < 0x80 || code > 0xff) {
      out.add(bytes[i] as string);
      i++;
      continue;
    }
    const decoded = decodeAt(bytes, i);
    out.add(String.fromCodePoint(decoded >> 3));
    i += decoded & 7;
  }
  return out.finish();
}

/** The UTF-8 form of a code point; surrogates and what is out of range become U+FFFD. */
export function encodeCodePoint(code: number): string {
  let point = code;
  if (point < 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) point = 0xfffd;
  if (point < 0x80) return String.fromCharCode(point);
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), 0x80 | (point & 63));
  if (point < 0x10000) {
    return String.fromCharCode(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return String.fromCharCode(
    0xf0 | (point >> 18),
    0x80 | ((point >> 12) & 63),
    0x80 | ((point >> 6) & 63),
    0x80 | (point & 63),
  );
}

/** What `decodeAt` returns for a byte that starts no valid sequence: U+FFFD, one byte long. */
export const invalidByte = (0xfffd << 3) | 1;

/** Decodes the code point at an index of a byte string: `codePoint << 3 | byteLength`; `invalidByte` if there is none. */
export function decodeAt(bytes: string, index: number): number {
  const first = bytes.charCodeAt(index);
  if (first < 0x80) return (first << 3) | 1;
  if (first < 0xc2 || first > 0xf4) return invalidByte;
  const second = continuation(bytes, index + 1);
  if (second < 0) return invalidByte;
  if (first < 0xe0) return ((((first & 31) << 6) | second) << 3) | 2;
  const third = continuation(bytes, index + 2);
  if (third < 0) return invalidByte;
  if (first < 0xf0) {
    const point = ((first & 15) << 12) | (second << 6) | third;
    if (point < 0x800 || (point >= 0xd800 && point <= 0xdfff)) return invalidByte;
    return (point << 3) | 3;
  }
  const fourth = continuation(bytes, index + 3);
  if (fourth < 0) return invalidByte;
  const point = ((first & 7) << 18) | (second << 12) | (third << 6) | fourth;
  if (point < 0x10000 || point > 0x10ffff) return invalidByte;
  return (point << 3) | 4;
}

function continuation(bytes: string, index: number): number {
  const code = bytes.charCodeAt(index); // NaN past the end
  return code >= 0x80 && code < 0xc0 ? code & 63 : -1;
}

/** Whether `test` holds for any code point of a byte string; invalid bytes are U+FFFD. */
export function somePoint(bytes: string, test: (point: number) => boolean): boolean {
  for (let i = 0; i < bytes.length; ) {
    pulse();
    const decoded = decodeAt(bytes, i);
    if (test(decoded >> 3)) return true;
    i += decoded & 7;
  }
  return false;
}

/** How many code points a byte string has. */
export function countPoints(bytes: string): number {
  let count = 0;
  somePoint(bytes, () => {
    count++;
    return false;
  });
  return count;
}

export function isAscii(bytes: string): boolean {
  return !isInPieces(bytes, (piece) => nonAscii.test(piece));
}

/** Whether the bytes are UTF-8. */
export function isUtf8(bytes: string): boolean {
  let nextLook = charsBetweenLooks;
  for (let i = 0; i < bytes.length; ) {
    if (i >= nextLook) {
      pulseForChars(charsBetweenLooks);
      nextLook += charsBetweenLooks;
    }
    const decoded = decodeAt(bytes, i);
    if (decoded === invalidByte) return false;
    i += decoded & 7;
  }
  return true;
}

const charsBetweenLooks = 65_536;

/** The same bytes with every invalid one replaced by the UTF-8 form of U+FFFD. */
export function toValidUtf8(bytes: string): string {
  return isAscii(bytes) || isUtf8(bytes) ? bytes : bytesOf(textOf(bytes));
}
