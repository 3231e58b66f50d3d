/**
 * A recogniser of Starlark: it builds nothing, but finds what is wrong in damaged text. It takes the decisions of the Go
 * implementation's parser one by one, since its messages and places follow from them. When strict, it stops at the first
 * fault. When tolerant, it notes each and goes on: as if a missing comma, colon or bracket were there, else behind the
 * statement.
 */
import { closerOf, type Fault, type FaultContext, Scanner, SyntaxFault, type Token } from "./scan.ts";
import { keywords } from "./words.ts";

/** Levels of binary operators, weakest first. `not` stands where the unary one binds. */
const levels: readonly (readonly string[])[] = [
  ["or"],
  ["and"],
  ["not"],
  ["==", "!=", "<", ">", "<=", ">=", "in", "not in"],
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["-", "+"],
  ["*", "%", "/", "//"],
];
const NOT_LEVEL = 2;
const COMPARISON_LEVEL = 3;
const levelOf: ReadonlyMap<string, number> = new Map(levels.flatMap((each, level) => each.map((op) => [op, level])));

const assignments: ReadonlySet<string> = new Set([
  ...["=", "+=", "-=", "*=", "/=", "//=", "%=", "&=", "|=", "^=", "<<=", ">>="],
]);
const listEnds: ReadonlySet<string> = new Set(["end of file", "newline", "=", "}", "]", ")", ";"]);
const literalKinds: ReadonlySet<string> = new Set(["int literal", "float literal", "string literal", "bytes"]);

/** Nesting that the Go implementation allows, counted as it counts. */
const MAX_DEPTH = 1000;

/** What an expression is, as far as the parser's decisions depend on it. */
type Shape = "name" | "other";

/** The faults of the text between two offsets, both at starts of top-level statements. */
export function recognise(text: string, start: number, end: number, isTolerant: boolean): Fault[] {
  return new Recogniser(text, start, isTolerant).run(end);
}

class Recogniser {
  #scanner: Scanner;
  #isTolerant: boolean;
  #faults: Fault[] = [];
  #token: Token = { kind: "newline", start: 0, end: 0 };
  #previous: Token = this.#token;
  #first: Token = this.#token;
  /** Closing brackets that are due, outermost first. */
  #due: string[] = [];
  #depth = 0;
  /** The operator of the comparison just read, for the message about a chain of them. */
  #operator = "";

  constructor(text: string, start: number, isTolerant: boolean) {
    this.#scanner = new Scanner(text, start, isTolerant);
    this.#isTolerant = isTolerant;
  }

  run(end: number): Fault[] {
    try {
      this.#next();
      while (this.#token.kind !== "end of file" && this.#token.start < end) {
        if (this.#token.kind === "newline") this.#next();
        else this.#statement();
      }
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      this.#faults.push(error.fault);
    }
    return [...this.#faults, ...this.#scanner.faults];
  }

  #next(): Token {
    this.#previous = this.#token;
    this.#token = this.#scanner.next();
    return this.#previous;
  }

  #is(kind: string): boolean {
    return this.#token.kind === kind;
  }

  // --- faults ---

  #context(want?: string): FaultContext {
    const { abandoned, brackets } = this.#scanner;
    const open = this.#is("newline") && abandoned.length > 0 ? abandoned : brackets;
    return { got: this.#token, previous: this.#previous, want, open: [...open], first: this.#first };
  }

