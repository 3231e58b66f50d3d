import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { temporaryFolder } from "./state/folders.ts";

const root = join(__dirname, "../..");

let made: Promise<string> | undefined;

/** The command as it ships, with its assets beside it: for tests that start it as a process, or have it killed. */
export function bundledCommand(): Promise<string> {
  made ??= bundle();
  return made;
}

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

/** A script of the tests in one file, so that it starts quickly as a process of its own. */
export async function bundledScript(entry: string): Promise<string> {
  const outfile = join(temporaryFolder(), "script.cjs");
  const node = { platform: "node", format: "cjs", target: "node20", bundle: true, logLevel: "silent" } as const;
  await build({ ...node, entryPoints: [join(root, entry)], outfile });
  return outfile;
}
