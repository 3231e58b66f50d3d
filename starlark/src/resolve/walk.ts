import type {
  AssignStatement,
  CallExpression,
  Comprehension,
  DefStatement,
  Expression,
  LambdaExpression,
  LoadStatement,
  PlacedNode,
  Statement,
} from "../syntax/ast.ts";
import { positionOf, spanOf } from "../syntax/ast.ts";
import { pulse } from "../values/pulse.ts";
import { checkArguments } from "./arguments.ts";
import { declareParameters } from "./parameters.ts";
import { startOf } from "./scopes.ts";
import type { Unit } from "./unit.ts";

/** Walks a top-level statement and tells its unit what binds and what uses names. */
export class Walker {
  /** Enclosing loops in the current function. */
  private loops = 0;
  private conditionals = 0;

  constructor(private readonly unit: Unit) {}

  walk(statement: Statement): void {
    this.statement(statement);
  }

  private get isAtTop(): boolean {
    return !this.unit.block.container.isFunction;
  }

  private statements(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case "ExpressionStatement":
        this.expression(statement.expression);
        break;
      case "BreakStatement":
      case "ContinueStatement": {
        if (this.loops > 0) break;
        const word = statement.kind === "BreakStatement" ? "break" : "continue";
        this.misplaced("flow/not-in-loop", statement, `\`${word}\` is only allowed in a loop`, `${word} not in a loop`);
        break;
      }
      case "IfStatement":
        this.checkControl(statement, "if statement");
        this.expression(statement.test);
        this.conditionals++;
        this.statements(statement.body);
        this.statements(statement.orElse ?? []);
        this.conditionals--;
        break;
      case "AssignStatement":
        this.assignment(statement);
        break;
      case "DefStatement":
        this.unit.bind(statement.name, "function");
        this.function(statement);
        break;
      case "ForStatement":
        this.checkControl(statement, "for loop");
        this.expression(statement.iterable);
        this.target(statement.target);
        this.loop(statement.body);
        break;
      case "WhileStatement":
        this.checkWhile(statement);
        this.expression(statement.test);
        this.loop(statement.body);
        break;
      case "ReturnStatement":
        if (this.isAtTop) {
          const reference = "return statement not within a function";
          this.misplaced("flow/not-in-function", statement, "`return` is only allowed in a function", reference);
        }
        if (statement.value) this.expression(statement.value);
        break;
      case "LoadStatement":
        this.load(statement);
        break;
      case "ErrorStatement":
        this.parts(statement.parts);
        break;
      case "PassStatement":
        break;
    }
  }

  private loop(body: readonly Statement[]): void {
    this.loops++;
    this.statements(body);
    this.loops--;
  }

  private misplaced(
    code: "flow/not-in-function" | "flow/not-in-loop" | "flow/misplaced-load" | "dialect/while",
    node: PlacedNode,
    message: string,
    reference: string,
  ): void {
    const start = startOf(node);
    const word = /^\w+/.exec(reference)?.[0].length ?? 0;
    const length = code === "dialect/while" ? 5 : code === "flow/misplaced-load" ? 4 : word;
    this.unit.report({ code, node, message, reference, span: { start, end: start + length } });
  }

  private checkControl(statement: Statement, what: string): void {
    if (!this.isAtTop || this.unit.dialect.topLevelControl) return;
    const word = what.slice(0, what.indexOf(" "));
    const message = `\`${word}\` is only allowed in a function: move it into a \`def\`, or use a comprehension or \`x if c else y\``;
    this.misplaced("flow/not-in-function", statement, message, `${what} not within a function`);
  }

  private checkWhile(statement: Statement): void {
    if (!this.unit.dialect.while) {
      const message = "`while` is not available in this dialect of Starlark; use `for` with `range`";
      this.misplaced("dialect/while", statement, message, "this Starlark dialect does not support while loops");
    }
    this.checkControl(statement, "while loop");
  }

  private load(statement: LoadStatement): void {
    const place = !this.isAtTop
      ? "a function"
      : this.loops > 0
        ? "a loop"
        : this.conditionals > 0
          ? "a conditional"
          : "";
    if (place !== "") {
      const message = `\`load\` is only allowed at the top level of a file, not in ${place}`;
      this.misplaced("flow/misplaced-load", statement, message, `load statement within ${place}`);
    }
    const { unit } = this;
    for (const { local, remote } of statement.symbols) {
      const offset = positionOf(remote, remote.contentStart);
      if (remote.value === "") {
        const message = "The name to load is empty";
        unit.report({
          code: "name/empty-load",
          node: remote,
          message,
          reference: "load: empty identifier",
          offset,
        });
        continue;
      }
      if (remote.value.startsWith("_")) {
        const reference = `load: names with leading underscores are not exported: ${remote.value}`;
        const message = `\`${remote.value}\` is private to its module: names that start with an underscore cannot be loaded`;
        unit.report({ code: "name/private-load", node: remote, message, reference, offset });
      }
      unit.bindLoad(local);
    }
  }

  private assignment(statement: AssignStatement): void {
    this.expression(statement.value);
    this.target(statement.target, statement.operator !== "=");
  }

  private target(target: Expression, isAugmented = false): void {
    switch (target.kind) {
      case "Identifier":
        this.unit.bind(target, "variable");
        if (isAugmented) this.unit.addAugmentedUse(target);
        break;
      case "IndexExpression":
        this.expression(target.object);
        this.expression(target.index);
        break;
      case "DotExpression":
        this.expression(target.object);
        break;
      case "ParenExpression":
        this.target(target.expression, isAugmented);
        break;
      case "TupleExpression":
      case "ListExpression":
        if (isAugmented) {
          const what = target.kind === "TupleExpression" ? "tuple" : "list";
          const inner = target.kind === "TupleExpression" && target.hasParens ? target.elements[0] : undefined;
          this.unit.report({
            code: "assign/augmented-sequence",
            node: target,
            // The Go implementation does not count the parentheses of a tuple.
            ...(inner ? { offset: spanOf(inner).start } : {}),
            message: `A ${what} cannot be the target of an augmented assignment`,
            reference: `can't use ${what} expression in augmented assignment`,
          });
        }
        for (const element of target.elements) this.target(element, isAugmented);
        break;
      case "ErrorExpression":
        this.parts(target.parts);
        break;
      default:
        this.unit.report({
          code: "assign/target",
          node: target,
          message: "This cannot be assigned to: only a name, `x[i]`, `x.f`, or a list or tuple of them can",
          reference: `can't assign to ${goNames[target.kind]}`,
        });
    }
  }

  private parts(parts: readonly (Statement | Expression)[]): void {
    for (const part of parts) {
      if (part.kind.endsWith("Statement")) this.statement(part as Statement);
      else this.expression(part as Expression);
    }
  }

  /** Chains to the left (`a + b + c`, `x.f().g()`) may be thousands long: they are walked without recursion. */
  private expression(expression: Expression): void {
    pulse();
    const chain: Expression[] = [];
    let leftmost = expression;
    for (let next = leftOf(leftmost); next; next = leftOf(leftmost)) {
      chain.push(leftmost);
      leftmost = next;
    }
    this.leaf(leftmost);
    for (let i = chain.length - 1; i >= 0; i--) this.rest(chain[i] as Expression);
  }

  /** What an expression of a chain has besides its left part. */
  private rest(expression: Expression): void {
    switch (expression.kind) {
      case "BinaryExpression":
        this.expression(expression.right);
        break;
      case "IndexExpression":
        this.expression(expression.index);
        break;
      case "SliceExpression":
        for (const part of [expression.low, expression.high, expression.step]) if (part) this.expression(part);
        break;
      case "CallExpression":
        this.callArguments(expression);
        break;
      default:
        break;
    }
  }

  private callArguments(call: CallExpression): void {
    checkArguments(call, this.unit);
    for (const argument of call.arguments) this.expression(argument.value);
  }

  private leaf(expression: Expression): void {
    switch (expression.kind) {
      case "Identifier":
        this.unit.use(expression);
        break;
      case "ListExpression":
      case "TupleExpression":
        for (const element of expression.elements) this.expression(element);
        break;
      case "DictExpression":
        for (const entry of expression.entries) {
          this.expression(entry.key);
          this.expression(entry.value);
        }
        break;
      case "ConditionalExpression":
        this.expression(expression.test);
        this.expression(expression.thenValue);
        this.expression(expression.elseValue);
        break;
      case "UnaryExpression":
        this.expression(expression.operand);
        break;
      case "ParenExpression":
        this.expression(expression.expression);
        break;
      case "LambdaExpression":
        this.function(expression);
        break;
      case "Comprehension":
        this.comprehension(expression);
        break;
      case "ErrorExpression":
        this.parts(expression.parts);
        break;
      default:
        break; // literals
    }
  }

  /** The first sequence is evaluated outside of the comprehension's own block, everything else in it. */
  private comprehension(comprehension: Comprehension): void {
    const { unit } = this;
    const outer = unit.block;
    const block = unit.beginComprehension(comprehension, outer);
    for (const [i, clause] of comprehension.clauses.entries()) {
      if (clause.kind === "IfClause") {
        this.expression(clause.test);
      } else if (i === 0) {
        this.expression(clause.iterable);
        unit.block = block;
        this.target(clause.target);
      } else {
        this.target(clause.target);
        this.expression(clause.iterable);
      }
      unit.block = block;
    }
    const { body } = comprehension;
    if (body.kind === "DictEntry") {
      this.expression(body.key);
      this.expression(body.value);
    } else {
      this.expression(body);
    }
    unit.block = outer;
  }

  private function(node: DefStatement | LambdaExpression): void {
    const { unit } = this;
    for (const parameter of node.parameters) if (parameter.default) this.expression(parameter.default);

    const outer = unit.block;
    const outerLoops = this.loops;
    unit.beginFunction(node, outer);
    this.loops = 0;
    declareParameters(node, unit);
    if (node.kind === "DefStatement") this.statements(node.body);
    else this.expression(node.body);
    unit.lookUpLocals(unit.block);
    unit.block = outer;
    this.loops = outerLoops;
  }
}

function leftOf(expression: Expression): Expression | undefined {
  switch (expression.kind) {
    case "BinaryExpression":
      return expression.left;
    case "DotExpression":
    case "IndexExpression":
    case "SliceExpression":
      return expression.object;
    case "CallExpression":
      return expression.callee;
    default:
      return undefined;
  }
}

type Unassignable = Exclude<
  Expression["kind"],
  | "Identifier"
  | "IndexExpression"
  | "DotExpression"
  | "ParenExpression"
  | "TupleExpression"
  | "ListExpression"
  | "ErrorExpression"
>;

/** What the Go implementation calls the kinds of expressions that cannot be assigned to. */
const goNames: Readonly<Record<Unassignable, string>> = {
  IntLiteral: "literal",
  FloatLiteral: "literal",
  StringLiteral: "literal",
  BytesLiteral: "literal",
  DictExpression: "dictexpr",
  Comprehension: "comprehension",
  UnaryExpression: "unaryexpr",
  BinaryExpression: "binaryexpr",
  ConditionalExpression: "condexpr",
  SliceExpression: "sliceexpr",
  CallExpression: "callexpr",
  LambdaExpression: "lambdaexpr",
};