  /** Notes a fault; when strict, that is all there is to find. */
  #note(message: string, offset: number, rule?: string, want?: string, at: Token = this.#token): void {
    const fault: Fault = { message, offset, start: at.start, end: at.end, rule, context: this.#context(want) };
    if (!this.#isTolerant) throw new SyntaxFault(fault);
    // What follows a fault of the scanner in the same token is its consequence.
    if (this.#is("illegal token")) return;
    this.#faults.push(fault);
  }

  /** Gives up the statement. */
  #fail(message: string, offset = this.#scanner.position, rule?: string, want?: string, at?: Token): never {
    this.#note(message, offset, rule, want, at);
    throw new Unreadable();
  }

  /** Takes a token that must be there. */
  #expect(want: string): void {
    if (this.#is(want)) {
      this.#next();
      return;
    }
    const message = `got ${show(this.#token.kind)}, want ${show(want)}`;
    const offset = this.#scanner.position;
    const canInsert = want === ":" && (this.#is("newline") || this.#startsOperand() || this.#startsStatement());
    if (!canInsert) this.#fail(message, offset, undefined, want);
    this.#note(message, offset, undefined, want);
  }

  /** Takes a closing bracket. A missing one counts as there; so does a wrong one, unless it closes an outer bracket. */
  #close(want: string): void {
    this.#due.pop();
    if (this.#is(want)) {
      this.#next();
      return;
    }
    const isCloser = this.#is(")") || this.#is("]") || this.#is("}");
    const isEnd = this.#is("newline") || this.#is("end of file");
    const message = `got ${show(this.#token.kind)}, want ${show(want)}`;
    if (!isCloser && !isEnd) this.#fail(message, undefined, undefined, want);
    if (!isEnd || !this.#isAbandonNoted()) this.#note(message, this.#scanner.position, "closer", want);
    if (isCloser && !this.#due.includes(this.#token.kind)) this.#next();
  }

  /** True when the brackets open at this line end are reported already. */
  #isAbandonNoted(): boolean {
    return this.#faults.some(({ rule, context }) => rule === "closer" && context?.got === this.#token);
  }

  /**
   * Takes the comma between two elements; one that is missing before an operand counts as there. False when no element
   * follows, because the brackets end here without a comma or closing bracket.
   */
  #comma(): boolean {
    if (this.#is(",")) {
      this.#next();
      return true;
    }
    const message = `got ${show(this.#token.kind)}, want ','`;
    if (this.#startsOperand() || this.#is("*") || this.#is("**")) {
      this.#note(message, this.#scanner.position, "comma", ",");
      return true;
    }
    const isEnd = ["newline", "end of file", ")", "]", "}"].includes(this.#token.kind);
    if (!isEnd || !this.#isTolerant) this.#fail(message, undefined, undefined, ",");
    return false;
  }

  #startsOperand(): boolean {
    const { kind } = this.#token;
    return kind === "identifier" || literalKinds.has(kind) || ["(", "[", "{", "lambda", "not", "-", "~"].includes(kind);
  }

  #startsStatement(): boolean {
    return ["return", "pass", "break", "continue", "load"].includes(this.#token.kind);
  }

  #enter(): void {
    if (++this.#depth <= MAX_DEPTH) return;
    const { start, end } = this.#token;
    throw new SyntaxFault({
      ...{ message: "excessive nesting", offset: this.#scanner.position, start, end },
      rule: "too-deep",
    });
  }

  #leave(): void {
    this.#depth--;
  }

  // --- statements ---

  #statement(): void {
    const depth = this.#depth;
    this.#first = this.#token;
    if (this.#is("indent") && this.#isTolerant) {
      this.#note("got indent, want primary expression", this.#token.start, "unexpected-indent");
      this.#next();
      this.#statements();
      return;
    }
    try {
      this.#readStatement();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.#depth = depth;
      this.#due = [];
      this.#skipStatement();
    }
  }

