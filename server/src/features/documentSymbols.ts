import type { Span } from "@ocuroot/starlark";
import { type DocumentSymbol, SymbolKind } from "vscode-languageserver-types";
import { argumentOf } from "../analysis/calls.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { contains, spanOf } from "../analysis/tree.ts";
import { constantText } from "../analysis/values.ts";
import type { WorkDeclaration } from "../analysis/work.ts";
import { rangeOf } from "../text/convert.ts";

/** The outline: phases with their work, work outside of phases, functions, variables and registered environments. */
export function getDocumentSymbols(snapshot: Snapshot): DocumentSymbol[] {
  const { file } = snapshot;
  const symbols = [
    ...findPhases(file),
    ...findLooseWork(file),
    ...findFunctions(file),
    ...findVariables(file),
    ...findRegistered(file),
  ];
  return symbols.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

function findPhases(view: FileView): DocumentSymbol[] {
  const { phases, declarations } = view.facts.work;
  return phases.map((call) => {
    const name = constantText(view, argumentOf(call, "name")) ?? textOf(view, argumentOf(call, "name"));
    const span = spanOf(call.node);
    const inside = declarations.filter((each) => each.call.phase === call.node).map((each) => workSymbol(view, each));
    return make(
      view,
      name === "" ? "phase" : name,
      "phase",
      SymbolKind.Namespace,
      span,
      spanOf(call.node.callee),
      inside,
    );
  });
}

function findLooseWork(view: FileView): DocumentSymbol[] {
  return view.facts.work.declarations
    .filter((each) => each.call.phase === undefined)
    .map((each) => workSymbol(view, each));
}

function workSymbol(view: FileView, work: WorkDeclaration): DocumentSymbol {
  const name = work.name ?? computedName(view, work);
  const many = work.call.isRepeated ? "any number of times" : undefined;
  const detail = [work.kind, many].filter((each) => each !== undefined).join(", ");
  return make(
    view,
    name === "" ? work.kind : name,
    detail,
    SymbolKind.Event,
    spanOf(work.call.node),
    spanOf(work.nameNode ?? work.call.node),
    [],
  );
}

/** What a name that is computed is called: of `deploy(environment=e, …)` the variable alone would say nothing. */
function computedName(view: FileView, { kind, nameNode }: WorkDeclaration): string {
  const text = textOf(view, nameNode);
  return kind === "deploy" && text !== "" ? `deploy to ${text}` : text;
}

function findFunctions(view: FileView): DocumentSymbol[] {
  const top = view.facts.functions.filter((each) => (view.module.statements as readonly unknown[]).includes(each));
  return top.map((node) => {
    const parameters = node.parameters.map((each) => textOf(view, each)).join(", ");
    return make(
      view,
      node.name.name || "def",
      `(${parameters})`,
      SymbolKind.Function,
      spanOf(node),
      spanOf(node.name),
      [],
    );
  });
}

function findVariables(view: FileView): DocumentSymbol[] {
  return view.module.statements.flatMap((each) => {
    if (each.kind !== "AssignStatement" || each.target.kind !== "Identifier") return [];
    const kind = /^[A-Z0-9_]+$/.test(each.target.name) ? SymbolKind.Constant : SymbolKind.Variable;
    return [make(view, each.target.name, undefined, kind, spanOf(each), spanOf(each.target), [])];
  });
}

function findRegistered(view: FileView): DocumentSymbol[] {
  return view.facts.sdkCalls.flatMap((call) => {
    if (call.entry.name !== "environment") return [];
    const isRegistered = view.facts.sdkCalls.some(
      (each) => each.entry.name === "register_environment" && contains(spanOf(each.node), spanOf(call.node).start),
    );
    const name = constantText(view, argumentOf(call, "name"));
    return !isRegistered || name === undefined
      ? []
      : [make(view, name, "environment", SymbolKind.Object, spanOf(call.node), spanOf(call.node), [])];
  });
}

function make(
  view: FileView,
  name: string,
  detail: string | undefined,
  kind: SymbolKind,
  range: Span,
  selection: Span,
  children: DocumentSymbol[],
): DocumentSymbol {
  // A selection outside of its range (a name defined elsewhere) makes clients refuse the whole outline.
  const isInside = range.start <= selection.start && selection.end <= range.end;
  return {
    name,
    kind,
    range: rangeOf(view.source, range),
    selectionRange: rangeOf(view.source, isInside ? selection : { start: range.start, end: range.start }),
    ...(detail === undefined || detail === "" ? {} : { detail }),
    ...(children.length === 0 ? {} : { children }),
  };
}

function textOf(view: FileView, node: Parameters<typeof spanOf>[0] | undefined): string {
  if (node === undefined) return "";
  const { start, end } = spanOf(node);
  return view.source.text.slice(start, end).replace(/\s+/g, " ").slice(0, 60);
}
