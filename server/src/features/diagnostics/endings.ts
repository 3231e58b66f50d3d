import type { DefStatement, Diagnostic, ReturnStatement, Span, Statement, TextFix } from "@ocuroot/starlark";
import { indentOf } from "../../analysis/edits.ts";
import { type Meaning, meaningsOf } from "../../analysis/meaning.ts";
import { returnedValues } from "../../analysis/order.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import { unwrap } from "../../analysis/values.ts";
import { makeProblem } from "./report.ts";

/**
 * Work functions of which some paths end in `done`, `next` or `fail` and others just end (spec 6.4.3). One that never
 * says how it ends is left alone: to return nothing counts as `done()`.
 */
export function checkEndings(snapshot: Snapshot): Diagnostic[] {
  const { file } = snapshot;
  const seen = new Set<DefStatement>();
  const { declarations, nexts } = file.facts.work;
  for (const work of [...declarations, ...nexts]) {
    for (const { target } of work.functions) {
      if (target?.view === file && target.node.kind === "DefStatement") seen.add(target.node);
    }
  }
  const meanings = meaningsOf(file);
  return [...seen].flatMap((node) => {
    // Of a function inside of another one nothing is kept.
    const meaning = meanings?.get(node);
    if (meaning !== undefined && faultless.has(meaning)) return [];
    const found = checkFunction(file, node);
    if (meaning !== undefined && found.length === 0) faultless.add(meaning);
    return found;
  });
}

/** Functions that were looked at. */
const faultless = new WeakSet<Meaning>();

function checkFunction(view: FileView, node: DefStatement): Diagnostic[] {
  if (!returnedValues(node).some((value) => saysHowItEnds(view, value))) return [];
  const name = node.name.name;
  const problems = emptyReturns(node.body).map((each) => {
    const span = spanOf(each);
    const fixes = [{ title: "Return `done()`", edits: [{ span, text: "return done()" }] }];
    return makeProblem("flow/unfinished", span, `\`${name}\` ends here without \`done\`, \`next\` or \`fail\`.`, {
      fixes,
    });
  });
  const last = node.body.at(-1);
  if (last === undefined || endsAlways(view, node.body)) return problems;
  const message = `A path through \`${name}\` reaches its end without \`done\`, \`next\` or \`fail\`.`;
  const options = { fixes: [endFix(view, node)], related: [{ span: headOf(last), message: "and ends after this" }] };
  return [...problems, makeProblem("flow/unfinished", spanOf(node.name), message, options)];
}

function saysHowItEnds(view: FileView, value: ReturnType<typeof returnedValues>[number]): boolean {
  const node = unwrap(value);
  if (node.kind === "ConditionalExpression") {
    return saysHowItEnds(view, node.thenValue) || saysHowItEnds(view, node.elseValue);
  }
  const name = node.kind === "CallExpression" ? view.facts.callOf(node)?.entry.name : undefined;
  return name === "done" || name === "next";
}

/** `return` and `return None`, those of nested functions left out. */
function emptyReturns(statements: readonly Statement[]): ReturnStatement[] {
  return statements.flatMap((each) => {
    switch (each.kind) {
      case "ReturnStatement":
        return each.value === undefined || (each.value.kind === "Identifier" && each.value.name === "None")
          ? [each]
          : [];
      case "IfStatement":
        return emptyReturns([...each.body, ...(each.orElse ?? [])]);
      case "ForStatement":
      case "WhileStatement":
        return emptyReturns(each.body);
      default:
        return [];
    }
  });
}

/** Whether no path leads past the statements. */
function endsAlways(view: FileView, statements: readonly Statement[]): boolean {
  return statements.some((each) => {
    switch (each.kind) {
      case "ReturnStatement":
      case "ErrorStatement":
        return true;
      case "ExpressionStatement":
        return isFail(view, each.expression);
      case "IfStatement":
        return each.orElse !== undefined && endsAlways(view, each.body) && endsAlways(view, each.orElse);
      default:
        return false;
    }
  });
}

function isFail(view: FileView, expression: Statement | ReturnType<typeof unwrap>): boolean {
  if (expression.kind !== "CallExpression" || expression.callee.kind !== "Identifier") return false;
  const binding = view.resolution.bindingOf(expression.callee);
  return expression.callee.name === "fail" && (binding === undefined || binding.role === "builtin");
}

function headOf(statement: Statement): Span {
  const { start, end } = spanOf(statement);
  return { start, end: Math.min(end, start + 1) };
}

function endFix(view: FileView, node: DefStatement): TextFix {
  const [first] = node.body;
  const { end } = spanOf(node);
  const at = view.source.text.slice(0, end).trimEnd().length;
  const indent = first === undefined ? "    " : indentOf(view, spanOf(first).start);
  return {
    title: "Add `return done()` at the end",
    edits: [{ span: { start: at, end: at }, text: `\n${indent}return done()` }],
  };
}