  /** Behind a statement that could not be read, and behind the block below it, if any. */
  #skipStatement(): void {
    while (!this.#is("newline") && !this.#is("end of file")) this.#next();
    if (this.#is("newline")) this.#next();
    if (this.#is("indent")) {
      this.#next();
      this.#statements();
    }
    // Further branches of a statement whose head could not be read are no faults of their own.
    if (["elif", "else", "except", "finally"].includes(this.#token.kind)) this.#skipStatement();
  }

  /** Statements to the end of the block, which is taken too. */
  #statements(): void {
    while (!this.#is("outdent") && !this.#is("end of file")) {
      if (this.#is("newline")) this.#next();
      else this.#statement();
    }
    if (this.#is("outdent")) this.#next();
  }

  #readStatement(): void {
    switch (this.#token.kind) {
      case "def":
        this.#def();
        break;
      case "if":
        this.#ifStatement();
        break;
      case "for":
        this.#for();
        break;
      case "while":
        this.#head();
        break;
      default:
        this.#simpleStatement();
    }
  }

  #def(): void {
    this.#next();
    this.#identifier();
    this.#open("(");
    this.#parameters();
    this.#close(")");
    this.#expect(":");
    this.#suite();
  }

  #for(): void {
    this.#next();
    this.#loopVariables();
    this.#expect("in");
    this.#expression(false);
    this.#expect(":");
    this.#suite();
  }

  #ifStatement(): void {
    this.#head();
    while (this.#is("elif")) this.#head();
    if (!this.#is("else")) return;
    this.#next();
    this.#expect(":");
    this.#suite();
  }

  /** `if test: suite`, with any word for `if`. */
  #head(): void {
    this.#next();
    this.#test();
    this.#expect(":");
    this.#suite();
  }

  #suite(): void {
    this.#enter();
    if (this.#is("newline")) {
      this.#next();
      this.#block();
    } else {
      this.#simpleStatement();
    }
    this.#leave();
  }

  #block(): void {
    if (!this.#is("indent")) {
      const message = `got ${show(this.#token.kind)}, want indent`;
      this.#note(message, this.#scanner.position, "missing-block", "indent", this.#previous);
      return;
    }
    this.#next();
    if (this.#isTolerant) {
      this.#statements();
      return;
    }
    while (!this.#is("outdent") && !this.#is("end of file")) this.#statement();
    this.#expect("outdent");
  }

