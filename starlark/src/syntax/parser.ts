import { Language, Parser as TreeParser } from "web-tree-sitter";
import { Document } from "./document.ts";
import { ALL_BLOCKS, FEW_BLOCKS } from "./lowerContext.ts";
import type { RuntimeExports } from "./nodeCursor.ts";
import type { Parser, ParserAssets, ParserOptions, SyntaxDocument, SyntaxResult } from "./syntax.ts";

/** What all platforms have that the parser runs on; the language itself does not declare it. */
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** The runtime is one for the process: it is started with the first assets that come. */
let runtime: Promise<void> | undefined;
/** Its functions; undefined when somebody else has started it. */
let runtimeExports: RuntimeExports | undefined;

/**
 * What the runtime instantiates itself with. At once: V8 compiles a function when it is first called, so that waiting for
 * other threads would take longer than all there is to do.
 */
function instantiate(binary: Uint8Array) {
  return (imports: object, receive: (instance: object, module: object) => void) => {
    const module = new WebAssembly.Module(binary);
    const instance = new WebAssembly.Instance(module, imports);
    runtimeExports = instance.exports as RuntimeExports;
    receive(instance, module);
  };
}

/** Makes a parser from the WebAssembly files. Any number may be made; they share the runtime. */
export async function createParser(assets: ParserAssets, { hasLargeStack }: ParserOptions = {}): Promise<Parser> {
  const depth = hasLargeStack ? ALL_BLOCKS : FEW_BLOCKS;
  runtime ??= TreeParser.init({ instantiateWasm: instantiate(assets.runtime) });
  await runtime;
  const language = Language.loadSync(new WebAssembly.Module(assets.grammar));
  const parser = new TreeParser();
  parser.setLanguage(language);
  return {
    parse(text: string): SyntaxResult {
      const document = new Document(parser, text, runtimeExports, depth);
      document.dispose();
      return document.syntax;
    },
    open: (text: string): SyntaxDocument => new Document(parser, text, runtimeExports, depth),
  };
}

/**
 * A bare parser of another language, for text inside of strings. It shares the runtime, which the first `createParser` has
 * started.
 */
export function createTreeParser(grammar: Uint8Array): TreeParser {
  const parser = new TreeParser();
  parser.setLanguage(Language.loadSync(new WebAssembly.Module(grammar)));
  return parser;
}

export type { Node as TreeNode, Parser as TreeParser } from "web-tree-sitter";
