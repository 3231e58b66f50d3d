import type { Parser, Span, SyntaxDocument, SyntaxResult, TextChange } from "@ocuroot/starlark";
import type { TextDocumentContentChangeEvent } from "vscode-languageserver-protocol";
import { offsetAt } from "../text/convert.ts";
import { differenceOf, type PositionEncoding, TextSource } from "../text/textSource.ts";

/** An open document at one version. `source` and `syntax` always belong together. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly source: TextSource;
  /** Read when first asked for: a burst of edits is parsed once. */
  readonly syntax: SyntaxResult;
  /** The same object for all its versions, as long as it is open. */
  readonly lineage: object;
}

interface Entry {
  readonly tree: SyntaxDocument;
  current: OpenDocument;
  /** Edits that the tree has not seen yet, each of the text that the one before left. */
  pending: TextChange[];
}

/** More edits than these are handed to the tree as the one that they amount to. */
const maxPending = 64;

/** Owns the syntax trees of open documents: the only place where trees are edited and disposed. */
export class Documents {
  readonly #entries = new Map<string, Entry>();
  /** How the client counts columns. */
  encoding: PositionEncoding = "utf-16";

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
    const current = this.#document(version, new TextSource(uri, tree.text, this.encoding), {});
    this.#entries.set(uri, { tree, current, pending: [] });
    return current;
  }

  /** Applies changes as LSP sends them: each refers to the text that the one before left. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): OpenDocument | undefined {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return undefined;
    let { source } = entry.current;
    for (const change of changes) {
      const { span, text } = toTextChange(source, change);
      source = source.edited(span, text);
      note(entry.pending, { span, text });
    }
    entry.current = this.#document(version, source, entry.current.lineage);
    return entry.current;
  }

  close(uri: string): void {
    this.#entries.get(uri)?.tree.dispose();
    this.#entries.delete(uri);
  }

  closeAll(): void {
    for (const uri of [...this.#entries.keys()]) this.close(uri);
  }

  #document(version: number, source: TextSource, lineage: object): OpenDocument {
    let syntax: SyntaxResult | undefined;
    const read = (document: OpenDocument): SyntaxResult => this.#read(document);
    return {
      uri: source.name,
      version,
      source,
      lineage,
      get syntax() {
        syntax ??= read(this);
        return syntax;
      },
    };
  }

  #read(document: OpenDocument): SyntaxResult {
    const entry = this.#entries.get(document.uri);
    // Who still holds an older version, of which nobody has asked this before, gets a tree of its own.
    if (entry?.current !== document) return this.parser.parse(document.source.text);
    const { pending, tree } = entry;
    entry.pending = [];
    if (pending.length > maxPending) tree.edit([differenceOf(tree.text, document.source.text)]);
    else tree.edit(pending);
    return tree.syntax;
  }
}

/** Adds an edit to those before; one within the text that the last one put in becomes part of it. */
function note(pending: TextChange[], change: TextChange): void {
  const last = pending.at(-1);
  const start = last === undefined ? -1 : change.span.start - last.span.start;
  if (last === undefined || start < 0 || change.span.end - last.span.start > last.text.length) {
    pending.push(change);
    return;
  }
  const text = last.text.slice(0, start) + change.text + last.text.slice(change.span.end - last.span.start);
  pending[pending.length - 1] = { span: last.span, text };
}

/** A client that sends the whole text has seldom changed more than a place in it. */
function toTextChange(source: TextSource, change: TextDocumentContentChangeEvent): TextChange {
  if (!("range" in change) || change.range == null) return differenceOf(source.text, change.text);
  const start = offsetAt(source, change.range.start);
  const span: Span = { start, end: Math.max(start, offsetAt(source, change.range.end)) };
  return { span, text: change.text };
}
