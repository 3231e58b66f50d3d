/** The recogniser of expressions. */
import { literalKinds, show, TokenReader } from "./tokenReader.ts";

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

const listEnds: ReadonlySet<string> = new Set(["end of file", "newline", "=", "}", "]", ")", ";"]);

/** What an expression is, as far as the parser's decisions depend on it. */
type Shape = "name" | "other";

export class ExpressionReader extends TokenReader {
  /** The operator of the comparison just read, for the message about a chain of them. */
  protected operator = "";

  protected parameters(): void {
    let isFirst = true;
    while (!this.is(")") && !this.is(":") && !this.is("end of file")) {
      if (this.isTolerant && this.is("newline")) return;
      if (!isFirst && !this.comma()) return;
      isFirst = false;
      if (this.is(")") || (this.isTolerant && this.is("newline"))) return;
      if (this.is("*") || this.is("**")) {
        const star = this.next();
        if (star.kind === "**" || this.is("identifier")) this.identifier();
        continue;
      }
      this.identifier();
      if (!this.is("=")) continue;
      this.next();
      this.test();
    }
  }

  // --- expressions ---

  protected loopVariables(): void {
    this.primaryWithSuffix();
    while (this.is(",")) {
      this.next();
      if (listEnds.has(this.token.kind)) break;
      this.primaryWithSuffix();
    }
  }

  protected expression(allowsTrailingComma: boolean): void {
    this.test();
    this.moreTests(allowsTrailingComma);
  }

  /** The rest of a tuple, from its first comma. */
  protected moreTests(allowsTrailingComma: boolean): void {
    while (this.is(",")) {
      const comma = this.next();
      if (listEnds.has(this.token.kind)) {
        if (!allowsTrailingComma) {
          this.note("unparenthesized tuple with trailing comma", comma.start, "trailing-comma", undefined, comma);
        }
        return;
      }
      this.test();
    }
  }

  protected test(): Shape {
    this.enter();
    const shape = this.is("lambda") ? this.lambda(true) : this.conditional();
    this.leave();
    return shape;
  }

  protected conditional(): Shape {
    const shape = this.level(0);
    if (!this.is("if")) return shape;
    const word = this.next();
    this.level(0);
    if (!this.is("else")) {
      this.fail("conditional expression without else clause", word.start, "missing-else", "else", word);
    }
    this.next();
    this.test();
    return "other";
  }

  protected lambda(allowsCondition: boolean): Shape {
    this.enter();
    this.next();
    if (!this.is(":")) this.parameters();
    this.expect(":");
    if (allowsCondition) this.test();
    else this.testWithoutCondition();
    this.leave();
    return "other";
  }

  protected testWithoutCondition(): void {
    if (this.is("lambda")) this.lambda(false);
    else this.level(0);
  }

  protected level(level: number): Shape {
    this.enter();
    const shape = this.levelInside(level);
    this.leave();
    return shape;
  }

  protected levelInside(level: number): Shape {
    if (level >= levels.length) return this.primaryWithSuffix();
    if (this.is("not") && level === NOT_LEVEL) {
      this.next();
      this.level(level);
      return "other";
    }
    return this.binary(level);
  }

  protected binary(level: number): Shape {
    let shape = this.level(level + 1);
    for (let isFirst = true; ; isFirst = false) {
      let kind = this.token.kind;
      if (kind === "not") {
        this.next();
        if (!this.is("in")) this.fail(`got ${show(this.token.kind)}, want in`, undefined, undefined, "in");
        kind = "not in";
        this.token = { ...this.token, kind };
      }
      const found = levelOf.get(kind) ?? -1;
      if (found < level) return shape;
      if (!isFirst && found === COMPARISON_LEVEL) {
        const message = `${this.operator} does not associate with ${kind} (use parens)`;
        this.note(message, this.scanner.position, "chained-comparison");
      }
      this.next();
      this.level(found + 1);
      this.operator = kind;
      shape = "other";
    }
  }

