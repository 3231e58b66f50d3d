import type { TextEdit } from "../analysis/edits.ts";
import type { Token } from "./tokens.ts";

/**
 * Writes tokens in the order of the source and notes where the text between them, or their spelling, changes. What is
 * neither written nor left standing (white space, commas of lists) is part of those gaps.
 */
export class Writer {
  readonly edits: TextEdit[] = [];
  /** Where the next character will stand. */
  column = 0;
  /** The indentation of the line that is written, as `line` began it. */
  indent = 0;
  #gap = "";
  #done = 0;

  constructor(
    private readonly text: string,
    private readonly lineEnd: string,
  ) {}

  /** Text of our own: blanks and commas. */
  insert(text: string): void {
    this.#gap += text;
    this.column += text.length;
  }

  /** Begins a line, after so many empty ones. */
  line(indent: number, blankLines = 0): void {
    this.#gap += this.lineEnd.repeat(blankLines + 1) + " ".repeat(indent);
    this.column = indent;
    this.indent = indent;
  }

  token(token: Token, spelling = token.text): void {
    this.#closeGap(token.start);
    if (spelling !== token.text) this.edits.push({ span: { start: token.start, end: token.end }, text: spelling });
    this.#done = token.end;
    const lastLine = spelling.lastIndexOf("\n");
    this.column = lastLine < 0 ? this.column + spelling.length : spelling.length - lastLine - 1;
  }

  /** Leaves all up to an offset, which begins a line, as it is. */
  leave(offset: number): void {
    this.#gap = "";
    this.#done = offset;
    this.column = 0;
    this.indent = 0;
  }

  /** Ends the text. */
  finish(isLeft: boolean): void {
    if (isLeft) return;
    this.#gap = this.#done === 0 ? "" : this.lineEnd;
    this.#closeGap(this.text.length);
  }

  #closeGap(end: number): void {
    // Rather no formatting than lost text; the dispatcher answers with no edits and logs this.
    if (end < this.#done) throw new Error(`The formatter wrote the token at ${end} behind one at ${this.#done}.`);
    if (this.text.slice(this.#done, end) !== this.#gap) {
      this.edits.push({ span: { start: this.#done, end }, text: this.#gap });
    }
    this.#gap = "";
  }
}
