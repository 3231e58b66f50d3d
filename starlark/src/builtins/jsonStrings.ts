import { bytesOf, textOf } from "../values/text.ts";

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

/**
 * A byte string as JSON. Printable text keeps its `<`, `>` and `&`; other text, as in Go, has them and the line separators
 * escaped.
 */
export function encodeString(bytes: string): string {
  if (plain.test(bytes)) return `"${bytes}"`;
  if (printable.test(bytes)) return `"${bytes.replace(/["\\]/g, "\\$&").replaceAll("\x7f", "\\x7f")}"`;
  // U+FFFD is escaped where it stands for an invalid byte, not where the text holds it.
  return `"${bytes.split(replacement).map(escape).join(replacement)}"`;
}

const replacement = bytesOf("\ufffd");

function escape(bytes: string): string {
  const escaped = textOf(bytes).replace(/["\\<>&\x00-\x1f\u2028\u2029\ufffd]/g, (char) => {
    return escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return bytesOf(escaped);
}
