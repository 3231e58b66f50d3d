// How long `starlark` takes for whole programs, its start included. With STARLARK_GO=path/to/starlark, the command of the
// Go implementation, the same for that, in turn, and the ratio: above 1, ours is the faster one.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../scripts/prepare.mjs";
import { milliseconds, printTable, quantile, timeProcess, times } from "./measure.mjs";

const runs = Number(process.env.RUNS ?? 5);
const go = process.env.STARLARK_GO;
const folder = join(root, "bench/starlark");
const programs = readdirSync(folder).filter((name) => name.endsWith(".star"));
/** Programs that take Go less than this are over before a comparison would mean much. */
const worthComparing = 300;

const ratios = [];
const rows = programs.map((program) => {
  const path = join(folder, program);
  const ours = () => timeProcess(process.execPath, [join(root, "dist/starlark.cjs"), path]);
  const row = { program: basename(program, ".star") };
  if (!go) return { ...row, fastest: milliseconds(fastest(times(runs, ours))) };
  const theirs = [];
  const mine = times(runs, (run) => {
    const elapsed = timeProcess(go, [path]);
    if (run >= 0) theirs.push(elapsed);
    return ours();
  });
  const [oursTime, goTime] = [fastest(mine), Math.min(...theirs)];
  ratios.push({ ratio: goTime / oursTime, goTime });
  return { ...row, fastest: milliseconds(oursTime), Go: milliseconds(goTime), ratio: (goTime / oursTime).toFixed(2) };
});

printTable(`Starlark, fastest of ${runs} runs`, rows);
if (go) {
  const long = ratios.filter(({ goTime }) => goTime > worthComparing);
  console.log(`\nGeometric mean of the ratios: ${mean(ratios)}; of programs that take Go over 0.3 s: ${mean(long)}`);
}

function fastest(sorted) {
  return quantile(sorted, 0);
}

function mean(all) {
  if (all.length === 0) return "none";
  return Math.exp(all.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / all.length).toFixed(2);
}
