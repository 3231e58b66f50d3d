import type { Binding, PlacedNode, Span } from "@ocuroot/starlark";
import { universeDocs } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { signatureOf, signatureOfDefinition } from "../../analysis/signatures.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { followLoads } from "../../analysis/symbols.ts";
import { findPath } from "../../analysis/tree.ts";
import { definitionOf } from "../../analysis/values.ts";
import { type Expected, expectedAt, isExpected } from "./expected.ts";
import { completeImports } from "./imports.ts";
import { makeItem } from "./items.ts";
import { ranks, sdkRank, statementWords } from "./ranks.ts";
import { completeSnippets } from "./snippets.ts";

const expressionWords = ["and", "or", "not", "in", "if", "else", "for", "lambda"];
const constants = ["None", "True", "False"];

/** Names that may be used here, words of the language and, where a statement begins, snippets. */
export function completeNames(
  snapshot: Snapshot,
  here: readonly PlacedNode[],
  offset: number,
  span: Span,
): CompletionItem[] {
  const { file } = snapshot;
  if (isNewName(here, span)) return [];
  const lineStart = file.source.lineStarts[file.source.lineAt(span.start)] ?? 0;
  const before = file.source.text.slice(lineStart, span.start).trimEnd();
  const beginsStatement = before === "" && !here.some(isBracket);
  // A statement that is not whole ends before the blanks behind it, and still is where the cursor is.
  const at = here.length === 0 && before !== "" ? Math.min(offset, lineStart + before.length) : offset;
  const path = at === offset ? here : findPath(file.module, at);
  const expected = beginsStatement ? undefined : expectedAt(file, path, offset, span);
  const seen = new Set<string>();
  const names = file.resolution.visibleAt(at).flatMap((binding) => {
    if (seen.has(binding.name) || !isAllowed(snapshot, binding)) return [];
    seen.add(binding.name);
    return [nameItem(snapshot, binding, span, rankOf(snapshot, path, binding, expected))];
  });
  const words = beginsStatement
    ? statementWords(path, span.start > lineStart)
    : expressionWords.map((each) => [each, ranks.word] as const);
  return [
    ...names,
    ...constants
      .filter((each) => !seen.has(each))
      .map((each) => makeItem(file, span, each, { kind: CompletionItemKind.Constant, order: ranks.constant })),
    ...words.map(([word, order]) => makeItem(file, span, word, { kind: CompletionItemKind.Keyword, order })),
    ...completeImports(snapshot, span, seen),
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

function rankOf(
  { file }: Snapshot,
  path: readonly PlacedNode[],
  binding: Binding,
  expected: Expected | undefined,
): number {
  if (isExpected(file, binding, expected)) return ranks.expected;
  if (binding.scope === "predeclared") return sdkRank(binding.name, file.role, path);
  if (binding.scope === "universal") return constants.includes(binding.name) ? ranks.constant : ranks.universe;
  return binding.scope === "local" ? ranks.local : ranks.own;
}

function nameItem(snapshot: Snapshot, binding: Binding, span: Span, order: number): CompletionItem {
  const { file } = snapshot;
  if (binding.scope === "predeclared") {
    const entry = file.sdk.entries.get(binding.name);
    if (entry?.kind === "namespace")
      return makeItem(file, span, binding.name, { kind: CompletionItemKind.Module, doc: entry.doc, order });
    if (entry !== undefined) {
      const isDeprecated = entry.replacedBy !== undefined && binding.name !== "call";
      return makeItem(file, span, binding.name, {
        kind: CompletionItemKind.Function,
        detail: signatureOf(entry).label,
        doc: entry.doc,
        order,
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
      order,
    });
  }
  const home = followLoads(file, binding);
  const definition = definitionOf(home.view, home.binding);
  if (definition?.kind === "function") {
    const { label, doc } = signatureOfDefinition(definition.view, definition.node);
    return makeItem(file, span, binding.name, { kind: CompletionItemKind.Function, detail: label, doc, order });
  }
  const kind = binding.scope === "global" ? CompletionItemKind.Constant : CompletionItemKind.Variable;
  return makeItem(file, span, binding.name, { kind, order });
}
