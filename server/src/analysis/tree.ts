import {
  type Module,
  type Node,
  type PlacedNode,
  positionOf,
  type Span,
  type Statement,
  spanOf,
} from "@ocuroot/starlark";

/** The direct children of a node, in the order of the text. */
export function getChildren(node: Node): readonly PlacedNode[] {
  switch (node.kind) {
    case "Module":
      return node.statements;
    case "DefStatement":
      return [node.name, ...node.parameters, ...node.body];
    case "IfStatement":
      return [node.test, ...node.body, ...(node.orElse ?? [])];
    case "ForStatement":
      return [node.target, node.iterable, ...node.body];
    case "WhileStatement":
      return [node.test, ...node.body];
    case "ReturnStatement":
      return node.value === undefined ? [] : [node.value];
    case "LoadStatement":
      return node.module === undefined ? node.symbols : [node.module, ...node.symbols];
    case "LoadSymbol":
      return [node.local, node.remote];
    case "AssignStatement":
      return [node.target, node.value];
    case "ExpressionStatement":
    case "ParenExpression":
      return [node.expression];
    case "ErrorStatement":
    case "ErrorExpression":
      return node.parts;
    case "ListExpression":
    case "TupleExpression":
      return node.elements;
    case "DictExpression":
      return node.entries;
    case "DictEntry":
      return [node.key, node.value];
    case "Comprehension":
      return [node.body, ...node.clauses];
    case "ForClause":
      return [node.target, node.iterable];
    case "IfClause":
      return [node.test];
    case "UnaryExpression":
      return [node.operand];
    case "BinaryExpression":
      return [node.left, node.right];
    case "ConditionalExpression":
      return [node.thenValue, node.test, node.elseValue];
    case "DotExpression":
      return [node.object, node.name];
    case "IndexExpression":
      return [node.object, node.index];
    case "SliceExpression":
      return [node.object, node.low, node.high, node.step].filter((each) => each !== undefined);
    case "CallExpression":
      return [node.callee, ...node.arguments];
    case "Argument":
      return node.name === undefined ? [node.value] : [node.name, node.value];
    case "LambdaExpression":
      return [...node.parameters, node.body];
    case "Parameter":
      return [node.name, node.default].filter((each) => each !== undefined);
    default:
      return []; // Identifiers, literals, comments, `pass`, `break`, `continue`.
  }
}

/** Visits a node and all below it, in text order. `visit` returning false leaves out what is below. */
export function walk(node: Node, visit: (node: PlacedNode) => unknown): void {
  if (node.kind !== "Module" && visit(node) === false) return;
  for (const child of getChildren(node)) walk(child, visit);
}

/**
 * The nodes that contain the offset, outermost first. Both ends count as inside, so that the node before the cursor is
 * found; where two touch, the later one wins.
 */
export function findPath(module: Module, offset: number): PlacedNode[] {
  const path: PlacedNode[] = [];
  let siblings: readonly PlacedNode[] = module.statements;
  let low = 0;
  let high = siblings.length - 1;
  // Statements of the file are many and in order: bisect them.
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (spanOf(siblings[middle] as Statement).start <= offset) low = middle;
    else high = middle - 1;
  }
  siblings = siblings.slice(low, low + 1);
  if (low > 0) siblings = [module.statements[low - 1] as Statement, ...siblings];
  for (;;) {
    const inner = siblings.findLast((each) => contains(spanOf(each), offset));
    if (inner === undefined) return path;
    path.push(inner);
    siblings = getChildren(inner);
  }
}

/** Whether an offset is in a span, its end included. */
export function contains(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** Whether two spans share a character (or touch, when one of them is empty). */
export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end
    ? true
    : (a.start === a.end || b.start === b.end) && a.start <= b.end && b.start <= a.end;
}

/** The span of the text between a string's quotes. */
export function contentSpan(literal: { chunk: { offset: number }; contentStart: number; contentEnd: number }): Span {
  return { start: literal.chunk.offset + literal.contentStart, end: literal.chunk.offset + literal.contentEnd };
}

export { positionOf, spanOf };
