import type { Binding, PlacedNode, Span } from "@ocuroot/starlark";
import { universeDocs } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { signatureOf, signatureOfDefinition } from "../../analysis/signatures.ts";
import { followLoads } from "../../analysis/symbols.ts";
import { definitionOf } from "../../analysis/values.ts";
import type { Snapshot } from "../../snapshot.ts";
import { makeItem } from "./items.ts";
import { completeSnippets } from "./snippets.ts";

const statementWords = ["def", "for", "if", "elif", "else", "return", "pass", "break", "continue", "load"];
const expressionWords = ["and", "or", "not", "in", "if", "else", "for", "lambda"];
const constants = ["None", "True", "False"];

/** Names that may be used here, words of the language and, where a statement begins, snippets. */
export function completeNames(
  snapshot: Snapshot,
  path: readonly PlacedNode[],
  offset: number,
  span: Span,
): CompletionItem[] {
  const { file } = snapshot;
  if (isNewName(path, span)) return [];
  const lineStart = file.source.lineStarts[file.source.lineAt(span.start)] ?? 0;
  const beginsStatement = file.source.text.slice(lineStart, span.start).trim() === "" && !path.some(isBracket);
  const seen = new Set<string>();
  const names = file.resolution.visibleAt(offset).flatMap((binding) => {
    if (seen.has(binding.name) || !isAllowed(snapshot, binding)) return [];
    seen.add(binding.name);
    return [nameItem(snapshot, binding, span)];
  });
  const words = beginsStatement ? statementWords : expressionWords;
  return [
    ...names,
    ...constants
      .filter((each) => !seen.has(each))
      .map((each) => makeItem(file, span, each, { kind: CompletionItemKind.Constant, order: 60 })),
    ...words.map((each) => makeItem(file, span, each, { kind: CompletionItemKind.Keyword, order: 70 })),
    ...(beginsStatement ? completeSnippets(snapshot, path, span) : []),
  ];
}

/** A name that is being made up: of a function, parameter, loop variable or keyword argument. */
function isNewName(path: readonly PlacedNode[], span: Span): boolean {
  const node = path.at(-1);
  const parent = path.at(-2);
  if (node?.kind !== "Identifier" || node.chunk.offset + node.start !== span.start) return false;
  if (parent?.kind === "DefStatement") return parent.name === node;
  if (parent?.kind === "Parameter") return parent.name === node;
  if (parent?.kind === "ForClause" || parent?.kind === "ForStatement") return parent.target === node;
  return false;
}

function isBracket(node: PlacedNode): boolean {
  return (
    node.kind === "CallExpression" ||
    node.kind === "ListExpression" ||
    node.kind === "DictExpression" ||
    node.kind === "ParenExpression" ||
    node.kind === "TupleExpression" ||
    node.kind === "Comprehension"
  );
}

/** SDK names that are not allowed in this kind of file are not offered. */
function isAllowed(snapshot: Snapshot, binding: Binding): boolean {
  if (binding.name === "") return false;
  if (binding.scope !== "predeclared") return true;
  const place = snapshot.file.sdk.entries.get(binding.name)?.place ?? "anywhere";
  const { role } = snapshot.file;
  return place === "anywhere" || role === "module" || place === role;
}

function nameItem(snapshot: Snapshot, binding: Binding, span: Span): CompletionItem {
  const { file } = snapshot;
  if (binding.scope === "predeclared") {
    const entry = file.sdk.entries.get(binding.name);
    if (entry?.kind === "namespace")
      return makeItem(file, span, binding.name, { kind: CompletionItemKind.Module, doc: entry.doc, order: 30 });
    if (entry !== undefined) {
      const isDeprecated = entry.replacedBy !== undefined && binding.name !== "call";
      return makeItem(file, span, binding.name, {
        kind: CompletionItemKind.Function,
        detail: signatureOf(entry).label,
        doc: entry.doc,
        order: 30,
        isDeprecated,
      });
    }
  }
  if (binding.scope === "universal") {
    const doc = universeDocs.get(binding.name);
    const kind = constants.includes(binding.name) ? CompletionItemKind.Constant : CompletionItemKind.Function;
    return makeItem(file, span, binding.name, {
      kind,
      ...(doc === undefined ? {} : { detail: doc.signature, doc: doc.doc }),
      order: 50,
    });
  }
  const home = followLoads(file, binding);
  const definition = definitionOf(home.view, home.binding);
  if (definition?.kind === "function") {
    const { label, doc } = signatureOfDefinition(definition.view, definition.node);
    return makeItem(file, span, binding.name, { kind: CompletionItemKind.Function, detail: label, doc, order: 20 });
  }
  const kind = binding.scope === "global" ? CompletionItemKind.Constant : CompletionItemKind.Variable;
  return makeItem(file, span, binding.name, { kind, order: binding.scope === "local" ? 10 : 20 });
}
