import type { DefStatement, Span } from "@ocuroot/starlark";
import { type CallHierarchyItem, SymbolKind } from "vscode-languageserver-types";
import { findFunctionAt } from "../../analysis/functions.ts";
import { perRevision } from "../../analysis/memo.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import { type PlacedFunction, resolveFunction } from "../../analysis/values.ts";
import type { WorkDeclaration } from "../../analysis/work.ts";
import { rangeOf } from "../../text/convert.ts";

/** What calls and is called: a function, a piece of work, or the top level of a file. */
export type CallNode =
  | { readonly kind: "function"; readonly view: FileView; readonly node: DefStatement }
  | { readonly kind: "work"; readonly view: FileView; readonly work: WorkDeclaration }
  | { readonly kind: "file"; readonly view: FileView };

/** One call, `next(…)` or use as work, at a place in the file of `from`. */
export interface CallEdge {
  readonly from: CallNode;
  readonly to: CallNode;
  readonly span: Span;
}

/** All that a file calls, hands on to with `next`, or declares as work. */
export const findEdges = perRevision((view: FileView): readonly CallEdge[] => {
  const edges: CallEdge[] = [];
  const add = (from: CallNode, target: PlacedFunction | undefined, span: Span): void => {
    if (target?.node.kind !== "DefStatement") return;
    edges.push({ from, to: { kind: "function", view: target.view, node: target.node }, span });
  };
  for (const { node } of view.facts.otherCalls) {
    const span = spanOf(node.callee);
    add(callerAt(view, span.start), resolveFunction(view, node.callee), span);
  }
  for (const next of view.facts.work.nexts) {
    const from = callerAt(view, spanOf(next.call.node).start);
    for (const use of next.functions) add(from, use.target, spanOf(use.expression));
  }
  for (const work of view.facts.work.declarations) {
    for (const use of work.functions) add({ kind: "work", view, work }, use.target, spanOf(use.expression));
  }
  return edges;
});

function callerAt(view: FileView, offset: number): CallNode {
  const node = findFunctionAt(view, offset);
  return node === undefined ? { kind: "file", view } : { kind: "function", view, node };
}

/** The same for all nodes that mean the same. */
export function keyOf(node: CallNode): string {
  return `${node.view.uri}#${node.kind}@${node.kind === "file" ? 0 : selectionOf(node).start}`;
}

/** Edges by the node that `pick` takes of them. */
export function groupEdges(
  edges: readonly CallEdge[],
  pick: (edge: CallEdge) => CallNode,
): { readonly node: CallNode; readonly spans: readonly { view: FileView; span: Span }[] }[] {
  const groups = new Map<string, { node: CallNode; spans: { view: FileView; span: Span }[] }>();
  for (const edge of edges) {
    const node = pick(edge);
    const group = groups.get(keyOf(node)) ?? { node, spans: [] };
    groups.set(keyOf(node), group);
    group.spans.push({ view: edge.from.view, span: edge.span });
  }
  return [...groups.values()];
}

/** A node as the protocol shows it. Its place identifies it in the requests that follow. */
export function toItem(node: CallNode): CallHierarchyItem {
  const { view } = node;
  return {
    ...labelOf(node),
    uri: view.uri,
    range: rangeOf(view.source, rangeOfNode(node)),
    selectionRange: rangeOf(view.source, selectionOf(node)),
    data: { kind: node.kind },
  };
}

function labelOf(node: CallNode): { name: string; kind: SymbolKind; detail: string } {
  const detail = node.view.path ?? "";
  switch (node.kind) {
    case "function":
      return { name: node.node.name.name, kind: SymbolKind.Function, detail };
    case "work":
      return { name: `${node.work.kind} ${node.work.name ?? "…"}`, kind: SymbolKind.Event, detail };
    case "file":
      return { name: detail.slice(detail.lastIndexOf("/") + 1), kind: SymbolKind.File, detail };
  }
}

function rangeOfNode(node: CallNode): Span {
  if (node.kind === "file") return { start: 0, end: node.view.source.text.length };
  return spanOf(node.kind === "function" ? node.node : node.work.call.node);
}

function selectionOf(node: CallNode): Span {
  if (node.kind === "file") return { start: 0, end: 0 };
  return spanOf(node.kind === "function" ? node.node.name : node.work.call.node.callee);
}
