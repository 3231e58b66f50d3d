// Bundles everything that ships into dist/. `--watch` rebuilds on change; `--production` minifies and leaves out source maps;
// `--outdir FOLDER` puts all of it elsewhere, `--only PREFIX` bundles for Node only what starts with that.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";
import { root } from "./prepare.mjs";

const outdir = process.argv.indexOf("--outdir");
const dist = outdir < 0 ? join(root, "dist") : resolve(process.argv[outdir + 1]);
const onlyAt = process.argv.indexOf("--only");
const prefix = onlyAt < 0 ? "" : process.argv[onlyAt + 1];
const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");
const treeSitter = createRequire(join(root, "starlark/package.json"));
const serverPackages = createRequire(join(root, "server/package.json"));

/**
 * Bundles for Node: [entry, output, what is always done to it]. "minified": it is read whenever the command starts.
 * "compact": its text stays in memory; without comments it is smaller, and one byte a character.
 */
const nodeEntries = [
  ["starlark/cli/launch.ts", "starlark.cjs"],
  ["starlark/cli/main.ts", "starlarkMain.cjs", "minified"],
  ["starlark/cli/frontEnd.ts", "starlarkFrontEnd.cjs", "minified"],
  ["engine/src/cli/main.ts", "ocuroot.cjs"],
  ["engine/src/runner/worker.ts", "worker.cjs"],
  ["server/src/main.ts", "server.cjs", "compact"],
  ["server/src/preview/worker.ts", "previewWorker.cjs", "compact"],
  ["client/src/extension.ts", "extension.cjs"],
  ["client/src/launch.ts", "launch.cjs"],
];

/** Bundles for webviews and web pages: [entry, output]. */
const browserEntries = [
  ["client/src/webview/phases.ts", "webview/phases.js"],
  ["engine/src/view/browser/script.ts", "stateView.js"],
];

/** Files that are shipped as they are: [source, output]. */
const assets = [
  [join(root, "grammars/tree-sitter-starlark.wasm"), "tree-sitter-starlark.wasm"],
  [serverPackages.resolve("tree-sitter-bash/tree-sitter-bash.wasm"), "tree-sitter-bash.wasm"],
  [treeSitter.resolve("web-tree-sitter/web-tree-sitter.wasm"), "web-tree-sitter.wasm"],
];

const shared = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: production ? false : "linked",
  minify: production,
  legalComments: "none",
  logLevel: "warning",
  loader: { ".star": "text", ".svg": "text", ".md": "text" },
};

const options = [
  ...existing(nodeEntries).map(([entry, output, always]) => ({
    ...shared,
    minify: production || always === "minified",
    // Node prints the line of an error that nobody catches: it must not be all there is.
    ...(always === "compact" && !production ? { minifyWhitespace: true, lineLimit: 200 } : {}),
    entryPoints: [entry],
    outfile: join(dist, output),
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    // Its ES module would have Node start the loader of ES modules, which takes as long as the parser itself.
    alias: { "web-tree-sitter": treeSitter.resolve("web-tree-sitter") },
    // Some packages look themselves up by import.meta.url, which a CommonJS bundle does not have.
    define: { "import.meta.url": "__bundleUrl" },
    banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
  })),
  ...existing(browserEntries).map(([entry, output]) => ({
    ...shared,
    entryPoints: [entry],
    outfile: join(dist, output),
    platform: "browser",
    format: "iife",
    target: "chrome120",
  })),
];

function existing(entries) {
  return entries.filter(([entry, output]) => {
    if (!output.startsWith(prefix)) return false;
    const exists = existsSync(join(root, entry));
    if (!exists) console.warn(`build: ${entry} is not there, left out`);
    return exists;
  });
}

mkdirSync(dist, { recursive: true });
for (const [source, output] of assets) {
  if (existsSync(source)) copyFileSync(source, join(dist, output));
  else console.warn(`build: ${source} is not there, left out`);
}
if (watch) {
  const contexts = await Promise.all(options.map((each) => esbuild.context(each)));
  await Promise.all(contexts.map((context) => context.watch()));
  console.log("build: watching");
} else {
  // A bundle that fails does not keep the others from being written; esbuild has printed its errors.
  const results = await Promise.allSettled(options.map((each) => esbuild.build(each)));
  if (results.some((each) => each.status === "rejected")) process.exitCode = 1;
}
