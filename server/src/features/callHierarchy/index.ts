import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from "vscode-languageserver-types";
import { filesThatMayUse } from "../../analysis/functions.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { offsetAt, rangeOf } from "../../text/convert.ts";
import { findCallNode } from "./find.ts";
import { type CallNode, findEdges, groupEdges, keyOf, toItem } from "./graph.ts";

/** The function or piece of work under the cursor. */
export function doPrepareCallHierarchy(snapshot: Snapshot, offset: number): CallHierarchyItem[] | null {
  const node = findCallNode(snapshot, offset);
  return node === undefined ? null : [toItem(node)];
}

/** What calls a function, goes on to it with `next`, or declares it as work, in all files that can see it. */
export function findIncomingCalls(snapshot: Snapshot, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
  const target = nodeOf(snapshot, item);
  if (target === undefined) return [];
  const key = keyOf(target);
  const edges = filesThatMayUse(target.view)
    .flatMap(findEdges)
    .filter((each) => keyOf(each.to) === key);
  return groupEdges(edges, (each) => each.from).map(({ node, spans }) => ({
    from: toItem(node),
    fromRanges: spans.map(({ view, span }) => rangeOf(view.source, span)),
  }));
}

/** What a function calls and where it goes on to; the functions of a piece of work. */
export function findOutgoingCalls(snapshot: Snapshot, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
  const source = nodeOf(snapshot, item);
  if (source === undefined) return [];
  const key = keyOf(source);
  const edges = findEdges(source.view).filter((each) => keyOf(each.from) === key);
  return groupEdges(edges, (each) => each.to).map(({ node, spans }) => ({
    to: toItem(node),
    fromRanges: spans.map(({ view, span }) => rangeOf(view.source, span)),
  }));
}

function nodeOf(snapshot: Snapshot, item: CallHierarchyItem): CallNode | undefined {
  if ((item.data as { kind?: unknown } | undefined)?.kind === "file") return { kind: "file", view: snapshot.file };
  return findCallNode(snapshot, offsetAt(snapshot.file.source, item.selectionRange.start));
}
