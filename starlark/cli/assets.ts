import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ParserAssets } from "../src/syntax/syntax.ts";

/** Not written where it is used, or the bundler would take it for something to bundle. */
const runtimeFile = "web-tree-sitter/web-tree-sitter.wasm";

/** Reads the parser's WebAssembly files: from beside the bundle, or, when run from source, from where they are built. */
export function readParserAssets(): ParserAssets {
  return {
    runtime: readFirst(join(__dirname, "web-tree-sitter.wasm"), () => require.resolve(runtimeFile)),
    grammar: readFirst(join(__dirname, "tree-sitter-starlark.wasm"), () =>
      join(__dirname, "../../grammars/tree-sitter-starlark.wasm"),
    ),
  };
}

function readFirst(bundled: string, findSource: () => string): Uint8Array {
  try {
    return readFileSync(bundled);
  } catch {
    return readFileSync(findSource());
  }
}
