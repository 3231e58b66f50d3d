import type { Span, Statement } from "@ocuroot/starlark";
import { findDamage, findErrors } from "../analysis/damage.ts";
import type { TextEdit } from "../analysis/edits.ts";
import type { FileView } from "../analysis/snapshot.ts";
import { spanOf, walk } from "../analysis/tree.ts";
import { ExpressionPrinter } from "./expressions.ts";
import { StatementPrinter } from "./statements.ts";
import { readRoles, readTokens } from "./tokens.ts";
import { Writer } from "./writer.ts";

/**
 * The changes that lay a file out in the way of buildifier, in its order. Only white space, commas at the end of lists,
 * semicolons and quotes change; statements with a syntax error stay as they are.
 */
export function formatFile(view: FileView): TextEdit[] {
  const { source, module } = view;
  const kept = findKept(view);
  const errors = findErrors(view);
  const first = module.statements[0];
  const isStartKept = errors.some((each) => first === undefined || each.span.start < spanOf(first).start);
  const good = module.statements.filter((each) => !kept.has(each));
  const tokens = readTokens(source, module, good);
  if (tokens === undefined) return [];
  const hasMark = source.text.startsWith("\uFEFF");
  const writer = new Writer(source.text, /\r\n?|\n/.exec(source.text)?.[0] ?? "\n");
  if (hasMark) writer.leave(1);
  const expressions = new ExpressionPrinter(tokens, readRoles(source, good), writer);
  new StatementPrinter(source.text, tokens, writer, expressions).file(module.statements, kept, isStartKept);
  return writer.edits;
}

function findKept(view: FileView): ReadonlySet<Statement> {
  const errors = findErrors(view);
  if (errors.length === 0) return new Set();
  const damage = findDamage(view, errors);
  const { statements } = view.module;
  return new Set(statements.filter((each) => damage.some((span) => touches(span, spanOf(each))) || !isWhole(each)));
}

/** An error right behind a statement may be what its missing bracket led to. */
function touches(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** Whether nothing is missing in a statement. What should be in its body may have become a statement of its own. */
function isWhole(statement: Statement): boolean {
  let isGood = true;
  walk(statement, (node) => {
    if (node.kind === "ErrorStatement" || node.kind === "ErrorExpression") isGood = false;
    if ("body" in node && Array.isArray(node.body) && node.body.length === 0) isGood = false;
    return isGood;
  });
  return isGood;
}
