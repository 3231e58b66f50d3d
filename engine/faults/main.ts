/**
 * `npm run faults -- --seed N --kills K [--store fs|git]`: real releases by the built command, killed at random moments.
 * Prints a table; exit code 1 when something was lost, done twice, damaged or could not be finished.
 */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runFaults } from "./run.ts";
import type { StoreSort } from "./world.ts";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      kills: { type: "string", default: "500" },
      store: { type: "string" },
      program: { type: "string", default: join(__dirname, "../../dist/ocuroot.cjs") },
      keep: { type: "boolean", default: false },
    },
  });
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-faults-")));
  // A copy of the bundles: they may be built anew while this runs.
  const bundles = join(scratch, "dist");
  mkdirSync(bundles);
  const names = ["ocuroot.cjs", "worker.cjs", "tree-sitter-starlark.wasm", "web-tree-sitter.wasm", "stateView.js"];
  for (const name of names) cpSync(join(values.program, "..", name), join(bundles, name));
  const kills = Number(values.kills);
  const sorts: readonly StoreSort[] = values.store === "fs" || values.store === "git" ? [values.store] : ["fs", "git"];
  // Releases on a git store take longer: two kills of five are for them.
  const share = (sort: StoreSort) => (sorts.length === 1 ? kills : Math.round(kills * (sort === "fs" ? 0.6 : 0.4)));
  let failed = 0;
  for (const sort of sorts) {
    const options = {
      sort,
      seed: Number(values.seed),
      kills: share(sort),
      scratch,
      program: join(bundles, "ocuroot.cjs"),
    };
    failed += await runFaults(options, (line) => console.log(line));
  }
  if (failed === 0 && !values.keep) rmSync(scratch, { recursive: true, force: true });
  else console.log(`\nThe repositories and stores are in ${scratch}`);
  return failed === 0 ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
