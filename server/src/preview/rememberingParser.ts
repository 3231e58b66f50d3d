import type { Parser, SyntaxDocument, SyntaxResult } from "@ocuroot/starlark";
import { differenceOf } from "../text/textSource.ts";

/** Shorter texts (UTF-16 units) are read at once. */
const smallest = 4_000;

/** How many texts' trees are kept. */
const kept = 2;

/**
 * Reads long texts from the trees of those it has read before, as an editor does: a file that is evaluated at each
 * keystroke is most of it what it was. A result is good until the next text is read.
 */
export class RememberingParser implements Parser {
  readonly #documents: SyntaxDocument[] = [];

  constructor(private readonly parser: Parser) {}

  parse(text: string): SyntaxResult {
    if (text.length < smallest) return this.parser.parse(text);
    for (const [index, document] of this.#documents.entries()) {
      const change = differenceOf(document.text, text);
      if (change.text.length + change.span.end - change.span.start > text.length / 4) continue;
      if (change.text !== "" || change.span.end > change.span.start) document.edit([change]);
      this.#documents.splice(index, 1);
      this.#documents.unshift(document);
      return document.syntax;
    }
    const document = this.parser.open(text);
    this.#documents.unshift(document);
    for (const old of this.#documents.splice(kept)) old.dispose();
    return document.syntax;
  }

  open(text: string): SyntaxDocument {
    return this.parser.open(text);
  }
}
