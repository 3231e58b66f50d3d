import type { DefStatement, Expression, PlacedNode, Span } from "@ocuroot/starlark";
import { addArgument, addEntry, addParameter, type TextEdit } from "../../analysis/edits.ts";
import { type Caller, dialectOf, findCallers } from "../../analysis/functions.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { findPath, spanOf, walk } from "../../analysis/tree.ts";
import type { Refactoring } from "./convertDialect.ts";

/**
 * Turns an expression of a work function into an input that each of its callers passes. Undefined when the expression
 * means something only inside of the function, or a caller's inputs cannot be added to.
 */
export function extractInput(view: FileView, selection: Span): Refactoring | undefined {
  const span = trimmed(view, selection);
  if (span.start >= span.end) return undefined;
  const path = findPath(view.module, span.start);
  const node = path.find(
    (each) => isExpression(each) && spanOf(each).start === span.start && spanOf(each).end === span.end,
  );
  const owner = path.find((each): each is DefStatement => each.kind === "DefStatement");
  if (node === undefined || !isExpression(node) || owner === undefined || !isInBody(owner, span)) return undefined;
  if (!isConstant(view, node)) return undefined;
  const callers = findCallers(view, owner);
  if (callers.length === 0 || callers.some((each) => each.view !== view)) return undefined;
  const name = freeName(view, owner, callers, suggestedName(view, path, node));
  const text = view.source.text.slice(span.start, span.end);
  const added = callers.map((each) => entryFor(each, `"${name}": ${text}`));
  const parameter = dialectOf(owner) === "ctx" ? [] : [addParameter(view, owner, name)];
  const edits = [...added, ...parameter];
  if (edits.some((each) => each === undefined)) return undefined;
  const replaced = { span, text: dialectOf(owner) === "ctx" ? `ctx.inputs.${name}` : name };
  // Callers that share one dict need the entry once.
  const once = new Map([...(edits as TextEdit[]), replaced].map((each) => [each.span.start, each]));
  return { title: `Extract the input \`${name}\``, edits: [...once.values()] };
}

function trimmed(view: FileView, { start, end }: Span): Span {
  const text = view.source.text.slice(start, end);
  return { start: start + text.length - text.trimStart().length, end: end - (text.length - text.trimEnd().length) };
}

const expressionKinds = new Set([
  "StringLiteral",
  "IntLiteral",
  "FloatLiteral",
  "Identifier",
  "ListExpression",
  "TupleExpression",
  "DictExpression",
  "CallExpression",
  "BinaryExpression",
  "UnaryExpression",
  "ConditionalExpression",
  "ParenExpression",
  "IndexExpression",
  "DotExpression",
  "Comprehension",
]);

function isExpression(node: PlacedNode): node is PlacedNode & Expression {
  return expressionKinds.has(node.kind);
}

function isInBody(owner: DefStatement, span: Span): boolean {
  const [first] = owner.body;
  return first !== undefined && span.start >= spanOf(first).start;
}

/** Whether an expression says the same at the top level: only names of the file, and nothing of the host. */
function isConstant(view: FileView, node: Expression): boolean {
  let isFound = true;
  walk(node, (each) => {
    if (each.kind === "CallExpression" && view.facts.callOf(each) !== undefined) isFound = false;
    if (each.kind !== "Identifier") return;
    const binding = view.resolution.bindingOf(each);
    if (binding?.scope === "local") isFound = false;
    // A function cannot be stored.
    if (binding?.role === "function") isFound = false;
  });
  return isFound;
}

/** What the value is called where it stands: an argument's name, a key, a variable. */
function suggestedName(view: FileView, path: readonly PlacedNode[], node: PlacedNode): string {
  const parent = path[path.indexOf(node) - 1];
  if (parent?.kind === "Argument" && parent.name !== undefined) return parent.name.name;
  if (parent?.kind === "AssignStatement" && parent.target.kind === "Identifier") return parent.target.name;
  if (parent?.kind === "DictEntry" && parent.value === node && parent.key.kind === "StringLiteral") {
    if (/^[A-Za-z_]\w*$/.test(parent.key.value)) return parent.key.value;
  }
  return node.kind === "Identifier"
    ? view.source.text.slice(spanOf(node).start, spanOf(node).end).toLowerCase()
    : "value";
}

function freeName(view: FileView, owner: DefStatement, callers: readonly Caller[], wanted: string): string {
  const taken = new Set(callers.flatMap((each) => [...each.inputs.entries.keys()]));
  taken.add("environment").add("ctx");
  walk(owner, (each) => {
    if (each.kind === "Identifier" && view.resolution.bindingOf(each) !== undefined) taken.add(each.name);
  });
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}_${number}`)) number++;
  return `${wanted}_${number}`;
}

function entryFor({ view, call, inputs }: Caller, entry: string): TextEdit | undefined {
  if (inputs.literal?.view === view) return addEntry(view, inputs.literal.node, entry);
  return call.bound.has("inputs") || call.hasSpread ? undefined : addArgument(view, call.node, `inputs={${entry}}`);
}
