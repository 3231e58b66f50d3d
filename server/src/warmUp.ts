import type { Parser, SyntaxDocument } from "@ocuroot/starlark";
import type { FileView, Snapshot } from "./analysis/snapshot.ts";
import type { Dispatcher } from "./connection/dispatch.ts";
import { doComplete } from "./features/completion/index.ts";
import { doDiagnostics } from "./features/diagnostics/index.ts";
import { toLspDiagnostic } from "./features/diagnostics/toLsp.ts";
import { getDocumentSymbols } from "./features/documentSymbols.ts";
import { getFoldingRanges } from "./features/folding.ts";
import { getSemanticTokens } from "./features/semanticTokens/index.ts";
import { collectGarbage } from "./heap.ts";
import { TextSource } from "./text/textSource.ts";
import { LazyFileView } from "./workspace/fileView.ts";

export interface WarmUpOptions {
  readonly parser: Parser;
  readonly dispatcher: Dispatcher;
  readonly snapshot: (uri: string) => Snapshot | undefined;
}

/** Milliseconds of quiet before it begins, or goes on after something has come in between. */
const quiet = 300;

/** How many edits are played, in how many milliseconds at most: V8 has by then compiled what edits need. */
const limits = { edits: 300, time: 3_000 };

/** So much of the file (UTF-16 units) is enough: one edit then takes a few milliseconds, which nobody notices. */
const sampleLength = 16_000;

/**
 * Plays edits of a copy of the file that was opened first, while the client is idle: JavaScript is slow until it has run
 * often, and the first keystrokes would be the ones to wait. What it finds is thrown away.
 */
export class WarmUp {
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #copy: { readonly document: SyntaxDocument; readonly lineage: object } | undefined;
  #hasBegun = false;
  #hasEnded = false;
  #messages = 0;
  #edits = 0;
  #spent = 0;

  constructor(private readonly options: WarmUpOptions) {}

  /** Begins once the client is quiet; later calls do nothing. */
  begin(uri: string): void {
    if (this.#hasBegun || this.#hasEnded) return;
    this.#hasBegun = true;
    this.#wait(uri);
  }

  dispose(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#copy?.document.dispose();
    // With it goes all that was kept of its statements.
    this.#copy = undefined;
  }

  #wait(uri: string): void {
    this.#messages = this.options.dispatcher.messages;
    this.#timer = setTimeout(() => this.#look(uri), quiet);
    this.#timer.unref();
  }

  #look(uri: string): void {
    this.#turn = undefined;
    const snapshot = this.options.snapshot(uri);
    if (this.#hasEnded) return;
    if (snapshot === undefined || this.#edits >= limits.edits || this.#spent >= limits.time) {
      this.dispose();
      collectGarbage();
      return;
    }
    if (this.options.dispatcher.messages !== this.#messages) {
      this.#wait(uri);
      return;
    }
    const start = performance.now();
    this.options.dispatcher.run("warm up", () => this.#play(snapshot), uri);
    this.#spent += performance.now() - start;
    this.#edits++;
    this.#turn = setImmediate(() => this.#look(uri));
  }

  /** One edit, and what clients ask after it. */
  #play(snapshot: Snapshot): void {
    this.#copy ??= { document: this.options.parser.open(sampleOf(snapshot.file)), lineage: {} };
    const { document, lineage } = this.#copy;
    const at = document.text.indexOf("(") + 1;
    const isInserted = this.#edits % 2 === 0;
    document.edit([{ span: { start: at, end: isInserted ? at : at + 1 }, text: isInserted ? " " : "" }]);
    const { uri, path, repository, source } = snapshot.file;
    const encoding = source instanceof TextSource ? source.encoding : "utf-16";
    const file = new LazyFileView({
      uri,
      version: null,
      source: new TextSource(uri, document.text, encoding),
      path,
      repository,
      parse: () => document.syntax,
      lineage,
    });
    const { state, repositories } = snapshot;
    // Without the grammar of shell text: it takes memory that a client may never ask for.
    const copy: Snapshot = { file, state, repositories };
    for (const each of doDiagnostics(copy)) toLspDiagnostic(uri, file.source, each);
    if (this.#edits % 2 === 0) getSemanticTokens(copy);
    if (this.#edits % 4 === 1) getDocumentSymbols(copy);
    if (this.#edits % 4 === 3) {
      getFoldingRanges(copy);
      doComplete(copy, at);
    }
  }
}

/** The first statements of a file, as many as fit. */
function sampleOf({ source, module }: FileView): string {
  const { text } = source;
  if (text.length <= sampleLength) return text;
  const end = module.statements.findLast((each) => each.chunk.offset < sampleLength)?.chunk.offset;
  return text.slice(0, end === undefined || end === 0 ? sampleLength : end);
}
