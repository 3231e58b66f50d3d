/** The ground of the recogniser: one token of lookahead, the faults found, and what to do about a token that does not fit. */
import { pulse } from "../values/pulse.ts";
import { closerOf, type Fault, type FaultContext, SyntaxFault, type Token } from "./fault.ts";
import { Scanner } from "./scan.ts";
import { keywords } from "./words.ts";

export const literalKinds: ReadonlySet<string> = new Set(["int literal", "float literal", "string literal", "bytes"]);

/** Nesting that the Go implementation allows, counted as it counts. */
const MAX_DEPTH = 1000;

/** Thrown to leave a statement whose fault is noted. */
export class Unreadable extends Error {}

export class TokenReader {
  protected scanner: Scanner;
  protected isTolerant: boolean;
  protected faults: Fault[] = [];
  protected token: Token = { kind: "newline", start: 0, end: 0 };
  protected previous: Token = this.token;
  protected first: Token = this.token;
  /** Closing brackets that are due, outermost first. */
  protected due: string[] = [];
  protected depth = 0;

  constructor(text: string, start: number, isTolerant: boolean) {
    this.scanner = new Scanner(text, start, isTolerant);
    this.isTolerant = isTolerant;
  }

  protected next(): Token {
    this.previous = this.token;
    pulse();
    this.token = this.scanner.next();
    return this.previous;
  }

  protected is(kind: string): boolean {
    return this.token.kind === kind;
  }

  // --- faults ---

  protected context(want?: string): FaultContext {
    const { abandoned, brackets } = this.scanner;
    const open = this.is("newline") && abandoned.length > 0 ? abandoned : brackets;
    return { got: this.token, previous: this.previous, want, open: [...open], first: this.first };
  }

  /** Notes a fault; when strict, that is all there is to find. */
  protected note(message: string, offset: number, rule?: string, want?: string, at: Token = this.token): void {
    const fault: Fault = { message, offset, start: at.start, end: at.end, rule, context: this.context(want) };
    if (!this.isTolerant) throw new SyntaxFault(fault);
    // What follows a fault of the scanner in the same token is its consequence.
    if (this.is("illegal token")) return;
    this.faults.push(fault);
  }

  /** Gives up the statement. */
  protected fail(message: string, offset = this.scanner.position, rule?: string, want?: string, at?: Token): never {
    this.note(message, offset, rule, want, at);
    throw new Unreadable();
  }

  /** Takes a token that must be there. */
  protected expect(want: string): void {
    if (this.is(want)) {
      this.next();
      return;
    }
    const message = `got ${show(this.token.kind)}, want ${show(want)}`;
    const offset = this.scanner.position;
    const canInsert = want === ":" && (this.is("newline") || this.startsOperand() || this.startsStatement());
    if (!canInsert) this.fail(message, offset, undefined, want);
    this.note(message, offset, undefined, want);
  }

  /** Takes a closing bracket. A missing one counts as there; so does a wrong one, unless it closes an outer bracket. */
  protected close(want: string): void {
    this.due.pop();
    if (this.is(want)) {
      this.next();
      return;
    }
    const isCloser = this.is(")") || this.is("]") || this.is("}");
    const isEnd = this.is("newline") || this.is("end of file");
    const message = `got ${show(this.token.kind)}, want ${show(want)}`;
    if (!isCloser && !isEnd) this.fail(message, undefined, undefined, want);
    if (!isEnd || !this.isAbandonNoted()) this.note(message, this.scanner.position, "closer", want);
    if (isCloser && !this.due.includes(this.token.kind)) this.next();
  }

  /** True when the brackets open at this line end are reported already. */
  protected isAbandonNoted(): boolean {
    return this.faults.some(({ rule, context }) => rule === "closer" && context?.got === this.token);
  }

  /**
   * Takes the comma between two elements; one that is missing before an operand counts as there. False when no element
   * follows, because the brackets end here without a comma or closing bracket.
   */
  protected comma(): boolean {
    if (this.is(",")) {
      this.next();
      return true;
    }
    const message = `got ${show(this.token.kind)}, want ','`;
    if (this.startsOperand() || this.is("*") || this.is("**")) {
      this.note(message, this.scanner.position, "comma", ",");
      return true;
    }
    const isEnd = ["newline", "end of file", ")", "]", "}"].includes(this.token.kind);
    if (!isEnd || !this.isTolerant) this.fail(message, undefined, undefined, ",");
    return false;
  }

  protected startsOperand(): boolean {
    const { kind } = this.token;
    return kind === "identifier" || literalKinds.has(kind) || ["(", "[", "{", "lambda", "not", "-", "~"].includes(kind);
  }

  protected startsStatement(): boolean {
    return ["return", "pass", "break", "continue", "load"].includes(this.token.kind);
  }

  protected enter(): void {
    if (++this.depth <= MAX_DEPTH) return;
    const { start, end } = this.token;
    throw new SyntaxFault({
      ...{ message: "excessive nesting", offset: this.scanner.position, start, end },
      rule: "too-deep",
    });
  }

  protected leave(): void {
    this.depth--;
  }

  protected nameText(): string {
    return this.scanner.text.slice(this.token.start, this.token.end);
  }

  protected identifier(): void {
    if (!this.is("identifier")) this.fail("not an identifier", undefined, "name");
    this.next();
  }

  protected open(kind: "(" | "[" | "{"): void {
    this.expect(kind);
    this.due.push(closerOf(kind));
  }
}

/** A kind of token as the Go implementation shows it: punctuation in quotes. */
export function show(kind: string): string {
  return /^[a-z]/.test(kind) || keywords.has(kind) ? (kind === "bytes" ? "" : kind) : `'${kind}'`;
}
