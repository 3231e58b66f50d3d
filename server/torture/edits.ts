import type { Span } from "@ocuroot/starlark";
import type { Random } from "./random.ts";

/** A replacement of text, by offsets in UTF-16 units. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

const words =
  'def if else elif for in return load pass break continue while lambda and or not None True class import task deploy phase input environments host shell done next fail ctx inputs environment register_environment store repo_alias ( ) [ ] { } , : . = == += ; # " \' """ \'\'\' \\ r" b" % ** * @ / -> ` $ ? | ./task/build#output/tag ./@/ @/environment/ 0 1 0x 1e 1. "a" name= inputs= outputs='
    .split(" ")
    .flatMap((each) => [each, `${each} `]);

const blanks = ["\n", "\n", "\n    ", "\n        ", "\n  ", "\r\n", "\r", "\t", "    ", " ", "\n\n\n", "\\\n"];

/** What editors and pastes bring that is hard to count or to read. */
const oddities = [
  "é",
  "日本",
  "😀",
  "\u{1d4d0}",
  "\ud83d",
  "\ude00",
  "\0",
  "\u2028",
  "\ufeff",
  "\u00a0",
  "\u200b",
  "e\u0301",
  "\f",
  "\u0085",
];

/** One edit as a person (or a cat) would make it. `good` are texts without faults, which the file returns to at times. */
export function randomEdit(random: Random, text: string, good: readonly string[]): Edit {
  const kind = random.next();
  const at = random.below(text.length + 1);
  if (kind < 0.3) return insert(at, random.pick(words));
  if (kind < 0.4) return insert(at, random.pick(blanks));
  if (kind < 0.45) return insert(at, random.pick(oddities));
  if (kind < 0.6) return cut(text, at, 1 + random.below(3));
  if (kind < 0.67) return cut(text, at, random.below(40));
  if (kind < 0.72) return { span: lineAt(text, at), text: "" };
  if (kind < 0.78) {
    const { start, end } = lineAt(text, at);
    return insert(start, text.slice(start, end));
  }
  if (kind < 0.87) return insert(lineAt(text, at).start, pieceOf(random, random.pick(good)));
  if (kind < 0.92) return replaceNear(text, at, random.pick(words));
  if (kind < 0.95) return { span: lineAt(text, at), text: `#${text.slice(lineAt(text, at).start, at)}\n` };
  if (kind < 0.99) return insert(lineAt(text, at).start, random.pick(["    ", "\t", " ", "# "]));
  // Text that nobody can read any more tells little: begin anew, or at times with nothing.
  if (text.length > 10_000 || kind < 0.998) return { span: { start: 0, end: text.length }, text: random.pick(good) };
  return random.chance(0.3) ? { span: { start: 0, end: text.length }, text: "" } : cut(text, at, 1_000);
}

function insert(at: number, text: string): Edit {
  return { span: { start: at, end: at }, text };
}

function cut(text: string, at: number, length: number): Edit {
  return { span: { start: at, end: Math.min(text.length, at + length) }, text: "" };
}

function replaceNear(text: string, at: number, word: string): Edit {
  const end = Math.min(text.length, at + (/^\w+/.exec(text.slice(at, at + 40))?.[0].length ?? 1));
  return { span: { start: at, end }, text: word };
}

/** The line that holds an offset, with its end. */
function lineAt(text: string, at: number): Span {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  return { start, end: end < 0 ? text.length : end + 1 };
}

/** A few lines of a file. */
function pieceOf(random: Random, text: string): string {
  const lines = text.split("\n");
  const from = random.below(lines.length);
  return `${lines.slice(from, from + 1 + random.below(20)).join("\n")}\n`;
}
