import { isInPieces, TextBuilder } from "./longText.ts";
import { Pattern } from "./pattern.ts";
import { decodeAt, invalidByte } from "./text.ts";

const needsCare = /["\\\x00-\x1f\x7f-\xff]/;
const simpleEscapes = new Map([
  [7, "\\a"],
  [8, "\\b"],
  [12, "\\f"],
  [10, "\\n"],
  [13, "\\r"],
  [9, "\\t"],
  [11, "\\v"],
]);
/** Letters, marks, numbers, punctuation and symbols print as they are, everything else is escaped. */
const printable = new Pattern("^[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]$");

/** A string (or, with prefix `b`, bytes) as source text, as `repr` shows it. */
export function quote(bytes: string, prefix: "" | "b" = ""): string {
  if (!isInPieces(bytes, (piece) => needsCare.test(piece))) return `${prefix}"${bytes}"`;
  const out = new TextBuilder();
  out.add(`${prefix}"`);
  for (let i = 0; i < bytes.length; ) {
    const code = bytes.charCodeAt(i);
    if (code === 34 || code === 92) {
      out.add(`\\${bytes[i]}`);
      i++;
    } else if (code >= 32 && code < 127) {
      out.add(bytes[i] as string);
      i++;
    } else if (code < 128) {
      out.add(simpleEscapes.get(code) ?? `\\x${hex(code, 2)}`);
      i++;
    } else {
      const decoded = decodeAt(bytes, i);
      const size = decoded & 7;
      if (decoded === invalidByte) out.add(`\\x${hex(code, 2)}`);
      else out.add(quoteCodePoint(decoded >> 3, bytes.slice(i, i + size)));
      i += size;
    }
  }
  out.add('"');
  return out.finish();
}

function quoteCodePoint(point: number, bytes: string): string {
  if (isPrintable(point)) return bytes;
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
}

export function isPrintable(point: number): boolean {
  if (point < 0x80) return point >= 32 && point < 127;
  return printable.test(String.fromCodePoint(point));
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
