/**
 * Lowers expressions. Each function expects the cursor on a node and leaves it there. Chains that nest to the left
 * (`1 + 2 + 3`, `a.b().c`) may have thousands of links, so they are walked in loops; all else recurs at most MAX_DEPTH deep.
 */
import { F, N } from "@ocuroot/grammars";
import type {
  Argument,
  BinaryOperator,
  Comprehension,
  DictEntry,
  Expression,
  ForClause,
  Identifier,
  IfClause,
  Parameter,
  UnaryExpression,
} from "./ast.ts";
import type { LowerContext } from "./lowerContext.ts";
import { lowerFloat, lowerIdentifier, lowerInteger, lowerString } from "./lowerLeaves.ts";

export function lowerExpression(context: LowerContext): Expression {
  const expression = context.enter() ? lowerByType(context, context.cursor.nodeType) : errorExpression(context, []);
  context.leave();
  return expression;
}

function lowerByType(context: LowerContext, type: string): Expression {
  const { start, end, chunk } = context;
  switch (type) {
    case N.identifier:
      return lowerIdentifier(context);
    case N.integer:
      return lowerInteger(context);
    case N.float:
      return lowerFloat(context);
    case N.string:
    case N.bytes:
      return lowerString(context);
    case N.list:
      return { kind: "ListExpression", chunk, start, end, elements: lowerElements(context) };
    case N.tuple: {
      const hasParens = context.text[context.cursor.startIndex] === "(" && isParenthesized(context);
      return { kind: "TupleExpression", chunk, start, end, elements: lowerElements(context), hasParens };
    }
    case N.paren: {
      const expression = lowerElements(context)[0] ?? errorExpression(context, []);
      return { kind: "ParenExpression", chunk, start, end, expression };
    }
    case N.dict:
      return { kind: "DictExpression", chunk, start, end, entries: lowerEntries(context) };
    case N.listComprehension:
    case N.dictComprehension:
      return lowerComprehension(context);
    case N.unary:
      return lowerUnary(context);
    case N.conditional:
      return lowerConditional(context);
    case N.lambda:
      return lowerLambda(context);
    case N.binary:
      return lowerBinaryChain(context);
    case N.dot:
    case N.index:
    case N.slice:
    case N.call:
      return lowerSuffixChain(context);
    case N.missingExpression:
      return errorExpression(context, []);
    default:
      return lowerDamage(context);
  }
}

/** The text of an ERROR node, or of a node that has no business here, as far as it can be read. */
export function lowerDamage(context: LowerContext): Expression {
  context.isDamaged = true;
  return errorExpression(context, lowerParts(context));
}

/** Expressions that can be made out among the children of a damaged node. */
function lowerParts(context: LowerContext): Expression[] {
  const parts: Expression[] = [];
  if (context.enter()) {
    context.eachNamedChild((type) => {
      if (isExpression(type)) parts.push(lowerExpression(context));
      else for (const part of lowerParts(context)) parts.push(part);
    });
  }
  context.leave();
  return parts;
}

const expressionTypes: ReadonlySet<string> = new Set([
  ...[N.identifier, N.integer, N.float, N.string, N.bytes, N.list, N.tuple, N.paren, N.dict, N.listComprehension],
  ...[N.dictComprehension, N.unary, N.conditional, N.lambda, N.binary, N.dot, N.index, N.slice, N.call],
  ...[N.missingExpression],
]);

export function isExpression(type: string): boolean {
  return expressionTypes.has(type);
}

export function errorExpression(context: LowerContext, parts: Expression[]): Expression {
  context.isDamaged = true;
  const { start, end, chunk } = context;
  return { kind: "ErrorExpression", chunk, start, end, parts };
}

/** Stands for an operand that the tree lacks altogether. */
function absent(context: LowerContext, at: number): Expression {
  context.isDamaged = true;
  return { kind: "ErrorExpression", chunk: context.chunk, start: at, end: at, parts: [] };
}

function isParenthesized(context: LowerContext): boolean {
  const { cursor } = context;
  if (!cursor.gotoFirstChild()) return false;
  const isParenthesis = cursor.nodeType === "(";
  cursor.gotoParent();
  return isParenthesis;
}

/** The expressions among the children; damaged text counts as one. */
function lowerElements(context: LowerContext): Expression[] {
  const elements: Expression[] = [];
  context.eachNamedChild(() => elements.push(lowerExpression(context)));
  return elements;
}

function lowerEntries(context: LowerContext): DictEntry[] {
  const entries: DictEntry[] = [];
  context.eachNamedChild((type) => {
    if (type === N.entry) entries.push(lowerEntry(context));
    else lowerDamage(context);
  });
  return entries;
}

