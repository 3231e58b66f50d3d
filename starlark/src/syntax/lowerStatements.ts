/** Lowers statements. Each function expects the cursor on a node and leaves it there. */
import { F, N } from "@ocuroot/grammars";
import type {
  AssignOperator,
  DefStatement,
  Expression,
  ForStatement,
  Identifier,
  IfStatement,
  LoadStatement,
  LoadSymbol,
  Parameter,
  Statement,
  StringLiteral,
} from "./ast.ts";
import type { LowerContext } from "./lowerContext.ts";
import { errorExpression, isExpression, lowerDamage, lowerExpression, lowerParameters } from "./lowerExpressions.ts";
import { isStringLiteral, lowerIdentifier } from "./lowerLeaves.ts";

/** Lowers the cursor's node; anything that is no statement becomes an ErrorStatement. */
export function lowerStatement(context: LowerContext): Statement {
  const { start, end, chunk } = context;
  const statement: Statement = context.enter(context.statementDepth)
    ? lowerByType(context, context.cursor.nodeType)
    : { kind: "ErrorStatement", chunk, start, end, parts: [] };
  context.leave(context.statementDepth);
  return statement;
}

function lowerByType(context: LowerContext, type: string): Statement {
  const { start, end, chunk } = context;
  switch (type) {
    case N.defStatement:
      return lowerDef(context);
    case N.ifStatement:
      return lowerIf(context);
    case N.forStatement:
      return lowerFor(context);
    case N.whileStatement: {
      const { test, body, end } = lowerHead(context);
      return { kind: "WhileStatement", chunk, start, end, test, body };
    }
    case N.returnStatement:
      return { kind: "ReturnStatement", chunk, start, end, value: lowerOnly(context) };
    case N.breakStatement:
      return { kind: "BreakStatement", chunk, start, end };
    case N.continueStatement:
      return { kind: "ContinueStatement", chunk, start, end };
    case N.passStatement:
      return { kind: "PassStatement", chunk, start, end };
    case N.loadStatement:
      return lowerLoad(context);
    case N.assignStatement:
      return lowerAssign(context);
    case N.expressionStatement: {
      const expression = lowerOnly(context) ?? errorExpression(context, []);
      return { kind: "ExpressionStatement", chunk, start, end, expression };
    }
    default:
      return lowerErrorStatement(context);
  }
}

/** The one expression a node holds. */
function lowerOnly(context: LowerContext): Expression | undefined {
  let found: Expression | undefined;
  context.eachNamedChild((type) => {
    if (isExpression(type)) found ??= lowerExpression(context);
    else lowerDamage(context);
  });
  return found;
}

function absent(context: LowerContext, at: number): Expression {
  context.isDamaged = true;
  return { kind: "ErrorExpression", chunk: context.chunk, start: at, end: at, parts: [] };
}

/** The statements of a block. */
function lowerBlock(context: LowerContext): Statement[] {
  const statements: Statement[] = [];
  context.eachNamedChild((type) => {
    if (type !== N.missingBlock && type !== N.badIndentation) statements.push(lowerStatement(context));
  });
  return statements;
}

/** Where a compound statement ends: with its last statement, not with the line ends and comments behind it. */
function endOf(body: readonly Statement[], fallback: number): number {
  return body[body.length - 1]?.end ?? fallback;
}

/** The parts of `if`, `elif`, `else` and `while`: test, body and where the statement ends so far. */
function lowerHead(context: LowerContext): { test: Expression; body: Statement[]; end: number; rest: IfBranch[] } {
  const { cursor } = context;
  let test: Expression | undefined;
  let body: Statement[] = [];
  let end = context.start;
  const rest: IfBranch[] = [];
  context.eachChild((type) => {
    const field = cursor.currentFieldName;
    if (field === F.body) body = lowerBlock(context);
    else if (field === F.test) test = lowerExpression(context);
    else if (field === F.alternative) rest.push(lowerBranch(context, type === N.elifClause));
    else if (cursor.nodeIsNamed) lowerDamage(context);
    if (field === F.body) end = endOf(body, end);
    else if (field !== F.alternative) end = context.end;
  });
  const last = rest[rest.length - 1];
  return { test: test ?? absent(context, end), body, end: last?.end ?? end, rest };
}

/** An `elif` or `else`. */
interface IfBranch {
  readonly start: number;
  readonly end: number;
  readonly test: Expression | undefined;
  readonly body: Statement[];
}

function lowerBranch(context: LowerContext, isElif: boolean): IfBranch {
  const { start } = context;
  if (isElif) return { start, ...lowerHead(context) };
  let body: Statement[] = [];
  let end = start;
  context.eachChild((type) => {
    if (context.cursor.currentFieldName === F.body) body = lowerBlock(context);
    else if (type === N.error) lowerDamage(context);
    end = type === N.block ? endOf(body, end) : context.end;
  });
  return { start, end, test: undefined, body };
}

function lowerIf(context: LowerContext): IfStatement {
  const { start, chunk } = context;
  const { test, body, end, rest } = lowerHead(context);
  // From the last branch to the first, so that a long chain of `elif` needs no recursion.
  let orElse: Statement[] | undefined;
  let chainEnd = end;
  for (const branch of rest.reverse()) {
    if (branch.test === undefined) {
      orElse = branch.body;
      chainEnd = branch.end;
      continue;
    }
    const ends = orElse === undefined ? branch.end : chainEnd;
    const place = { chunk, start: branch.start, end: ends };
    orElse = [{ kind: "IfStatement", ...place, test: branch.test, body: branch.body, orElse, isElif: true }];
    chainEnd = ends;
  }
  return { kind: "IfStatement", chunk, start, end, test, body, orElse, isElif: false };
}

