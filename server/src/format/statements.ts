import type { Statement } from "@ocuroot/starlark";
import { spanOf } from "../analysis/tree.ts";
import type { ExpressionPrinter } from "./expressions.ts";
import type { Token } from "./tokens.ts";
import type { Writer } from "./writer.ts";

const step = 4;

/** Prints statements, each on a line of its own, with the comments between them. */
export class StatementPrinter {
  #index = 0;
  /** What was printed last; undefined at the start of the file and where text was left as it is. */
  #last: Token | undefined;
  /** The next line follows the head of a block. */
  #isAfterHead = false;
  /** Comments from here on belong to text that stays as it is. */
  #ownEnd = Number.POSITIVE_INFINITY;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
    private readonly writer: Writer,
    private readonly expressions: ExpressionPrinter,
  ) {}

  /** Prints a file. Statements of `kept` stay as they are, with what is between them and the next one. */
  file(statements: readonly Statement[], kept: ReadonlySet<Statement>, isStartKept: boolean): void {
    let before: Statement | undefined;
    let isLeft = isStartKept;
    for (const [index, statement] of statements.entries()) {
      if (kept.has(statement)) {
        isLeft = true;
        continue;
      }
      const next = statements[index + 1];
      this.#ownEnd = next !== undefined && kept.has(next) ? spanOf(statement).end : Number.POSITIVE_INFINITY;
      if (isLeft) {
        const { start } = spanOf(statement);
        this.#skipTo(start);
        this.writer.leave(start);
        this.#last = undefined;
        this.#simpleOrCompound(statement, 0);
        this.#suffix();
        isLeft = false;
      } else {
        this.#statement(before, statement, 0, statement);
      }
      before = statement;
    }
    if (isLeft) this.writer.leave(this.text.length);
    else this.#ownComments(0, this.text.length);
    this.writer.finish(isLeft);
  }

  #block(statements: readonly Statement[], indent: number): void {
    const [first] = statements;
    if (first === undefined) return;
    const start = spanOf(first).start;
    const column = this.#columnOf(start);
    let before: Statement | undefined;
    for (const statement of statements) {
      this.#statement(before, statement, indent, statement);
      before = statement;
    }
    if (column === undefined) return;
    for (let token = this.#next(); token?.kind === "comment"; token = this.#next()) {
      if (token.start > this.#ownEnd) return;
      if ((this.#columnOf(token.start) ?? 0) < column) return;
      this.#ownComment(indent, token);
    }
  }

  #statement(before: Statement | undefined, statement: Statement, indent: number, node: Statement): void {
    const { start } = spanOf(statement);
    const needsGap = before !== undefined && needsBlankLine(before, statement) && !this.#hasGapBefore(start);
    let isFirst = true;
    for (let token = this.#next(); token?.kind === "comment" && token.start < start; token = this.#next()) {
      this.#ownComment(indent, token, needsGap && isFirst);
      isFirst = false;
    }
    const token = this.#next();
    if (token !== undefined) this.#line(indent, token, needsGap && isFirst);
    this.#simpleOrCompound(node, indent);
    this.#suffix();
  }

  #simpleOrCompound(node: Statement, indent: number): void {
    switch (node.kind) {
      case "DefStatement":
      case "ForStatement":
      case "WhileStatement":
        this.#head(node.body);
        this.#block(node.body, indent + step);
        return;
      case "IfStatement": {
        this.#head(node.body);
        this.#block(node.body, indent + step);
        const [next] = node.orElse ?? [];
        if (node.orElse === undefined || next === undefined) return;
        const isElif = next.kind === "IfStatement" && next.isElif;
        this.#ownComments(indent, isElif ? spanOf(next).start : this.#startOfElse());
        const word = this.#next();
        if (word !== undefined) this.#line(indent, word, false, true);
        if (isElif) this.#simpleOrCompound(next, indent);
        else {
          this.#head(node.orElse);
          this.#block(node.orElse, indent + step);
        }
        return;
      }
      default:
        this.#printUntil(spanOf(node).end);
    }
  }

  /** Prints `def f(x):`, `if x:`, `else:` … and the comment behind it. */
  #head(body: readonly Statement[]): void {
    const [first] = body;
    const limit = first === undefined ? this.text.length : spanOf(first).start;
    let end = this.#index;
    for (let index = this.#index; index < this.tokens.length; index++) {
      const token = this.tokens[index] as Token;
      if (token.start >= limit) break;
      if (token.kind === "operator" && token.text === ":") end = index + 1;
    }
    this.#print(end);
    this.#suffix();
    this.#isAfterHead = true;
  }

  #printUntil(offset: number): void {
    let end = this.#index;
    while (end < this.tokens.length && (this.tokens[end] as Token).end <= offset) end++;
    this.#print(end);
  }

  #print(end: number): void {
    this.expressions.print(this.#index, end);
    this.#index = end;
    this.#last = this.tokens[end - 1];
  }

  /** The comment behind a statement. */
  #suffix(): void {
    const token = this.#next();
    if (token?.kind !== "comment" || this.#last === undefined || token.line !== this.#last.endLine) return;
    this.writer.insert("  ");
    this.writer.token(token);
    this.#last = token;
    this.#index++;
  }

  #ownComments(indent: number, until: number): void {
    for (let token = this.#next(); token?.kind === "comment" && token.start < until; token = this.#next()) {
      this.#ownComment(indent, token);
    }
  }

  #ownComment(indent: number, token: Token, needsGap = false): void {
    this.#line(indent, token, needsGap);
    this.writer.token(token);
    this.#last = token;
    this.#index++;
  }

  /** Begins the line of a token, after at most one empty line. */
  #line(indent: number, token: Token, needsGap: boolean, isTight = false): void {
    if (this.#last !== undefined) {
      const hasGap = !this.#isAfterHead && !isTight && token.line - this.#last.endLine > 1;
      this.writer.line(indent, needsGap || hasGap ? 1 : 0);
    }
    this.#isAfterHead = false;
  }

  /** Whether an empty line stands anywhere between what was printed and an offset. */
  #hasGapBefore(offset: number): boolean {
    let line = this.#last?.endLine;
    for (let index = this.#index; line !== undefined && index < this.tokens.length; index++) {
      const token = this.tokens[index] as Token;
      if (token.line - line > 1) return true;
      if (token.start >= offset) return false;
      line = token.endLine;
    }
    return false;
  }

  #startOfElse(): number {
    const found = this.tokens.findIndex((each, index) => index >= this.#index && each.kind !== "comment");
    return this.tokens[found]?.start ?? this.text.length;
  }

  #skipTo(offset: number): void {
    while (this.#index < this.tokens.length && (this.tokens[this.#index] as Token).start < offset) this.#index++;
  }

  #next(): Token | undefined {
    return this.tokens[this.#index];
  }

  /** How far an offset that begins its line is indented; undefined when something stands before it. */
  #columnOf(offset: number): number | undefined {
    let at = offset;
    while (at > 0 && (this.text[at - 1] === " " || this.text[at - 1] === "\t")) at--;
    if (at > 0 && this.text[at - 1] !== "\n" && this.text[at - 1] !== "\r" && this.text[at - 1] !== "\uFEFF") {
      return undefined;
    }
    return widthOf(this.text.slice(at, offset));
  }
}

/** A tab leads to the next multiple of eight, as the scanner counts. */
function widthOf(blanks: string): number {
  let width = 0;
  for (const char of blanks) width = char === "\t" ? width + 8 - (width % 8) : width + 1;
  return width;
}

/** Definitions and blocks of loads stand apart. */
function needsBlankLine(before: Statement, after: Statement): boolean {
  if (before.kind === "DefStatement" || after.kind === "DefStatement") return true;
  return (before.kind === "LoadStatement") !== (after.kind === "LoadStatement");
}
