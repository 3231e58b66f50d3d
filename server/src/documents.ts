import { type Parser, SourceFile, type SyntaxDocument, type SyntaxResult, type TextChange } from "@ocuroot/starlark";
import type { TextDocumentContentChangeEvent } from "vscode-languageserver-protocol";
import { offsetAt } from "./convert.ts";

/** An open document at one version. `source` and `syntax` always belong together. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly source: SourceFile;
  readonly syntax: SyntaxResult;
}

interface Entry {
  tree: SyntaxDocument;
  current: OpenDocument;
}

/** Owns the syntax trees of open documents: the only place where trees are edited and disposed. */
export class Documents {
  readonly #entries = new Map<string, Entry>();

  constructor(private readonly parser: Parser) {}

  get(uri: string): OpenDocument | undefined {
    return this.#entries.get(uri)?.current;
  }

  uris(): Iterable<string> {
    return this.#entries.keys();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Opening a document twice replaces it. */
  open(uri: string, version: number, text: string): OpenDocument {
    this.close(uri);
    const tree = this.parser.open(text);
    const current = { uri, version, source: new SourceFile(uri, tree.text), syntax: tree.syntax };
    this.#entries.set(uri, { tree, current });
    return current;
  }

  /** Applies changes as LSP sends them: each refers to the text that the one before left. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): OpenDocument | undefined {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return undefined;
    let source = entry.current.source;
    const edits: TextChange[] = [];
    for (const change of changes) {
      const span = spanOfChange(source, change);
      edits.push({ span, text: change.text });
      source = new SourceFile(uri, source.text.slice(0, span.start) + change.text + source.text.slice(span.end));
    }
    entry.tree.edit(edits);
    entry.current = { uri, version, source, syntax: entry.tree.syntax };
    return entry.current;
  }

  close(uri: string): void {
    this.#entries.get(uri)?.tree.dispose();
    this.#entries.delete(uri);
  }

  closeAll(): void {
    for (const uri of [...this.#entries.keys()]) this.close(uri);
  }
}

function spanOfChange(source: SourceFile, change: TextDocumentContentChangeEvent): { start: number; end: number } {
  if (!("range" in change)) return { start: 0, end: source.text.length };
  const start = offsetAt(source, change.range.start);
  return { start, end: Math.max(start, offsetAt(source, change.range.end)) };
}
