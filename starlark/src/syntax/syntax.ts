import type { Diagnostic } from "../diagnostics.ts";
import type { Module, Span } from "./ast.ts";

/** A replacement of text: `span` is in the text before the change. */
export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

/** The two WebAssembly files a parser is made of; hosts read them from disk. */
export interface ParserAssets {
  /** `web-tree-sitter.wasm`, the tree-sitter runtime. */
  readonly runtime: Uint8Array;
  /** `tree-sitter-starlark.wasm`, our grammar. */
  readonly grammar: Uint8Array;
}

export interface ParserOptions {
  /**
   * Whether 1,000 blocks may be in each other, as in the Go implementation, and not 400: for hosts with a stack of 2 MB or
   * more, or that try again with a larger one.
   */
  readonly hasLargeStack?: boolean;
}

/** What a file's text says. `diagnostics` are the syntax errors, all of them, in the order of the file. */
export interface SyntaxResult {
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses whole files, and opens files that will be edited. Made by `createParser(assets)`; never throws on user text. */
export interface Parser {
  parse(text: string): SyntaxResult;
  /** A document whose tree follows its edits; an edit costs its own statement. Call `dispose` when done. */
  open(text: string): SyntaxDocument;
}

export interface SyntaxDocument {
  readonly text: string;
  readonly syntax: SyntaxResult;
  /** Applies the changes in order (each to the text that the one before left) and re-reads what they touch. */
  edit(changes: readonly TextChange[]): void;
  dispose(): void;
}
