/** Worlds one after the other, until there were enough kills; a fault ends its world, and is told. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "./audit.ts";
import { Random } from "./random.ts";
import { Rounds, type Tally } from "./rounds.ts";
import { type StoreSort, World } from "./world.ts";

export interface FaultOptions {
  readonly sort: StoreSort;
  readonly seed: number;
  readonly kills: number;
  readonly scratch: string;
  /** The bundled command. */
  readonly program: string;
}

/** Rounds of one world: a store that grows makes every look at it slower. */
const roundsOfWorld = 8;
/** So many are enough to look into. */
const maxFaults = 10;

/** Returns how many faults were found. */
export async function runFaults(options: FaultOptions, print: (line: string) => void): Promise<number> {
  const { sort, seed, kills, scratch, program } = options;
  const tally: Tally = {
    rounds: 0,
    commands: 0,
    kills: 0,
    killsByMode: { process: 0, group: 0, machine: 0 },
    killsByCommand: new Map(),
    documents: 0,
    completed: 0,
    attempts: 0,
    reported: 0,
  };
  const faults: string[] = [];
  const started = Date.now();
  for (let number = 1; tally.kills < kills && faults.length < maxFaults; number++) {
    const folder = join(scratch, `${sort}-${number}`);
    mkdirSync(folder);
    const rounds = new Rounds(new World(sort, folder), program, new Random(seed * 1000 + number), tally, kills);
    try {
      await rounds.prepare();
      for (let round = 0; round < roundsOfWorld && tally.kills < kills; round++) await rounds.run();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(`${folder}: ${error.message}`);
      print(`✗ ${folder}: ${error.message}`);
    }
  }
  report(sort, seed, tally, faults.length, Date.now() - started, print);
  return faults.length;
}

function report(
  sort: StoreSort,
  seed: number,
  tally: Tally,
  faults: number,
  elapsed: number,
  print: (line: string) => void,
): void {
  const { process, group, machine } = tally.killsByMode;
  const rows: [string, string | number][] = [
    ["seed", seed],
    ["rounds", tally.rounds],
    ["commands", tally.commands],
    ["kills", tally.kills],
    ["… of the process / its group / all it had started", `${process} / ${group} / ${machine}`],
    ...[...tally.killsByCommand]
      .sort((a, b) => b[1] - a[1])
      .map(([command, count]): [string, number] => [`… of \`${command.replace(/ \S*\.ocu\.star$/, "")}\``, count]),
    ["work completed", tally.completed],
    ["attempts that it took", tally.attempts],
    ["completions reported by commands, all found in the store", tally.reported],
    ["documents parsed", tally.documents],
    ["faults (lost, twice, damaged, not finished, not clean)", faults],
    ["minutes", (elapsed / 60_000).toFixed(1)],
  ];
  print(`\n## Kills on ${sort === "fs" ? "a store on disk" : "a git store"}\n`);
  print("| | |\n| --- | --- |");
  for (const [name, value] of rows) print(`| ${name} | ${value} |`);
}
