/**
 * Runs random expressions here and by the Go implementation, and shows where the two differ in what they print, in the
 * message or in the place: `STARLARK_GO=path/to/starlark node --import tsx starlark/fuzz/compareWithGo.ts SEED COUNT`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readParserAssets } from "../cli/assets.ts";
import { answerRequest } from "../cli/batch.ts";
import { createFrontEnd } from "../cli/frontEnd.ts";
import { Chance } from "./chance.ts";
import { failingExpression } from "./expressions.ts";

const filename = "a.star";

function withGo(command: string, folder: string, source: string): string {
  writeFileSync(join(folder, filename), source);
  const { stderr, stdout } = spawnSync(command, ["-set", filename], { cwd: folder, encoding: "utf8", timeout: 20_000 });
  return stdout + stderr;
}

/**
 * Without what is known to differ: frames of built-in functions, columns of slices, the frame of a function that was called
 * with wrong arguments, addresses, and what breaks down in Go.
 */
function comparable(text: string): string {
  if (text.includes("nil pointer dereference")) return "";
  const lines = text
    .replace(/^ {2}<builtin>: in .*\n/gm, "")
    .replace(/0x[0-9a-f]{8,}/g, "0x")
    .trimEnd()
    .split("\n");
  const last = lines.at(-1) ?? "";
  if (/function lambda (missing|accepts|got)/.test(last)) return last;
  return lines.join("\n").replace(/slice|index: got|index: -?\d/.test(last) ? /(:\d+):\d+: in/g : /$^/, "$1: in");
}

async function main(seed: number, count: number): Promise<void> {
  const command = process.env.STARLARK_GO;
  if (command === undefined) throw new Error("STARLARK_GO names no program to compare with");
  const folder = mkdtempSync(join(tmpdir(), "starlark-go-"));
  const frontEnd = await createFrontEnd(readParserAssets());
  let differing = 0;
  for (let at = seed; at < seed + count; at++) {
    const chance = new Chance(at);
    const source = `print(repr(${failingExpression(chance, 1 + chance.below(4))}))\n`;
    const { output, trace = "" } = answerRequest(
      frontEnd,
      JSON.stringify({ filename, source, options: ["set"] }),
      false,
    );
    const [ours, theirs] = [comparable(output + trace), comparable(withGo(command, folder, source))];
    if (ours === theirs || theirs === "") continue;
    differing++;
    console.log(`seed ${at}: ${source}--- Go\n${theirs}\n--- ours\n${ours}\n`);
  }
  rmSync(folder, { recursive: true });
  console.log(`${count} programs, ${differing} differ`);
}

void main(Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 1000));
