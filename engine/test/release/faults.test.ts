import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { runFaults } from "../../faults/run.ts";
import { temporaryFolder } from "../state/folders.ts";

const root = join(__dirname, "../../..");

/** The command as it ships, with its assets beside it. */
async function bundle(): Promise<string> {
  const folder = temporaryFolder();
  const entries = { ocuroot: "engine/src/cli/main.ts", worker: "engine/src/runner/worker.ts" };
  await build({
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: join(root, path), out })),
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "silent",
    loader: { ".star": "text", ".svg": "text", ".md": "text" },
    define: { "import.meta.url": "__bundleUrl" },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  copyFileSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm"), join(folder, "web-tree-sitter.wasm"));
  copyFileSync(join(root, "grammars/tree-sitter-starlark.wasm"), join(folder, "tree-sitter-starlark.wasm"));
  return join(folder, "ocuroot.cjs");
}

/** A few of the kills that `npm run faults` does by the hundred; the seed is another one each time. */
describe("releases whose commands are killed at random moments", function () {
  this.timeout(600_000);
  let program: string;
  before(async () => {
    program = await bundle();
  });

  for (const [sort, kills] of [
    ["fs", 8],
    ["git", 5],
  ] as const) {
    it(`lose nothing and repeat nothing, on a store of the kind ${sort}`, async () => {
      const seed = Math.floor(Math.random() * 1_000_000);
      const said: string[] = [];
      const found = await runFaults({ sort, seed, kills, scratch: temporaryFolder(), program }, (line) => {
        said.push(line);
      });
      assert.equal(found, 0, `seed ${seed}\n${said.join("\n")}`);
    });
  }
});
