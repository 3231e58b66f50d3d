import type { Snapshot } from "../../analysis/snapshot.ts";
import { findSymbol, followLoads } from "../../analysis/symbols.ts";
import { contains, spanOf } from "../../analysis/tree.ts";
import { definitionOf } from "../../analysis/values.ts";
import type { CallNode } from "./graph.ts";

/** The function or piece of work that is named at an offset. */
export function findCallNode(snapshot: Snapshot, offset: number): CallNode | undefined {
  const view = snapshot.file;
  const declared = view.facts.work.declarations.find((each) => contains(spanOf(each.call.node.callee), offset));
  if (declared !== undefined) return { kind: "work", view, work: declared };
  const symbol = findSymbol(snapshot, offset);
  if (symbol?.kind === "workName") return { kind: "work", view, work: symbol.work };
  if (symbol?.kind !== "binding") return undefined;
  const home = followLoads(symbol.view, symbol.binding);
  const definition = definitionOf(home.view, home.binding);
  return definition?.kind === "function"
    ? { kind: "function", view: definition.view, node: definition.node }
    : undefined;
}
