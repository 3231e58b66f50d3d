import type { CallExpression, PlacedNode } from "@ocuroot/starlark";
import type { FileView } from "./snapshot.ts";
import { findPath, positionOf, spanOf } from "./tree.ts";

/** The innermost call whose parentheses hold an offset, and the nodes below it there. */
export interface OpenCall {
  readonly call: CallExpression;
  readonly below: readonly PlacedNode[];
}

/** Finds the call that is being written; one that is not closed reaches to where the cursor is. */
export function findOpenCall(view: FileView, offset: number): OpenCall | undefined {
  return findIn(view, offset, offset) ?? findUnclosed(view, offset);
}

function findIn(view: FileView, at: number, offset: number): OpenCall | undefined {
  const path = findPath(view.module, at);
  const index = path.findLastIndex((node) => node.kind === "CallExpression" && holds(view, node, offset));
  const call = path[index];
  return call?.kind === "CallExpression" ? { call, below: path.slice(index + 1) } : undefined;
}

/** `task(build, ` ends before the blanks behind the comma: look where the text ends. */
function findUnclosed(view: FileView, offset: number): OpenCall | undefined {
  const { text } = view.source;
  let at = offset;
  while (at > 0 && " \t\r\n,".includes(text[at - 1] as string)) at--;
  const found = at === offset ? undefined : findIn(view, at, offset);
  return found === undefined ? undefined : { call: found.call, below: [] };
}

function holds(view: FileView, call: CallExpression, offset: number): boolean {
  if (offset <= positionOf(call, call.at)) return false;
  const end = positionOf(call, call.rparen);
  if (offset <= end) return true;
  const isClosed = end < spanOf(call).end;
  return !isClosed && /^[\s,]*$/.test(view.source.text.slice(spanOf(call).end, offset));
}