  #simpleStatement(): void {
    for (;;) {
      this.#smallStatement();
      if (!this.#is(";")) break;
      this.#next();
      if (this.#is("newline") || this.#is("end of file")) break;
    }
    if (!this.#is("end of file")) this.#expect("newline");
  }

  #smallStatement(): void {
    switch (this.#token.kind) {
      case "return":
        this.#next();
        if (!this.#is("end of file") && !this.#is("newline") && !this.#is(";")) this.#expression(false);
        return;
      case "break":
      case "continue":
      case "pass":
        this.#next();
        return;
      case "load":
        this.#load();
        return;
    }
    this.#expression(false);
    if (!assignments.has(this.#token.kind)) return;
    this.#next();
    this.#expression(false);
  }

  #load(): void {
    this.#next();
    const opener = this.#token;
    this.#open("(");
    if (!this.#is("string literal")) {
      this.#fail("first operand of load statement must be a string literal", undefined, "load-module");
    }
    this.#next();
    let count = 0;
    while (!this.#is(")") && !this.#is("end of file")) {
      if (!this.#comma() || this.#is(")") || (this.#isTolerant && this.#is("newline"))) break;
      this.#loadOperand();
      count++;
    }
    this.#close(")");
    if (count === 0)
      this.#note("load statement must import at least 1 symbol", opener.start, "load-empty", undefined, opener);
  }

  #loadOperand(): void {
    if (this.#is("string literal")) {
      this.#next();
      return;
    }
    if (!this.#is("identifier")) {
      const message = `load operand must be "name" or localname="name" (got ${show(this.#token.kind)})`;
      this.#fail(message, undefined, "load-operand");
    }
    const name = this.#nameText();
    this.#next();
    if (!this.#is("=")) {
      const message = `load operand must be "${name}" or ${name}="originalname" (want '=' after ${name})`;
      this.#fail(message, undefined, "load-unquoted", undefined, this.#previous);
    }
    this.#next();
    if (!this.#is("string literal")) {
      const message = `original name of loaded symbol must be quoted: ${name}="originalname"`;
      this.#fail(message, undefined, "load-unquoted");
    }
    this.#next();
  }

  #nameText(): string {
    return this.#scanner.text.slice(this.#token.start, this.#token.end);
  }

  #identifier(): void {
    if (!this.#is("identifier")) this.#fail("not an identifier", undefined, "name");
    this.#next();
  }

  #open(kind: "(" | "[" | "{"): void {
    this.#expect(kind);
    this.#due.push(closerOf(kind));
  }

  #parameters(): void {
    let isFirst = true;
    while (!this.#is(")") && !this.#is(":") && !this.#is("end of file")) {
      if (this.#isTolerant && this.#is("newline")) return;
      if (!isFirst && !this.#comma()) return;
      isFirst = false;
      if (this.#is(")") || (this.#isTolerant && this.#is("newline"))) return;
      if (this.#is("*") || this.#is("**")) {
        const star = this.#next();
        if (star.kind === "**" || this.#is("identifier")) this.#identifier();
        continue;
      }
      this.#identifier();
      if (!this.#is("=")) continue;
      this.#next();
      this.#test();
    }
  }

  // --- expressions ---

  #loopVariables(): void {
    this.#primaryWithSuffix();
    while (this.#is(",")) {
      this.#next();
      if (listEnds.has(this.#token.kind)) break;
      this.#primaryWithSuffix();
    }
  }

  #expression(allowsTrailingComma: boolean): void {
    this.#test();
    this.#moreTests(allowsTrailingComma);
  }

  /** The rest of a tuple, from its first comma. */
  #moreTests(allowsTrailingComma: boolean): void {
    while (this.#is(",")) {
      const comma = this.#next();
      if (listEnds.has(this.#token.kind)) {
        if (!allowsTrailingComma) {
          this.#note("unparenthesized tuple with trailing comma", comma.start, "trailing-comma", undefined, comma);
        }
        return;
      }
      this.#test();
    }
  }

  #test(): Shape {
    this.#enter();
    const shape = this.#is("lambda") ? this.#lambda(true) : this.#conditional();
    this.#leave();
    return shape;
  }

  #conditional(): Shape {
    const shape = this.#level(0);
    if (!this.#is("if")) return shape;
    const word = this.#next();
    this.#level(0);
    if (!this.#is("else")) {
      this.#fail("conditional expression without else clause", word.start, "missing-else", "else", word);
    }
    this.#next();
    this.#test();
    return "other";
  }

  #lambda(allowsCondition: boolean): Shape {
    this.#enter();
    this.#next();
    if (!this.#is(":")) this.#parameters();
    this.#expect(":");
    if (allowsCondition) this.#test();
    else this.#testWithoutCondition();
    this.#leave();
    return "other";
  }

  #testWithoutCondition(): void {
    if (this.#is("lambda")) this.#lambda(false);
    else this.#level(0);
  }

  #level(level: number): Shape {
    this.#enter();
    const shape = this.#levelInside(level);
    this.#leave();
    return shape;
  }

  #levelInside(level: number): Shape {
    if (level >= levels.length) return this.#primaryWithSuffix();
    if (this.#is("not") && level === NOT_LEVEL) {
      this.#next();
      this.#level(level);
      return "other";
    }
    return this.#binary(level);
  }

  #binary(level: number): Shape {
    let shape = this.#level(level + 1);
    for (let isFirst = true; ; isFirst = false) {
      let kind = this.#token.kind;
      if (kind === "not") {
        this.#next();
        if (!this.#is("in")) this.#fail(`got ${show(this.#token.kind)}, want in`, undefined, undefined, "in");
        kind = "not in";
        this.#token = { ...this.#token, kind };
      }
      const found = levelOf.get(kind) ?? -1;
      if (found < level) return shape;
      if (!isFirst && found === COMPARISON_LEVEL) {
        const message = `${this.#operator} does not associate with ${kind} (use parens)`;
        this.#note(message, this.#scanner.position, "chained-comparison");
      }
      this.#next();
      this.#level(found + 1);
      this.#operator = kind;
      shape = "other";
    }
  }

  #primaryWithSuffix(): Shape {
    let shape = this.#primary();
    for (;;) {
      if (this.#is(".")) {
        this.#next();
        this.#identifier();
      } else if (this.#is("[")) this.#subscript();
      else if (this.#is("(")) this.#callSuffix();
      else return shape;
      shape = "other";
    }
  }

  #subscript(): void {
    this.#open("[");
    if (!this.#is(":")) {
      this.#expression(false);
      if (this.#is("]")) {
        this.#close("]");
        return;
      }
    }
    if (this.#is(":")) {
      this.#next();
      if (!this.#is(":") && !this.#is("]")) this.#test();
    }
    if (this.#is(":")) {
      this.#next();
      if (!this.#is("]")) this.#test();
    }
    this.#close("]");
  }

  #callSuffix(): void {
    this.#open("(");
    let isFirst = true;
    while (!this.#is(")") && !this.#is("end of file")) {
      if (this.#isTolerant && this.#is("newline")) break;
      if (!isFirst && !this.#comma()) break;
      isFirst = false;
      if (this.#is(")") || (this.#isTolerant && this.#is("newline"))) break;
      this.#argument();
    }
    this.#close(")");
  }

  #argument(): void {
    if (this.#is("*") || this.#is("**")) {
      this.#next();
      this.#test();
      return;
    }
    const shape = this.#test();
    if (!this.#is("=")) return;
    if (shape !== "name") {
      this.#note("keyword argument must have form name=expr", this.#scanner.position, "keyword-form");
    }
    this.#next();
    this.#test();
  }

  #primary(): Shape {
    this.#enter();
    const shape = this.#primaryInside();
    this.#leave();
    return shape;
  }

  #primaryInside(): Shape {
    const { kind } = this.#token;
    if (kind === "identifier") {
      this.#next();
      return "name";
    }
    if (literalKinds.has(kind) || (kind === "illegal token" && this.#isTolerant)) {
      this.#next();
      return "other";
    }
    switch (kind) {
      case "[":
        this.#list();
        return "other";
      case "{":
        this.#dict();
        return "other";
      case "(":
        this.#open("(");
        if (!this.#is(")")) this.#expression(true);
        this.#close(")");
        return "other";
      case "-":
      case "+":
      case "~":
        this.#next();
        this.#primaryWithSuffix();
        return "other";
      default:
        return this.#fail(`got ${show(kind)}, want primary expression`, this.#token.start, "operand");
    }
  }

  #list(): void {
    this.#open("[");
    if (!this.#is("]")) {
      this.#test();
      if (this.#is("for")) {
        this.#clauses("]");
        return;
      }
      this.#elements("]", () => this.#test());
    }
    this.#close("]");
  }

  #dict(): void {
    this.#open("{");
    if (!this.#is("}")) {
      this.#entry();
      if (this.#is("for")) {
        this.#clauses("}");
        return;
      }
      this.#elements("}", () => this.#entry());
    }
    this.#close("}");
  }

  /** The elements after the first, each behind its comma. */
  #elements(closer: string, element: () => void): void {
    for (;;) {
      if (!this.#is(",")) {
        if (!this.#isTolerant || !this.#startsOperand()) return;
        // `[1 2]`: closing the bracket would be refused with these words.
        const message = `got ${show(this.#token.kind)}, want ${show(closer)}`;
        this.#note(message, this.#scanner.position, "comma", ",");
      } else {
        this.#next();
        if (closer === "}" ? this.#is("}") : listEnds.has(this.#token.kind)) return;
      }
      element();
    }
  }

  #entry(): void {
    this.#test();
    this.#expect(":");
    this.#test();
  }

  #clauses(closer: string): void {
    while (!this.#is(closer)) {
      if (this.#is("for")) {
        this.#next();
        this.#loopVariables();
        this.#expect("in");
        this.#level(0);
      } else if (this.#is("if")) {
        this.#next();
        this.#testWithoutCondition();
      } else {
        const message = `got ${show(this.#token.kind)}, want '${closer}', for, or if`;
        if (!this.#is("newline") && !this.#is("end of file")) this.#fail(message, undefined, "clause", closer);
        this.#note(message, this.#scanner.position, "closer", closer);
        break;
      }
    }
    this.#close(closer);
  }
}

/** Thrown to leave a statement whose fault is noted. */
class Unreadable extends Error {}

/** A kind of token as the Go implementation shows it: punctuation in quotes. */
export function show(kind: string): string {
  return /^[a-z]/.test(kind) || keywords.has(kind) ? (kind === "bytes" ? "" : kind) : `'${kind}'`;
}
