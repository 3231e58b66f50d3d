/** Loads the grammar for the tests of this package. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Language, Parser } from "web-tree-sitter";

export const folder = join(__dirname, "..");

let loaded: Promise<Language> | undefined;

export function loadLanguage(): Promise<Language> {
  loaded ??= Parser.init().then(() => Language.load(readFileSync(join(folder, "tree-sitter-starlark.wasm"))));
  return loaded;
}

export async function makeParser(): Promise<Parser> {
  const language = await loadLanguage();
  return new Parser().setLanguage(language);
}
