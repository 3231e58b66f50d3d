import { type PlacedNode, type Statement, spanOf } from "../syntax/ast.ts";
import type { Problem } from "./messages.ts";
import type { MutableBinding, MutableFunctionScope } from "./scopes.ts";

/** Hints for an editor: names that are never used, statements that are never reached. */
export function findHints(
  statements: readonly Statement[],
  top: MutableFunctionScope,
  functions: Iterable<MutableFunctionScope>,
): Problem[] {
  const hints: Problem[] = [];
  for (const binding of top.locals) if (binding.role === "load") addUnused(binding, hints);
  for (const scope of functions) for (const binding of scope.locals) addUnused(binding, hints);
  findUnreachable(statements, hints);
  return hints;
}

const descriptions = { variable: "Variable", parameter: "Parameter", function: "Function", load: "Loaded name" };

function addUnused(binding: MutableBinding, hints: Problem[]): void {
  const { name, role, definitions } = binding;
  const definition = definitions[0];
  if (binding.isRead || name.startsWith("_") || role === "builtin" || !definition) return;
  const message = `${descriptions[role]} \`${name}\` is never used`;
  hints.push({ code: "name/unused", node: definition, message });
}

function findUnreachable(statements: readonly Statement[], hints: Problem[]): void {
  let hasEnded = false;
  for (const statement of statements) {
    if (hasEnded) {
      const span = { start: spanOf(statement).start, end: spanOf(statements.at(-1) as PlacedNode).end };
      hints.push({ code: "flow/unreachable", node: statement, span, message: "This is never reached" });
      return;
    }
    hasEnded = endsBlock(statement);
    for (const body of bodiesOf(statement)) findUnreachable(body, hints);
  }
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
