// `npm run check`: the types of every project. `npm test` does the same, one after the other with what it prints.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, run } from "./prepare.mjs";

const compiler = join(root, "node_modules/typescript/bin/tsc");

/** What is compiled together: the language once more without Node, which it must not need, and scripts of pages with the DOM. */
export const projects = [
  "starlark/tsconfig.src.json",
  "grammars",
  "starlark",
  "engine",
  "engine/src/view/browser",
  "server",
  "client",
  "client/src/webview",
  "e2e",
  "bench",
];

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const project of projects) run(process.execPath, [compiler, "-p", project]);
}
