import type { LoadStatement, PlacedNode, Span, StringLiteral } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { relativePath, resolveLoad } from "../../analysis/loads.ts";
import { signatureOfDefinition } from "../../analysis/signatures.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { textOfLiteral } from "../../analysis/strings.ts";
import { contentSpan, spanOf } from "../../analysis/tree.ts";
import { definitionOf } from "../../analysis/values.ts";
import { makeItem } from "./items.ts";

/** Inside a `load`: paths of modules, then the names that the module defines. */
export function completeLoads(
  snapshot: Snapshot,
  literal: StringLiteral,
  path: readonly PlacedNode[],
): CompletionItem[] {
  const statement = path.findLast((each): each is LoadStatement => each.kind === "LoadStatement");
  if (statement === undefined) return [];
  return statement.module === literal
    ? completePaths(snapshot, literal)
    : completeSymbols(snapshot, literal, statement);
}

/** Where an argument of `load` begins: the same, with its quotes. */
export function completeLoadArguments(snapshot: Snapshot, statement: LoadStatement, span: Span): CompletionItem[] {
  const isPath = statement.module === undefined || spanOf(statement.module).start > span.start;
  const items = isPath ? pathItems(snapshot, span, false) : symbolItems(snapshot, span, statement, undefined);
  return items.map((item) => {
    const { textEdit } = item;
    if (textEdit === undefined) return item;
    return { ...item, filterText: item.label, textEdit: { ...textEdit, newText: `"${textEdit.newText}"` } };
  });
}

function completePaths(snapshot: Snapshot, literal: StringLiteral): CompletionItem[] {
  const text = textOfLiteral(snapshot.file.source, literal);
  return pathItems(snapshot, contentSpan(literal), !/^\.{0,2}\//.test(text) && text !== "");
}

function pathItems(snapshot: Snapshot, span: Span, bare: boolean): CompletionItem[] {
  const { file } = snapshot;
  const { repository, path } = file;
  if (repository === undefined || path === undefined) return [];
  const modules = [...repository.paths()]
    .filter((each) => each.endsWith(".star") && each !== path && !each.endsWith("repo.ocu.star"))
    .sort();
  return modules.map((each) => {
    const written = relativePath(path, each);
    const text = bare && written.startsWith("./") ? written.slice(2) : written;
    // Modules first; package files can be loaded too, but rarely are.
    return makeItem(file, span, text, {
      kind: CompletionItemKind.File,
      detail: each,
      order: each.endsWith(".ocu.star") ? 1 : 0,
    });
  });
}

function completeSymbols(snapshot: Snapshot, literal: StringLiteral, statement: LoadStatement): CompletionItem[] {
  return symbolItems(snapshot, contentSpan(literal), statement, literal);
}

function symbolItems(
  snapshot: Snapshot,
  span: Span,
  statement: LoadStatement,
  literal: StringLiteral | undefined,
): CompletionItem[] {
  const { file } = snapshot;
  const target =
    statement.module === undefined ? undefined : resolveLoad(file, textOfLiteral(file.source, statement.module));
  if (target?.kind !== "file") return [];
  const loaded = new Set(
    statement.symbols.filter((each) => each.remote !== literal).map((each) => textOfLiteral(file.source, each.remote)),
  );
  return [...target.view.resolution.globals.values()].flatMap((binding) => {
    if (binding.name.startsWith("_") || loaded.has(binding.name)) return [];
    const definition = definitionOf(target.view, binding);
    if (definition?.kind !== "function")
      return [makeItem(file, span, binding.name, { kind: CompletionItemKind.Constant })];
    const { label, doc } = signatureOfDefinition(definition.view, definition.node);
    return [makeItem(file, span, binding.name, { kind: CompletionItemKind.Function, detail: label, doc })];
  });
}