function lowerEntry(context: LowerContext): DictEntry {
  const { start, end, chunk, cursor } = context;
  let key: Expression | undefined;
  let value: Expression | undefined;
  let at = end;
  context.eachChild((type) => {
    const field = cursor.currentFieldName;
    if (field === F.key) key = lowerExpression(context);
    else if (field === F.value) value = lowerExpression(context);
    else if (type === ":") at = context.start;
  });
  return {
    kind: "DictEntry",
    chunk,
    start,
    end,
    at,
    key: key ?? absent(context, start),
    value: value ?? absent(context, end),
  };
}

function lowerComprehension(context: LowerContext): Comprehension {
  const { start, end, chunk } = context;
  let body: Expression | DictEntry | undefined;
  const clauses: (ForClause | IfClause)[] = [];
  context.eachNamedChild((type) => {
    if (type === N.entry) body ??= lowerEntry(context);
    else if (type === N.forClause) clauses.push(lowerForClause(context));
    else if (type === N.ifClause) clauses.push(lowerIfClause(context));
    else if (type === N.error) lowerDamage(context);
    else body ??= lowerExpression(context);
  });
  return { kind: "Comprehension", chunk, start, end, body: body ?? absent(context, start + 1), clauses };
}

function lowerForClause(context: LowerContext): ForClause {
  const { start, end, chunk, cursor } = context;
  let target: Expression | undefined;
  let iterable: Expression | undefined;
  context.eachNamedChild((type) => {
    const field = cursor.currentFieldName;
    if (field === F.target) target = lowerExpression(context);
    else if (field === F.iterable) iterable = lowerExpression(context);
    else if (type !== N.missingIn) lowerDamage(context);
  });
  target ??= absent(context, end);
  return { kind: "ForClause", chunk, start, end, at: start, target, iterable: iterable ?? absent(context, end) };
}

function lowerIfClause(context: LowerContext): IfClause {
  const { start, end, chunk } = context;
  return { kind: "IfClause", chunk, start, end, test: lowerElements(context)[0] ?? absent(context, end) };
}

function lowerUnary(context: LowerContext): UnaryExpression {
  const { start, end, chunk, cursor } = context;
  let operator: UnaryExpression["operator"] = "-";
  let operand: Expression | undefined;
  context.eachChild((type) => {
    const field = cursor.currentFieldName;
    if (field === F.operator) operator = type as UnaryExpression["operator"];
    else if (cursor.nodeIsNamed) operand = lowerExpression(context);
  });
  return { kind: "UnaryExpression", chunk, start, end, operator, at: start, operand: operand ?? absent(context, end) };
}

function lowerConditional(context: LowerContext): Expression {
  const { start, end, chunk, cursor } = context;
  const found: Record<string, Expression> = {};
  context.eachNamedChild(() => {
    const field = cursor.currentFieldName;
    if (field === null) lowerDamage(context);
    else found[field] = lowerExpression(context);
  });
  const thenValue = found[F.consequence] ?? absent(context, start);
  const test = found[F.test] ?? absent(context, end);
  const elseValue = found[F.otherwise] ?? absent(context, end);
  return { kind: "ConditionalExpression", chunk, start, end, test, thenValue, elseValue };
}

function lowerLambda(context: LowerContext): Expression {
  const { start, end, chunk, cursor } = context;
  let parameters: Parameter[] = [];
  let body: Expression | undefined;
  context.eachNamedChild((type) => {
    if (type === N.lambdaParameters) parameters = lowerParameters(context);
    else if (cursor.currentFieldName === F.body) body = lowerExpression(context);
    else lowerDamage(context);
  });
  return { kind: "LambdaExpression", chunk, start, end, parameters, body: body ?? absent(context, end) };
}

export function lowerParameters(context: LowerContext): Parameter[] {
  const parameters: Parameter[] = [];
  context.eachNamedChild((type) => {
    if (type === N.parameter) parameters.push(lowerParameter(context));
    else lowerDamage(context);
  });
  return parameters;
}

function lowerParameter(context: LowerContext): Parameter {
  const { start, end, chunk, cursor } = context;
  let star: Parameter["star"] = "";
  let name: Identifier | undefined;
  let initial: Expression | undefined;
  context.eachChild((type) => {
    const field = cursor.currentFieldName;
    if (field === F.star) star = type as "*" | "**";
    else if (field === F.name) name = lowerIdentifier(context);
    else if (field === F.default) initial = lowerExpression(context);
    else if (cursor.nodeIsNamed) lowerDamage(context);
  });
  return { kind: "Parameter", chunk, start, end, star, name, default: initial };
}

const comparisons: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">=", "in", "not in"]);

function isComparison(expression: Expression): boolean {
  return expression.kind === "BinaryExpression" && comparisons.has(expression.operator);
}

