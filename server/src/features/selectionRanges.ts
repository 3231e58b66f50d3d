import type { Span } from "@ocuroot/starlark";
import type { SelectionRange } from "vscode-languageserver-types";
import { findRefAt } from "../analysis/refStrings.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { contentSpan, findPath, positionOf, spanOf } from "../analysis/tree.ts";
import { rangeOf } from "../text/convert.ts";

/** For each offset the ranges to grow a selection by: segment of a ref, string, argument, call, statement, file. */
export function getSelectionRanges(snapshot: Snapshot, offsets: readonly number[]): SelectionRange[] {
  return offsets.map((offset) => {
    const spans = findSpans(snapshot.file, offset);
    let range: SelectionRange | undefined;
    for (const span of spans) {
      const own = rangeOf(snapshot.file.source, span);
      range = range === undefined ? { range: own } : { range: own, parent: range };
    }
    return range ?? { range: rangeOf(snapshot.file.source, { start: offset, end: offset }) };
  });
}

/** Outermost first, each strictly inside the one before. */
function findSpans(view: FileView, offset: number): Span[] {
  const spans: Span[] = [{ start: 0, end: view.source.text.length }];
  const add = (span: Span): void => {
    const outer = spans.at(-1) as Span;
    const isInside = outer.start <= span.start && span.end <= outer.end;
    if (isInside && span.end - span.start < outer.end - outer.start) spans.push(span);
  };
  for (const node of findPath(view.module, offset)) {
    add(spanOf(node));
    if (node.kind === "CallExpression") {
      const inside = { start: positionOf(node, node.at) + 1, end: positionOf(node, node.rparen) };
      if (inside.start <= offset && offset <= inside.end) add(inside);
    }
    if (node.kind === "StringLiteral") add(contentSpan(node));
  }
  const ref = findRefAt(view, offset);
  if (ref !== undefined) {
    const index = ref.indexOf(offset);
    const segment = ref.parsed.segments.find((each) => each.start <= index && index <= each.end);
    if (segment !== undefined) add(ref.spanOf(segment.start, segment.end));
  }
  return spans;
}
