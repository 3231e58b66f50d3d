/** Texts that are almost Starlark: tokens in a row, damaged programs, and edits as a writer makes them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TextChange } from "../src/index.ts";
import type { Chance } from "./chance.ts";
import { randomProgram } from "./programs.ts";

const tokens = [
  ..."a b x f 1 0 1.5 None True ( ) [ ] { } , : ; = == += + - * ** / // % . < > <= != << >> & | ^ ~ $ ? ! @ \\ # '".split(
    " ",
  ),
  ..."not in and or if else elif for while def lambda return break continue pass load class try is yield".split(" "),
  ...[
    '"s"',
    "'t'",
    'b"x"',
    'r"\\d"',
    '"""',
    "'''",
    '"\\x41"',
    '"\\q"',
    "0x1F",
    "0b101",
    "017",
    "1e5",
    ".5",
    "5.",
    "0x",
    "1e",
  ],
  ...["é", "日本", "😀", "\ud800", "\ufeff", "\0", "\r", "\r\n", "\n", "\n  ", "\n    ", "\n\t", " ", "\\\n", "# c\n"],
  ...[
    "f(x)",
    "f(x=1)",
    "f(*a, **k)",
    "x[1:2]",
    "[x for x in y]",
    "{a: b}",
    "(a,)",
    "a if b else c",
    "lambda x: x",
    "a < b",
  ],
  ...[
    "x = 1\n",
    "if x:\n  pass\n",
    "def g(x):\n  return x\n",
    "else:\n  pass\n",
    'load("m.star", "a")\n',
    "def f(\na, b):\n",
  ],
];

/** The programs in the project's fixtures, in pieces. */
export function readSamples(): string[] {
  const folder = join(__dirname, "../../test-fixtures");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".star"))
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), "utf8").split(/^---\n/m))
    .filter((text) => text.length > 5 && text.length < 300);
}

/** Now and then, characters of a text are lost, doubled or replaced. */
export function damaged(text: string, chance: Chance): string {
  let result = text;
  for (let left = chance.below(4); left > 0; left--) {
    const { start, end } = span(result, chance);
    result = result.slice(0, start) + insertion(result, chance) + result.slice(end);
  }
  return result;
}

export function randomText(samples: readonly string[], chance: Chance): string {
  switch (chance.below(8)) {
    case 0:
      return damaged(randomProgram(chance), chance);
    case 1:
    case 2:
      return damaged(chance.of(samples), chance);
    case 3:
      return damaged(Array.from({ length: 2 + chance.below(7) }, () => chance.of(samples)).join("\n"), chance);
    default:
      return Array.from({ length: 1 + chance.below(20) }, () => chance.of(tokens) + chance.of(["", "", " "])).join("");
  }
}

export function randomChange(text: string, chance: Chance): TextChange {
  return { span: span(text, chance), text: insertion(text, chance) };
}

function span(text: string, chance: Chance): { start: number; end: number } {
  const start = chance.below(text.length + 1);
  const length = chance.below(12) === 0 ? chance.below(60) : chance.of([0, 0, 1, 1, 2, 5]);
  return { start, end: Math.min(text.length, start + length) };
}

function insertion(text: string, chance: Chance): string {
  if (chance.below(3) === 0) return "";
  if (chance.below(8) > 0) return chance.of(tokens);
  const start = chance.below(text.length + 1);
  return text.slice(start, start + chance.below(40));
}
