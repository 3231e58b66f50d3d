/**
 * Feeds the parser and the interpreter with random input.
 *
 *     npm run fuzz -- [--seed N] [--count M] [--only N]
 *
 * Every input has a seed of its own, from N on; `--only` repeats one. A text is read, edited once or twice, and what the
 * edited document says compared with what reading it anew gives; one text in twelve is a program that is also executed.
 */
import { resolve } from "node:path";
import { readParserAssets } from "../cli/assets.ts";
import { createParser, type Parser } from "../src/index.ts";
import { Chance } from "./chance.ts";
import { type Endings, randomProgram, runProgram } from "./programs.ts";
import { damaged, randomChange, randomText, readSamples } from "./texts.ts";
import { difference } from "./trees.ts";

export interface FuzzCounts extends Endings {
  /** Edits after which the two trees were compared. */
  edits: number;
  /** Milliseconds that the slowest input took. Nobody asserts it. */
  slowest: number;
}

export interface FuzzRange {
  readonly seed: number;
  readonly count: number;
}

/** Throws, with the inputs, when something goes wrong; at the tenth input that does, at once. */
export async function fuzz(
  { seed, count }: FuzzRange,
  progress?: (done: number, counts: FuzzCounts) => void,
): Promise<FuzzCounts> {
  const parser = await createParser(readParserAssets());
  const samples = readSamples();
  const failures: Error[] = [];
  const counts: FuzzCounts = { static: 0, dynamic: 0, ran: 0, edits: 0, slowest: 0 };
  for (let done = 0; done < count; done++) {
    const start = performance.now();
    const chance = new Chance(seed + done);
    const isProgram = chance.below(12) === 0;
    const text = isProgram ? damagedNowAndThen(randomProgram(chance), chance) : randomText(samples, chance);
    try {
      edit(parser, text, chance, counts);
      if (isProgram) runProgram(parser, text, counts);
    } catch (error) {
      failures.push(new Error(`seed ${seed + done}:\n${text}`, { cause: error }));
      if (failures.length === 10) break;
    }
    counts.slowest = Math.max(counts.slowest, performance.now() - start);
    if (done % 10_000 === 9999) progress?.(done + 1, counts);
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} inputs went wrong`);
  return counts;
}

function damagedNowAndThen(text: string, chance: Chance): string {
  return chance.below(4) === 0 ? damaged(text, chance) : text;
}

function edit(parser: Parser, text: string, chance: Chance, counts: FuzzCounts): void {
  const document = parser.open(text);
  const changes: string[] = [];
  try {
    for (let left = chance.below(4) === 0 ? 2 : 1; left > 0; left--) {
      const change = randomChange(document.text, chance);
      changes.push(JSON.stringify(change));
      document.edit([change]);
      const place = difference(document.syntax, parser.parse(document.text));
      if (place !== undefined) throw new Error(`edited and fresh differ at ${place} after ${changes.join(", ")}`);
      counts.edits++;
    }
  } finally {
    document.dispose();
  }
}

function argument(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

if (resolve(process.argv[1] ?? "") === __filename) {
  const only = argument("--only", -1);
  const range =
    only < 0 ? { seed: argument("--seed", 1), count: argument("--count", 1_000_000) } : { seed: only, count: 1 };
  const report = (done: number, counts: FuzzCounts) =>
    console.log(
      `${done} inputs, to seed ${range.seed + done - 1}: ${counts.edits} edits compared; programs: ${counts.static} ` +
        `with static errors, ${counts.dynamic} failed, ${counts.ran} ran; slowest ${Math.round(counts.slowest)} ms`,
    );
  fuzz(range, report).then(
    (counts) => report(range.count, counts),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
