import type { Diagnostic, Expression, PlacedNode, StringLiteral } from "@ocuroot/starlark";
import type { PlacedCall } from "../../analysis/facts.ts";
import { isSecretCall, looksSecret, tokenForms } from "../../analysis/secrets.ts";
import { textOfLiteral } from "../../analysis/strings.ts";
import { contentSpan, findPath, spanOf } from "../../analysis/tree.ts";
import type { FileView, Snapshot } from "../../snapshot.ts";
import { makeProblem } from "./report.ts";

/** Secret hygiene (spec 6.4.11): secrets written into the file, and those of the environment that nothing masks. */
export function checkSecrets(snapshot: Snapshot): Diagnostic[] {
  const { file } = snapshot;
  return [...checkLiterals(file), ...checkEnvironmentValues(file)];
}

/** Strings that were looked at: they keep their identity while their statement does. */
const harmless = new WeakSet<StringLiteral>();

function checkLiterals(view: FileView): Diagnostic[] {
  return view.facts.strings.flatMap((literal) => {
    // Most strings are short, and none of the forms is.
    if (literal.value.length < 12 || harmless.has(literal)) return [];
    const text = textOfLiteral(view.source, literal);
    const found = tokenForms.find(([, form]) => form.test(text));
    if (found === undefined) {
      harmless.add(literal);
      return [];
    }
    const message = `This looks like ${found[0]}. Everyone who can read the repository can read it: take it from \`host.env()\` and pass it through \`secret()\`.`;
    return [makeProblem("secrets/literal", contentSpan(literal), message)];
  });
}

/** `host.env()["DEPLOY_TOKEN"]` that reaches no `secret(...)`. */
function checkEnvironmentValues(view: FileView): Diagnostic[] {
  return view.facts.sdkCalls.flatMap((call) => {
    const path = call.entry.name === "host.env" ? findPath(view.module, spanOf(call.node).start) : [];
    const read = readOf(view, call, path);
    if (read === undefined || !looksSecret(read.name)) return [];
    if (isMasked(view, read.node, path)) return [];
    const span = spanOf(read.node);
    const text = view.source.text.slice(span.start, span.end);
    const fixes = [{ title: "Pass it through `secret()`", edits: [{ span, text: `secret(${text})` }] }];
    const message = `\`${read.name}\` looks like a secret, and nothing masks it in logs: pass it through \`secret()\`.`;
    return [makeProblem("secrets/unmasked", span, message, { fixes })];
  });
}

/** The variable of the environment that is read, and the expression that reads it. */
function readOf(
  view: FileView,
  call: PlacedCall,
  path: readonly PlacedNode[],
): { name: string; node: Expression } | undefined {
  const at = path.indexOf(call.node);
  const parent = path[at - 1];
  if (parent?.kind === "IndexExpression" && parent.object === call.node && parent.index.kind === "StringLiteral") {
    return { name: textOfLiteral(view.source, parent.index), node: parent };
  }
  const outer = path[at - 2];
  if (parent?.kind !== "DotExpression" || parent.name.name !== "get" || outer?.kind !== "CallExpression")
    return undefined;
  const name = outer.arguments[0]?.value;
  return name?.kind === "StringLiteral" ? { name: textOfLiteral(view.source, name), node: outer } : undefined;
}

function isMasked(view: FileView, node: Expression, path: readonly PlacedNode[]): boolean {
  if (path.some((each) => isSecretCall(view, each))) return true;
  const holder = path[path.indexOf(node) - 1];
  if (holder?.kind !== "AssignStatement" || holder.target.kind !== "Identifier") return false;
  const uses = view.resolution.bindingOf(holder.target)?.uses ?? [];
  return uses.some((use) => findPath(view.module, spanOf(use).start).some((each) => isSecretCall(view, each)));
}
