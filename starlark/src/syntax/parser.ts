import { Language, Parser as TreeParser } from "web-tree-sitter";
import { Document } from "./document.ts";
import type { Parser, ParserAssets, SyntaxDocument, SyntaxResult } from "./syntax.ts";

/** The runtime is one for the process: it is started with the first assets that come. */
let runtime: Promise<void> | undefined;

/** Makes a parser from the WebAssembly files. Any number may be made; they share the runtime. */
export async function createParser(assets: ParserAssets): Promise<Parser> {
  runtime ??= TreeParser.init({ wasmBinary: assets.runtime });
  await runtime;
  const language = await Language.load(assets.grammar);
  const parser = new TreeParser();
  parser.setLanguage(language);
  return {
    parse(text: string): SyntaxResult {
      const document = new Document(parser, text);
      document.dispose();
      return document.syntax;
    },
    open: (text: string): SyntaxDocument => new Document(parser, text),
  };
}
