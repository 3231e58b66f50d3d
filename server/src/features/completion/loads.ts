import type { LoadStatement, PlacedNode, StringLiteral } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { relativePath, resolveLoad } from "../../analysis/loads.ts";
import { signatureOfDefinition } from "../../analysis/signatures.ts";
import { textOfLiteral } from "../../analysis/strings.ts";
import { contentSpan } from "../../analysis/tree.ts";
import { definitionOf } from "../../analysis/values.ts";
import type { Snapshot } from "../../snapshot.ts";
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

function completePaths(snapshot: Snapshot, literal: StringLiteral): CompletionItem[] {
  const { file } = snapshot;
  const { repository, path } = file;
  if (repository === undefined || path === undefined) return [];
  const span = contentSpan(literal);
  const bare = !/^\.{0,2}\//.test(textOfLiteral(file.source, literal)) && textOfLiteral(file.source, literal) !== "";
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
  const { file } = snapshot;
  const target =
    statement.module === undefined ? undefined : resolveLoad(file, textOfLiteral(file.source, statement.module));
  if (target?.kind !== "file") return [];
  const span = contentSpan(literal);
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
