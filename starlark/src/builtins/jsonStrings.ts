import { changeInPieces, isInPieces } from "../values/longText.ts";
import { bytesOf, isUtf8, textOf } from "../values/text.ts";

const plain = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;
const printable = /^[\x20-\x7f]*$/;
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** What is escaped in text that is not all printable ASCII: also, as bytes, the two line separators of Unicode. */
const special = /["\\<>&\x00-\x1f]|\xe2\x80[\xa8\xa9]/;
const allSpecial = new RegExp(special, "g");

/** Chars from which on a text is looked through in pieces, as that may take long. */
const longText = 65_536;
const isNotPlain = (piece: string) => !plain.test(piece);

/**
 * A byte string as JSON. Printable text keeps its `<`, `>` and `&`; other text, as in Go, has them and the line separators
 * escaped.
 */
export function encodeString(bytes: string): string {
  if (bytes.length < longText ? plain.test(bytes) : !isInPieces(bytes, isNotPlain)) return `"${bytes}"`;
  if (printable.test(bytes)) return `"${bytes.replace(/["\\]/g, "\\$&").replaceAll("\x7f", "\\x7f")}"`;
  if (isUtf8(bytes)) return `"${special.test(bytes) ? changeInPieces(bytes, escapeAll) : bytes}"`;
  // U+FFFD is escaped where it stands for an invalid byte, not where the text holds it.
  return `"${bytes.split(replacement).map(escapeInvalid).join(replacement)}"`;
}

function escapeAll(bytes: string): string {
  return bytes.replace(allSpecial, escapeSpecial);
}

function escapeSpecial(char: string): string {
  return escapes[char] ?? `\\u${(char.length === 1 ? char : textOf(char)).charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const replacement = bytesOf("\ufffd");

function escapeInvalid(bytes: string): string {
  return bytesOf(textOf(bytes).replace(/["\\<>&\x00-\x1f\u2028\u2029\ufffd]/g, escapeSpecial));
}
