import type { Span } from "@ocuroot/starlark";
import { SymbolKind, type WorkspaceSymbol } from "vscode-languageserver-types";
import { argumentOf } from "../analysis/calls.ts";
import type { FileView, RepositoryView } from "../analysis/snapshot.ts";
import { contains, spanOf } from "../analysis/tree.ts";
import { constantText } from "../analysis/values.ts";
import type { WorkDeclaration } from "../analysis/work.ts";
import { rangeOf } from "../text/convert.ts";

/** More than anyone reads. */
const limit = 500;

/**
 * Work, functions and variables of every file of the workspace whose name holds the letters of the query in order. `others`:
 * open files that are in no repository.
 */
export function getWorkspaceSymbols(
  repositories: readonly RepositoryView[],
  query: string,
  others: readonly FileView[] = [],
): WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = [];
  for (const view of allFiles(repositories, others)) {
    for (const symbol of findSymbols(view)) {
      if (matches(symbol.name, query)) found.push(symbol);
      if (found.length >= limit) return found;
    }
  }
  return found;
}

function* allFiles(repositories: readonly RepositoryView[], others: readonly FileView[]): Iterable<FileView> {
  yield* others;
  for (const repository of repositories) {
    for (const path of repository.paths()) {
      const view = path.endsWith(".star") ? repository.file(path) : undefined;
      if (view !== undefined) yield view;
    }
  }
}

function findSymbols(view: FileView): WorkspaceSymbol[] {
  const work = view.facts.work.declarations.flatMap((each): WorkspaceSymbol[] => {
    if (each.name === undefined) return [];
    const kind = each.kind === "task" ? SymbolKind.Event : SymbolKind.Object;
    const phase = phaseOf(view, each);
    return [makeSymbol(view, each.name, kind, spanOf(each.call.node), phase)];
  });
  const names = [...view.resolution.globals.values()].flatMap((binding): WorkspaceSymbol[] => {
    const [definition] = binding.definitions;
    if (definition === undefined || binding.role === "load") return [];
    const kind = binding.role === "function" ? SymbolKind.Function : SymbolKind.Variable;
    return [makeSymbol(view, binding.name, kind, spanOf(definition), undefined)];
  });
  return [...work, ...names];
}

/** Clients show the file by themselves: `container` is what a symbol is in there. */
function makeSymbol(
  view: FileView,
  name: string,
  kind: SymbolKind,
  span: Span,
  container: string | undefined,
): WorkspaceSymbol {
  const location = { uri: view.uri, range: rangeOf(view.source, span) };
  return { name, kind, location, ...(container === undefined ? {} : { containerName: container }) };
}

/** The name of the phase that work is written in. */
function phaseOf(view: FileView, work: WorkDeclaration): string | undefined {
  const { start } = spanOf(work.call.node);
  const phase = view.facts.work.phases.findLast(({ node }) => contains(spanOf(node), start));
  return phase && constantText(view, argumentOf(phase, "name"));
}

function matches(name: string, query: string): boolean {
  let at = 0;
  const lower = name.toLowerCase();
  for (const letter of query.toLowerCase()) {
    at = lower.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
