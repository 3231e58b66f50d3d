// What commands cost on stores of 1,000, 10,000 and 100,000 documents with 1,000 environments: times, and how many files
// and folders of the store are read. The reads must not grow with the store where the question does not.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/prepare.mjs";
import { median, milliseconds, printTable, timeProcess } from "./measure.mjs";
import { createRepository } from "./scale/store.mjs";

const sizes = process.env.SCALE_SIZES?.split(",").map(Number) ?? [1_000, 10_000, 100_000];
const runs = Number(process.env.SCALE_RUNS ?? 3);
const file = "services/p7/release.ocu.star";
const program = process.env.OCUROOT ?? join(root, "dist/ocuroot.cjs");

/** What is asked; `@@` is the newest release. */
const questions = [
  ["release new, 1 deployment", ["release", "new", "--force", "one.ocu.star"]],
  ["release new, all environments", ["release", "new", "--force", "wide.ocu.star"], 1],
  ["state get", ["state", "get", `bench/-/${file}/@@@/deploy/e3`]],
  ["state match, exact", ["state", "match", `bench/-/${file}/@@@/deploy/e3`]],
  ["state match, prefix", ["state", "match", `bench/-/${file}/@@@/**`]],
  ["state match, suffix", ["state", "match", "**/@@@/deploy/e3"]],
  ["work any --dryrun", ["work", "any", "--dryrun"]],
  ["release list", ["release", "list", file]],
  ["state diff", ["state", "diff"]],
];

const scratch = mkdtempSync(join(tmpdir(), "ocuroot-scale-"));
const rows = questions.map(([what]) => ({ command: what }));
try {
  for (const size of sizes) {
    const folder = join(scratch, `store-${size}`);
    const newest = createRepository(folder, size);
    // Else the first command that has a file reach the disk waits for all of the store that was just made.
    spawnSync("sync");
    // The releases that are measured make the store larger: they come last.
    const order = [...questions.keys()].sort((a, b) => Number(a < 2) - Number(b < 2) || b - a);
    for (const index of order) {
      const [, args, count = runs] = questions[index];
      const { wall, cpu, reads } = measure(
        folder,
        args.map((each) => each.replace("@@@", `@r${newest}`)),
        count,
      );
      const label = size.toLocaleString("en");
      rows[index][label] = `${milliseconds(wall)} (${milliseconds(cpu)})`;
      rows[index][`reads at ${label}`] = reads;
    }
    rmSync(folder, { recursive: true });
  }
  const keep = (test) =>
    rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => key === "command" || test(key))));
  printTable(
    "Commands on stores of so many documents: time (of that, of the processor)",
    keep((key) => !key.startsWith("reads")),
  );
  printTable(
    "What they read of the store",
    keep((key) => key.startsWith("reads")),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Medians of wall and processor time, and what was read of the store. */
function measure(cwd, args, count) {
  const counts = join(scratch, "counts.json");
  const env = {
    ...process.env,
    NODE_OPTIONS: `--require ${join(root, "bench/scale/count.cjs")}`,
    COUNT_BELOW: join(".ocuroot", "store"),
    COUNT_TO: counts,
  };
  const measured = Array.from({ length: count }, () => {
    const wall = timeProcess(process.execPath, [program, ...args], { cwd, env });
    return { wall, ...JSON.parse(readFileSync(counts, "utf8")) };
  });
  const { files, folders, checks } = measured.at(-1);
  const medianOf = (key) => median(measured.map((each) => each[key]).sort((a, b) => a - b));
  return {
    wall: medianOf("wall"),
    cpu: medianOf("cpu"),
    reads: `${files} files, ${folders} folders, ${checks} checks`,
  };
}
