// `npm run torture -- --seeds 10 --edits 10000`: edits files at random and compares what the server knows after each few
// edits with what it would know after opening the files anew. A difference is printed with its seed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createParser } from "@ocuroot/starlark";
import { torture } from "./run.ts";

const root = join(__dirname, "../..");

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "10" },
      first: { type: "string", default: "1" },
      edits: { type: "string", default: "10000" },
    },
  });
  const parser = await createParser({
    runtime: readFileSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm")),
    grammar: readFileSync(join(root, "grammars/tree-sitter-starlark.wasm")),
  });
  const folder = join(root, "test-fixtures/repos/shop");
  const paths = ["backend/release.ocu.star", "lib/environments.star", "database/release.ocu.star", "repo.ocu.star"];
  let failed = 0;
  for (let index = 0; index < Number(values.seeds); index++) {
    const seed = Number(values.first) + index;
    const begun = Date.now();
    const { compared, differences } = await torture({ parser, folder, paths, seed, edits: Number(values.edits) });
    const seconds = ((Date.now() - begun) / 1000).toFixed(0);
    console.log(
      `seed ${seed}: ${values.edits} edits, ${compared} answers compared, ${differences.length} differences (${seconds} s)`,
    );
    for (const each of differences) console.log(JSON.stringify(each, undefined, 2));
    failed += differences.length;
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
