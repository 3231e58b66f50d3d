/**
 * How much of a damaged file keeps its tree: files of several statements, broken off or changed at one place. Every
 * statement that the damage does not touch should be what it is in the whole file.
 *
 *     node --import tsx starlark/fuzz/recovery.ts [ROUNDS] [SEED]
 */
import { resolve } from "node:path";
import { readParserAssets } from "../cli/assets.ts";
import { createParser, type Parser, type Statement, spanOf } from "../src/index.ts";
import { Chance } from "./chance.ts";
import { readSamples } from "./texts.ts";

export interface Recovery {
  /** Statements that the damage did not touch. */
  untouched: number;
  /** Those of them whose tree was as before. */
  kept: number;
  /** Damaged texts, the worst first: text, and how many of its statements were lost. */
  readonly worst: { text: string; lost: number }[];
}

/** What is typed, pasted or lost by accident. */
const scraps = [
  ..."( [ { ) ] } , : = . \" ' + @ $ if for def in not lambda return".split(" "),
  ...[
    "f(",
    "x = ",
    "x = [",
    "def f(",
    "def f(a",
    "if x",
    "for x in",
    "f(a, ",
    "{'a': ",
    "x.",
    '"""',
    "call(a b)",
    "import os",
    "  y",
  ],
];

/** Breaks each sample, between others, at random places. */
export function measureRecovery(parser: Parser, rounds: number, seed: number): Recovery {
  const chance = new Chance(seed);
  const samples = readSamples().filter((text) => isWhole(parser, text));
  const result: Recovery = { untouched: 0, kept: 0, worst: [] };
  for (let round = 0; round < rounds; round++) {
    const text = Array.from({ length: 4 }, () => `${chance.of(samples).trimEnd()}\n`).join("");
    const start = chance.below(text.length);
    const isTruncation = chance.below(4) === 0;
    // A truncated statement ends with its line; the statements behind it are those of the file.
    const end = isTruncation ? lineEndAfter(text, start) : Math.min(text.length, start + chance.below(4));
    const inserted = isTruncation ? "" : chance.of(scraps);
    const lost = compare(parser, text, { start, end }, inserted, result);
    if (lost > 0) result.worst.push({ text: text.slice(0, start) + inserted + text.slice(end), lost });
  }
  result.worst.sort((a, b) => b.lost - a.lost);
  result.worst.length = Math.min(result.worst.length, 20);
  return result;
}

function isWhole(parser: Parser, text: string): boolean {
  return parser.parse(`${text.trimEnd()}\n`).diagnostics.length === 0;
}

function lineEndAfter(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

/** The number of untouched statements that are lost. */
function compare(
  parser: Parser,
  text: string,
  { start, end }: { start: number; end: number },
  inserted: string,
  result: Recovery,
): number {
  const whole = parser.parse(text).module.statements;
  const damaged = text.slice(0, start) + inserted + text.slice(end);
  const moved = inserted.length - (end - start);
  const found = new Set(parser.parse(damaged).module.statements.map((each) => written(each, 0)));
  let lost = 0;
  for (const statement of whole) {
    const span = spanOf(statement);
    const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
    if (span.end >= start && lineStart <= end) continue;
    result.untouched++;
    if (found.has(written(statement, span.start > start ? moved : 0))) result.kept++;
    else lost++;
  }
  return lost;
}

/** A statement's tree as text: where it is, and all that is in it. */
function written(statement: Statement, moved: number): string {
  const tree = JSON.stringify(statement, (key, value: unknown) =>
    key === "chunk" ? undefined : typeof value === "bigint" ? `${value}n` : value,
  );
  return `${spanOf(statement).start + moved} ${tree}`;
}

if (resolve(process.argv[1] ?? "") === __filename) {
  const [rounds = 2000, seed = 1] = process.argv.slice(2).map(Number);
  void createParser(readParserAssets()).then((parser) => {
    const { untouched, kept, worst } = measureRecovery(parser, rounds, seed);
    const [first] = worst;
    if (first) console.log(`the worst loses ${first.lost}:\n${first.text}`);
    console.log(
      `${kept} of ${untouched} untouched statements kept their tree: ${((100 * kept) / untouched).toFixed(2)} %`,
    );
  });
}
