import { type PlacedNode, type Statement, spanOf } from "../syntax/ast.ts";
import type { Problem } from "./messages.ts";
import type { Binding } from "./resolution.ts";
import type { MutableFunctionScope } from "./scopes.ts";

/** Hints for an editor about one top-level statement: names that are never used, statements that are never reached. */
export function findHints(statement: Statement, functions: Iterable<MutableFunctionScope>): Problem[] {
  const hints: Problem[] = [];
  for (const scope of functions) {
    for (const binding of scope.locals) if (!binding.isRead) addUnused(binding, hints);
  }
  for (const body of bodiesOf(statement)) findUnreachable(body, hints);
  return hints;
}

/** A hint about what stands behind a top-level statement that ends the file. */
export function findUnreachableRest(statements: readonly Statement[]): Problem[] {
  const at = statements.findIndex(endsBlock);
  const next = at < 0 ? undefined : statements[at + 1];
  return next === undefined ? [] : [unreachable(next, statements)];
}

const descriptions = { variable: "Variable", parameter: "Parameter", function: "Function", load: "Loaded name" };

/** Notes that a name is never read. */
export function addUnused(binding: Binding, hints: Problem[]): void {
  const { name, role, definitions } = binding;
  const definition = definitions[0];
  if (name.startsWith("_") || role === "builtin" || !definition) return;
  const message = `${descriptions[role]} \`${name}\` is never used`;
  hints.push({ code: "name/unused", node: definition, message });
}

function findUnreachable(statements: readonly Statement[], hints: Problem[]): void {
  let hasEnded = false;
  for (const statement of statements) {
    if (hasEnded) {
      hints.push(unreachable(statement, statements));
      return;
    }
    hasEnded = endsBlock(statement);
    for (const body of bodiesOf(statement)) findUnreachable(body, hints);
  }
}

function unreachable(first: Statement, block: readonly Statement[]): Problem {
  const span = { start: spanOf(first).start, end: spanOf(block.at(-1) as PlacedNode).end };
  return { code: "flow/unreachable", node: first, span, message: "This is never reached" };
}

/** Whether what stands behind the statement, in the same block, is never executed. */
function endsBlock(statement: Statement): boolean {
  switch (statement.kind) {
    case "ReturnStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return true;
    case "IfStatement":
      return statement.orElse !== undefined && endsWithJump(statement.body) && endsWithJump(statement.orElse);
    default:
      return false;
  }
}

function endsWithJump(statements: readonly Statement[]): boolean {
  const last = statements.at(-1);
  return last !== undefined && endsBlock(last);
}

function bodiesOf(statement: Statement): (readonly Statement[])[] {
  switch (statement.kind) {
    case "DefStatement":
    case "ForStatement":
    case "WhileStatement":
      return [statement.body];
    case "IfStatement":
      return [statement.body, statement.orElse ?? []];
    default:
      return [];
  }
}
