/**
 * A recogniser of Starlark: it builds nothing, but finds what is wrong in damaged text. It takes the decisions of the Go
 * implementation's parser one by one, since its messages and places follow from them. When strict, it stops at the first
 * fault. When tolerant, it notes each and goes on: as if a missing comma, colon or bracket were there, else behind the
 * statement.
 */
import { ExpressionReader } from "./expressionReader.ts";
import { type Fault, SyntaxFault } from "./fault.ts";
import { show, Unreadable } from "./tokenReader.ts";

const assignments: ReadonlySet<string> = new Set([
  ...["=", "+=", "-=", "*=", "/=", "//=", "%=", "&=", "|=", "^=", "<<=", ">>="],
]);

/** The faults of the text between two offsets, both at starts of top-level statements. */
export function recognise(text: string, start: number, end: number, isTolerant: boolean): Fault[] {
  return new Recogniser(text, start, isTolerant).run(end);
}

class Recogniser extends ExpressionReader {
  run(end: number): Fault[] {
    try {
      this.next();
      while (this.token.kind !== "end of file" && this.token.start < end) {
        if (this.token.kind === "newline") this.next();
        else this.statement();
      }
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      this.faults.push(error.fault);
    }
    return [...this.faults, ...this.scanner.faults];
  }

  // --- statements ---

  protected statement(): void {
    const depth = this.depth;
    this.first = this.token;
    if (this.is("indent") && this.isTolerant) {
      this.note("got indent, want primary expression", this.token.start, "unexpected-indent");
      this.next();
      this.statements();
      return;
    }
    try {
      this.readStatement();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.depth = depth;
      this.due = [];
      this.skipStatement();
    }
  }

  /** Behind a statement that could not be read, and behind the block below it, if any. */
  protected skipStatement(): void {
    while (!this.is("newline") && !this.is("end of file")) this.next();
    if (this.is("newline")) this.next();
    if (this.is("indent")) {
      this.next();
      this.statements();
    }
    // Further branches of a statement whose head could not be read are no faults of their own.
    if (["elif", "else", "except", "finally"].includes(this.token.kind)) this.skipStatement();
  }

  /** Statements to the end of the block, which is taken too. */
  protected statements(): void {
    while (!this.is("outdent") && !this.is("end of file")) {
      if (this.is("newline")) this.next();
      else this.statement();
    }
    if (this.is("outdent")) this.next();
  }

  protected readStatement(): void {
    switch (this.token.kind) {
      case "def":
        this.def();
        break;
      case "if":
        this.ifStatement();
        break;
      case "for":
        this.for();
        break;
      case "while":
        this.head();
        break;
      default:
        this.simpleStatement();
    }
  }

  protected def(): void {
    this.next();
    this.identifier();
    this.open("(");
    this.parameters();
    this.close(")");
    this.expect(":");
    this.suite();
  }

  protected for(): void {
    this.next();
    this.loopVariables();
    this.expect("in");
    this.expression(false);
    this.expect(":");
    this.suite();
  }

  protected ifStatement(): void {
    this.head();
    while (this.is("elif")) this.head();
    if (!this.is("else")) return;
    this.next();
    this.expect(":");
    this.suite();
  }

  /** `if test: suite`, with any word for `if`. */
  protected head(): void {
    this.next();
    this.test();
    this.expect(":");
    this.suite();
  }

  protected suite(): void {
    this.enter();
    if (this.is("newline")) {
      this.next();
      this.block();
    } else {
      this.simpleStatement();
    }
    this.leave();
  }

  protected block(): void {
    if (!this.is("indent")) {
      const message = `got ${show(this.token.kind)}, want indent`;
      this.note(message, this.scanner.position, "missing-block", "indent", this.previous);
      return;
    }
    this.next();
    if (this.isTolerant) {
      this.statements();
      return;
    }
    while (!this.is("outdent") && !this.is("end of file")) this.statement();
    this.expect("outdent");
  }

  protected simpleStatement(): void {
    for (;;) {
      this.smallStatement();
      if (!this.is(";")) break;
      this.next();
      if (this.is("newline") || this.is("end of file")) break;
    }
    if (!this.is("end of file")) this.expect("newline");
  }

  protected smallStatement(): void {
    switch (this.token.kind) {
      case "return":
        this.next();
        if (!this.is("end of file") && !this.is("newline") && !this.is(";")) this.expression(false);
        return;
      case "break":
      case "continue":
      case "pass":
        this.next();
        return;
      case "load":
        this.load();
        return;
    }
    this.expression(false);
    if (!assignments.has(this.token.kind)) return;
    this.next();
    this.expression(false);
  }

  protected load(): void {
    this.next();
    const opener = this.token;
    this.open("(");
    if (!this.is("string literal")) {
      this.fail("first operand of load statement must be a string literal", undefined, "load-module");
    }
    this.next();
    let count = 0;
    while (!this.is(")") && !this.is("end of file")) {
      if (!this.comma() || this.is(")") || (this.isTolerant && this.is("newline"))) break;
      this.loadOperand();
      count++;
    }
    this.close(")");
    if (count === 0)
      this.note("load statement must import at least 1 symbol", opener.start, "load-empty", undefined, opener);
  }

  protected loadOperand(): void {
    if (this.is("string literal")) {
      this.next();
      return;
    }
    if (!this.is("identifier")) {
      const message = `load operand must be "name" or localname="name" (got ${show(this.token.kind)})`;
      this.fail(message, undefined, "load-operand");
    }
    const name = this.nameText();
    this.next();
    if (!this.is("=")) {
      const message = `load operand must be "${name}" or ${name}="originalname" (want '=' after ${name})`;
      this.fail(message, undefined, "load-unquoted", undefined, this.previous);
    }
    this.next();
    if (!this.is("string literal")) {
      const message = `original name of loaded symbol must be quoted: ${name}="originalname"`;
      this.fail(message, undefined, "load-unquoted");
    }
    this.next();
  }
}
