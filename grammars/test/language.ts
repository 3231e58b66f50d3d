/** Loads the grammar for the tests of this package. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as TreeSitter from "web-tree-sitter";

export const folder = join(__dirname, "..");

/** An instance of its own: the one that is shared is started by the interpreter, in its own way, wherever that runs too. */
export const treeSitter = loadAnew();

function loadAnew(): typeof TreeSitter {
  const path = require.resolve("web-tree-sitter");
  const shared = require.cache[path];
  delete require.cache[path];
  const library = require(path) as typeof TreeSitter;
  delete require.cache[path];
  if (shared) require.cache[path] = shared;
  return library;
}

let loaded: Promise<TreeSitter.Language> | undefined;

export function loadLanguage(): Promise<TreeSitter.Language> {
  const { Language, Parser } = treeSitter;
  loaded ??= Parser.init().then(() => Language.load(readFileSync(join(folder, "tree-sitter-starlark.wasm"))));
  return loaded;
}

export async function makeParser(): Promise<TreeSitter.Parser> {
  const language = await loadLanguage();
  return new treeSitter.Parser().setLanguage(language);
}