function lowerFor(context: LowerContext): ForStatement {
  const { start, chunk, cursor } = context;
  let target: Expression | undefined;
  let iterable: Expression | undefined;
  let body: Statement[] = [];
  let end = start;
  context.eachChild((type) => {
    const field = cursor.currentFieldName;
    if (field === F.target) target = lowerExpression(context);
    else if (field === F.iterable) iterable = lowerExpression(context);
    else if (field === F.body) body = lowerBlock(context);
    else if (cursor.nodeIsNamed && type !== N.missingIn) lowerDamage(context);
    end = field === F.body ? endOf(body, end) : context.end;
  });
  target ??= absent(context, end);
  return {
    kind: "ForStatement",
    chunk,
    start,
    end,
    at: start,
    target,
    iterable: iterable ?? absent(context, end),
    body,
  };
}

function lowerDef(context: LowerContext): DefStatement {
  const { start, chunk, cursor } = context;
  let name: Identifier | undefined;
  let parameters: Parameter[] = [];
  let parametersEnd: number | undefined;
  let body: Statement[] = [];
  let end = start;
  context.eachChild((type) => {
    const field = cursor.currentFieldName;
    if (field === F.name) name = lowerIdentifier(context);
    else if (field === F.parameters) {
      parameters = lowerParameters(context);
      parametersEnd = context.end;
    } else if (field === F.body) body = lowerBlock(context);
    else if (cursor.nodeIsNamed || type === N.error) lowerDamage(context);
    end = field === F.body ? endOf(body, end) : context.end;
  });
  name ??= { kind: "Identifier", chunk, start: end, end, name: "" };
  return { kind: "DefStatement", chunk, start, end, name, parameters, body, parametersEnd: parametersEnd ?? name.end };
}

function lowerAssign(context: LowerContext): Statement {
  const { start, end, chunk, cursor } = context;
  let target: Expression | undefined;
  let value: Expression | undefined;
  let operator: AssignOperator = "=";
  let at = end;
  context.eachChild((type) => {
    const field = cursor.currentFieldName;
    if (field === F.target) target = lowerExpression(context);
    else if (field === F.value) value = lowerExpression(context);
    else if (field === F.operator) {
      operator = type as AssignOperator;
      at = context.start;
    } else if (cursor.nodeIsNamed) lowerDamage(context);
  });
  target ??= absent(context, start);
  return { kind: "AssignStatement", chunk, start, end, operator, at, target, value: value ?? absent(context, end) };
}

function lowerLoad(context: LowerContext): LoadStatement {
  const { start, end, chunk, cursor } = context;
  let module: StringLiteral | undefined;
  let isFirst = true;
  let rparen = end;
  const symbols: LoadSymbol[] = [];
  context.eachChild((type) => {
    if (type === ")") rparen = context.start;
    if (!cursor.nodeIsNamed) return;
    const symbol = type === N.loadAlias ? lowerLoadAlias(context) : lowerLoadOperand(context);
    if (isFirst && symbol?.isAlias === false) module = symbol.remote;
    else if (!isFirst && symbol !== undefined) symbols.push(makeSymbol(symbol));
    else context.isDamaged = true;
    isFirst = false;
  });
  if (symbols.length === 0) context.isDamaged = true;
  return { kind: "LoadStatement", chunk, start, end, module, symbols, rparen };
}

interface LoadOperand {
  readonly isAlias: boolean;
  readonly start: number;
  readonly local: Identifier;
  readonly remote: StringLiteral;
}

function makeSymbol({ start, local, remote }: LoadOperand): LoadSymbol {
  return { kind: "LoadSymbol", chunk: remote.chunk, start, end: remote.end, local, remote };
}

/** `"name"`; undefined for any other expression. */
function lowerLoadOperand(context: LowerContext): LoadOperand | undefined {
  const { start, chunk } = context;
  const remote = lowerExpression(context);
  if (!isStringLiteral(remote)) return undefined;
  const span = { start: remote.contentStart, end: remote.contentEnd };
  return { isAlias: false, start, remote, local: { kind: "Identifier", chunk, ...span, name: remote.value } };
}

/** `alias = "name"`; undefined when the right side is anything else. */
function lowerLoadAlias(context: LowerContext): LoadOperand | undefined {
  const { start, cursor } = context;
  let local: Identifier | undefined;
  let remote: Expression | undefined;
  context.eachNamedChild(() => {
    const field = cursor.currentFieldName;
    if (field === F.local) local = lowerIdentifier(context);
    else if (field === F.remote) remote = lowerExpression(context);
    else lowerDamage(context);
  });
  if (local === undefined || remote === undefined || !isStringLiteral(remote)) return undefined;
  return { isAlias: true, start, local, remote };
}

/** Statements and expressions that can be made out in damaged text. */
function lowerErrorStatement(context: LowerContext): Statement {
  context.isDamaged = true;
  const { start, end, chunk } = context;
  const parts: (Statement | Expression)[] = [];
  collectParts(context, parts);
  return { kind: "ErrorStatement", chunk, start, end, parts };
}

function collectParts(context: LowerContext, parts: (Statement | Expression)[]): void {
  if (context.enter()) {
    context.eachNamedChild((type) => {
      if (isExpression(type)) parts.push(lowerExpression(context));
      else if (statementTypes.has(type)) parts.push(lowerStatement(context));
      else collectParts(context, parts);
    });
  }
  context.leave();
}

const statementTypes: ReadonlySet<string> = new Set([
  ...[N.defStatement, N.ifStatement, N.forStatement, N.whileStatement, N.returnStatement, N.breakStatement],
  ...[N.continueStatement, N.passStatement, N.loadStatement, N.assignStatement, N.expressionStatement],
]);
