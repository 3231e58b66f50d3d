import type { Diagnostic, Expression, Identifier, PlacedNode, Statement } from "@ocuroot/starlark";
import type { StatementPart } from "../../analysis/facts.ts";
import { isSecretCall, looksSecret, tokenForms } from "../../analysis/secrets.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { textOfLiteral } from "../../analysis/strings.ts";
import { contentSpan, findPath, spanOf, walk } from "../../analysis/tree.ts";
import { resolveFunction, resolveValue, unwrap } from "../../analysis/values.ts";
import { makeProblem } from "./report.ts";

/** Secret hygiene (spec 6.4.11): secrets that are written into the file. */
export function checkSecretLiterals(view: FileView, { strings }: StatementPart): Diagnostic[] {
  return strings.flatMap((literal) => {
    // Most strings are short, and none of the forms is.
    if (literal.value.length < 12) return [];
    const text = textOfLiteral(view.source, literal);
    const found = tokenForms.find(([, form]) => form.test(text));
    if (found === undefined) return [];
    const message = `This looks like ${found[0]}. Everyone who can read the repository can read it: take it from \`host.env()\` and pass it through \`secret()\`.`;
    return [makeProblem("secrets/literal", contentSpan(literal), message)];
  });
}

/** `host.env()["DEPLOY_TOKEN"]` and `json.decode(http.post(…).body)["access_token"]` that reach no `secret(...)`. */
export function checkValuesFromOutside({ file: view }: Snapshot): Diagnostic[] {
  const isUsed = view.facts.sdkCalls.some(({ entry }) => isOutside(entry.name));
  if (!isUsed) return [];
  return view.module.statements.flatMap((statement) =>
    readsIn(view, statement).flatMap((read) => (comesFromOutside(view, read.from) ? checkRead(view, read) : [])),
  );
}

/** What statements read by a name that looks like a secret: they say so wherever they stand. */
const readsOf = new WeakMap<Statement, readonly Read[]>();

function readsIn(view: FileView, statement: Statement): readonly Read[] {
  let reads = readsOf.get(statement);
  if (reads === undefined) {
    const found: Read[] = [];
    walk(statement, (node) => {
      const read = readOf(view, node);
      if (read !== undefined && looksSecret(read.name)) found.push(read);
    });
    reads = found;
    readsOf.set(statement, reads);
  }
  return reads;
}

function checkRead(view: FileView, { name, node }: Read): Diagnostic[] {
  const span = spanOf(node);
  if (isMasked(view, node, findPath(view.module, span.start))) return [];
  const text = view.source.text.slice(span.start, span.end);
  const fixes = [{ title: "Pass it through `secret()`", edits: [{ span, text: `secret(${text})` }] }];
  const message = `\`${name}\` looks like a secret, and nothing masks it in logs: pass it through \`secret()\`.`;
  return [makeProblem("secrets/unmasked", span, message, { fixes })];
}

function isOutside(name: string): boolean {
  return name === "host.env" || name === "env" || name.startsWith("http.");
}

/** Something that is read by name. */
interface Read {
  readonly name: string;
  readonly node: Expression;
  readonly from: Expression;
}

/** `x["NAME"]` and `x.get("NAME")`. */
function readOf(view: FileView, node: PlacedNode): Read | undefined {
  if (node.kind === "IndexExpression" && node.index.kind === "StringLiteral") {
    return { name: textOfLiteral(view.source, node.index), node, from: node.object };
  }
  if (node.kind !== "CallExpression" || node.callee.kind !== "DotExpression" || node.callee.name.name !== "get")
    return undefined;
  const name = node.arguments[0]?.value;
  if (name?.kind !== "StringLiteral" || view.facts.callOf(node) !== undefined) return undefined;
  return { name: textOfLiteral(view.source, name), node, from: node.callee.object };
}

/** Whether a value is, or is taken out of, what the environment or a server gave; through variables too. */
function comesFromOutside(view: FileView, expression: Expression, depth = 0): boolean {
  if (depth > 4) return false;
  const { view: at, node } = resolveValue(view, expression);
  switch (node.kind) {
    case "IndexExpression":
    case "DotExpression":
      return comesFromOutside(at, node.object, depth + 1);
    case "CallExpression": {
      const name = at.facts.callOf(node)?.entry.name;
      if (name !== undefined && isOutside(name)) return true;
      if (name !== "json.decode") return false;
      const text = node.arguments[0]?.value;
      return text !== undefined && comesFromOutside(at, text, depth + 1);
    }
    default:
      return false;
  }
}

function isMasked(view: FileView, node: Expression, path: readonly PlacedNode[]): boolean {
  if (path.some((each) => masks(view, each, node))) return true;
  const holder = path.findLast((each) => each.kind === "AssignStatement");
  const target = holder?.kind === "AssignStatement" ? targetOf(holder.target, holder.value, node) : undefined;
  if (target === undefined) return false;
  const uses = view.resolution.bindingOf(target)?.uses ?? [];
  return uses.some((use) => findPath(view.module, spanOf(use).start).some((each) => masks(view, each, use)));
}

/** The variable that a value is assigned to: `a = value`, or its place in `a, b = x, value`. */
function targetOf(target: Expression, value: Expression, node: Expression): Identifier | undefined {
  const to = unwrap(target);
  const from = unwrap(value);
  if (from === node) return to.kind === "Identifier" ? to : undefined;
  if ((to.kind !== "TupleExpression" && to.kind !== "ListExpression") || from.kind !== to.kind) return undefined;
  const index = from.elements.findIndex((each) => unwrap(each) === node);
  const element = to.elements[index];
  return element?.kind === "Identifier" ? element : undefined;
}

/** Whether a call masks what it is given: `secret(value)`, or a function of one's own that does so with its parameter. */
function masks(view: FileView, call: PlacedNode, given: Expression): boolean {
  if (call.kind !== "CallExpression") return false;
  const sdk = view.facts.callOf(call);
  if (sdk !== undefined) return sdk.entry.name === "secret";
  const index = call.arguments.findIndex((each) => each.star === "" && unwrap(each.value) === given);
  const argument = call.arguments[index];
  if (argument === undefined) return false;
  const target = resolveFunction(view, call.callee);
  const parameter = target?.node.parameters.find((each, place) =>
    argument.name === undefined ? place === index : each.name?.name === argument.name.name,
  );
  if (target === undefined || parameter?.name === undefined || parameter.star !== "") return false;
  const { view: at } = target;
  const uses = at.resolution.bindingOf(parameter.name)?.uses ?? [];
  return uses.some((use) => findPath(at.module, spanOf(use).start).some((each) => isSecretCall(at, each)));
}