  protected primaryWithSuffix(): Shape {
    let shape = this.primary();
    for (;;) {
      if (this.is(".")) {
        this.next();
        this.identifier();
      } else if (this.is("[")) this.subscript();
      else if (this.is("(")) this.callSuffix();
      else return shape;
      shape = "other";
    }
  }

  protected subscript(): void {
    this.open("[");
    if (!this.is(":")) {
      this.expression(false);
      if (this.is("]")) {
        this.close("]");
        return;
      }
    }
    if (this.is(":")) {
      this.next();
      if (!this.is(":") && !this.is("]")) this.test();
    }
    if (this.is(":")) {
      this.next();
      if (!this.is("]")) this.test();
    }
    this.close("]");
  }

  protected callSuffix(): void {
    this.open("(");
    let isFirst = true;
    while (!this.is(")") && !this.is("end of file")) {
      if (this.isTolerant && this.is("newline")) break;
      if (!isFirst && !this.comma()) break;
      isFirst = false;
      if (this.is(")") || (this.isTolerant && this.is("newline"))) break;
      this.argument();
    }
    this.close(")");
  }

  protected argument(): void {
    if (this.is("*") || this.is("**")) {
      this.next();
      this.test();
      return;
    }
    const shape = this.test();
    if (!this.is("=")) return;
    if (shape !== "name") {
      this.note("keyword argument must have form name=expr", this.scanner.position, "keyword-form");
    }
    this.next();
    this.test();
  }

  protected primary(): Shape {
    this.enter();
    const shape = this.primaryInside();
    this.leave();
    return shape;
  }

  protected primaryInside(): Shape {
    const { kind } = this.token;
    if (kind === "identifier") {
      this.next();
      return "name";
    }
    if (literalKinds.has(kind) || (kind === "illegal token" && this.isTolerant)) {
      this.next();
      return "other";
    }
    switch (kind) {
      case "[":
        this.list();
        return "other";
      case "{":
        this.dict();
        return "other";
      case "(":
        this.open("(");
        if (!this.is(")")) this.expression(true);
        this.close(")");
        return "other";
      case "-":
      case "+":
      case "~":
        this.next();
        this.primaryWithSuffix();
        return "other";
      default:
        return this.fail(`got ${show(kind)}, want primary expression`, this.token.start, "operand");
    }
  }

  protected list(): void {
    this.open("[");
    if (!this.is("]")) {
      this.test();
      if (this.is("for")) {
        this.clauses("]");
        return;
      }
      this.elements("]", () => this.test());
    }
    this.close("]");
  }

  protected dict(): void {
    this.open("{");
    if (!this.is("}")) {
      this.entry();
      if (this.is("for")) {
        this.clauses("}");
        return;
      }
      this.elements("}", () => this.entry());
    }
    this.close("}");
  }

  /** The elements after the first, each behind its comma. */
  protected elements(closer: string, element: () => void): void {
    for (;;) {
      if (!this.is(",")) {
        if (!this.isTolerant || !this.startsOperand()) return;
        // `[1 2]`: closing the bracket would be refused with these words.
        const message = `got ${show(this.token.kind)}, want ${show(closer)}`;
        this.note(message, this.scanner.position, "comma", ",");
      } else {
        this.next();
        if (closer === "}" ? this.is("}") : listEnds.has(this.token.kind)) return;
      }
      element();
    }
  }

  protected entry(): void {
    this.test();
    this.expect(":");
    this.test();
  }

  protected clauses(closer: string): void {
    while (!this.is(closer)) {
      if (this.is("for")) {
        this.next();
        this.loopVariables();
        this.expect("in");
        this.level(0);
      } else if (this.is("if")) {
        this.next();
        this.testWithoutCondition();
      } else {
        const message = `got ${show(this.token.kind)}, want '${closer}', for, or if`;
        if (!this.is("newline") && !this.is("end of file")) this.fail(message, undefined, "clause", closer);
        this.note(message, this.scanner.position, "closer", closer);
        break;
      }
    }
    this.close(closer);
  }
}