/** `a + b * c - d`: goes down to the leftmost operand, then comes up and makes one node at each level. */
function lowerBinaryChain(context: LowerContext): Expression {
  const { cursor } = context;
  let levels = 0;
  while (cursor.nodeType === N.binary && cursor.gotoFirstChild()) {
    levels++;
    passExtras(context);
  }
  let left = lowerExpression(context);
  for (; levels > 0; levels--) {
    let operator: BinaryOperator = "+";
    let at = left.end;
    let errorAt = at;
    let right: Expression | undefined;
    while (cursor.gotoNextSibling()) {
      const type = cursor.nodeType;
      if (type === N.comment) context.addComment();
      else if (cursor.currentFieldName === F.operator) {
        operator = type === N.notIn ? lowerNotIn(context) : (type as BinaryOperator);
        at = context.start;
        errorAt = operator === "not in" ? context.end - 2 : at;
      } else if (cursor.currentFieldName === F.right) right = lowerExpression(context);
      else lowerDamage(context);
    }
    cursor.gotoParent();
    const { start, end, chunk } = context;
    if (isComparison(left) && comparisons.has(operator)) context.isSuspect = true;
    right ??= absent(context, end);
    left = { kind: "BinaryExpression", chunk, start, end, operator, at, errorAt, left, right };
  }
  return left;
}

/** Comments may stand between the two words. */
function lowerNotIn(context: LowerContext): BinaryOperator {
  context.eachChild(() => {});
  return "not in";
}

/** Passes comments and damage before the first operand of a node. */
function passExtras(context: LowerContext): void {
  const { cursor } = context;
  while (cursor.nodeType === N.comment || cursor.nodeType === N.error) {
    if (cursor.nodeType === N.comment) context.addComment();
    else lowerDamage(context);
    if (!cursor.gotoNextSibling()) return;
  }
}

/** `a.b(c)[d]`: goes down to the first operand, then comes up and makes one node at each level. */
function lowerSuffixChain(context: LowerContext): Expression {
  const { cursor } = context;
  let levels = 0;
  while (isSuffix(cursor.nodeType) && cursor.gotoFirstChild()) {
    levels++;
    passExtras(context);
  }
  let object = lowerExpression(context);
  for (; levels > 0; levels--) object = lowerSuffix(context, object);
  return object;
}

function isSuffix(type: string): boolean {
  return type === N.dot || type === N.index || type === N.slice || type === N.call;
}

/** With the cursor on the first operand of a suffix expression: lowers its siblings and goes to the parent. */
function lowerSuffix(context: LowerContext, object: Expression): Expression {
  const { cursor } = context;
  let at = object.end;
  let closer = -1;
  let name: Identifier | undefined;
  const found: Record<string, Expression> = {};
  const args: Argument[] = [];
  while (cursor.gotoNextSibling()) {
    const type = cursor.nodeType;
    if (type === N.comment) {
      context.addComment();
      continue;
    }
    context.inspect(type);
    const field = cursor.currentFieldName;
    if (type === "." || type === "(" || type === "[") at = context.start;
    else if (type === ")") closer = context.start;
    else if (field === F.name) name = lowerIdentifier(context);
    else if (field !== null) found[field] = lowerExpression(context);
    else if (cursor.nodeIsNamed && type !== N.stepColon) args.push(lowerArgument(context, type));
  }
  cursor.gotoParent();
  const { start, end, chunk } = context;
  switch (cursor.nodeType) {
    case N.dot:
      name ??= { kind: "Identifier", chunk, start: end, end, name: "" };
      return { kind: "DotExpression", chunk, start, end, at, object, name };
    case N.index:
      return { kind: "IndexExpression", chunk, start, end, at, object, index: found[F.index] ?? absent(context, end) };
    case N.slice: {
      const { low, high, step } = found;
      return { kind: "SliceExpression", chunk, start, end, at, object, low, high, step };
    }
    default: {
      const rparen = closer < 0 ? end : closer;
      return { kind: "CallExpression", chunk, start, end, at, callee: object, arguments: args, rparen };
    }
  }
}

function lowerArgument(context: LowerContext, type: string): Argument {
  const { start, end, chunk, cursor } = context;
  if (type !== N.keywordArgument && type !== N.starArgument) {
    return { kind: "Argument", chunk, start, end, star: "", name: undefined, value: lowerExpression(context) };
  }
  let star: Argument["star"] = "";
  let name: Identifier | undefined;
  let value: Expression | undefined;
  context.eachChild((childType) => {
    const field = cursor.currentFieldName;
    if (field === F.star) star = childType as "*" | "**";
    else if (field === F.name) name = lowerIdentifier(context);
    else if (field === F.value) value = lowerExpression(context);
    else if (cursor.nodeIsNamed) lowerDamage(context);
  });
  return { kind: "Argument", chunk, start, end, star, name, value: value ?? absent(context, end) };
}
