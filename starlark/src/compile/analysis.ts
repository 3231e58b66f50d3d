import type { Expression } from "../syntax/ast.ts";

/** How many operations may be nested to the left (`a + b + …`, `x.f().g()…`) within one JavaScript expression. */
export const chainLimit = 24;

interface Shape {
  /** Evaluating it takes JavaScript statements, not just an expression. */
  readonly needsStatements: boolean;
  /** How many operations its JavaScript expression nests to the left. */
  readonly chain: number;
}

/** The part of an expression that is evaluated first and makes long expressions deep: the left one. */
export function leftOf(expression: Expression): Expression | undefined {
  switch (expression.kind) {
    case "BinaryExpression":
      return expression.left;
    case "DotExpression":
    case "IndexExpression":
    case "SliceExpression":
      return expression.object;
    case "CallExpression":
      return expression.callee;
    case "ParenExpression":
      return expression.expression;
    default:
      return undefined;
  }
}

/** Finds out which expressions cannot be one JavaScript expression, without recursion to the left. */
export class Shapes {
  private readonly shapes = new Map<Expression, Shape>();

  needsStatements(expression: Expression): boolean {
    return this.of(expression).needsStatements;
  }

  /** Whether the value is to be put into a variable, because what is around it would become too deep. */
  isChainEnd(expression: Expression): boolean {
    return this.of(expression).chain >= chainLimit;
  }

  private of(expression: Expression): Shape {
    const known = this.shapes.get(expression);
    if (known) return known;
    const spine: Expression[] = [];
    let leftmost: Expression | undefined = expression;
    while (leftmost && !this.shapes.has(leftmost)) {
      spine.push(leftmost);
      leftmost = leftOf(leftmost);
    }
    let shape: Shape = (leftmost && this.shapes.get(leftmost)) ?? { needsStatements: false, chain: 0 };
    for (let i = spine.length - 1; i >= 0; i--) {
      const node = spine[i] as Expression;
      const chain = leftOf(node) ? (shape.chain >= chainLimit ? 1 : shape.chain + 1) : 0;
      const needsStatements =
        shape.needsStatements || chain >= chainLimit || this.others(node).some((other) => this.needsStatements(other));
      shape = { needsStatements: needsStatements || node.kind === "Comprehension", chain };
      this.shapes.set(node, shape);
    }
    return shape;
  }

  /** The parts other than the left one. */
  private others(expression: Expression): readonly Expression[] {
    switch (expression.kind) {
      case "BinaryExpression":
        return [expression.right];
      case "IndexExpression":
        return [expression.index];
      case "SliceExpression":
        return [expression.low, expression.high, expression.step].filter((part) => part !== undefined);
      case "CallExpression":
        return expression.arguments.map((argument) => argument.value);
      case "ListExpression":
      case "TupleExpression":
        return expression.elements;
      case "DictExpression":
        return expression.entries.flatMap((entry) => [entry.key, entry.value]);
      case "ConditionalExpression":
        return [expression.test, expression.thenValue, expression.elseValue];
      case "UnaryExpression":
        return [expression.operand];
      case "LambdaExpression":
        return expression.parameters.map((each) => each.default).filter((each) => each !== undefined);
      default:
        return [];
    }
  }
}
