import type { PlacedNode, Span, Statement } from "@ocuroot/starlark";
import { type FoldingRange, FoldingRangeKind } from "vscode-languageserver-types";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { positionOf, spanOf, walk } from "../analysis/tree.ts";

/** What can be folded: bodies, calls, displays and strings over several lines, blocks of comments and of loads. */
export function getFoldingRanges(snapshot: Snapshot): FoldingRange[] {
  const { file } = snapshot;
  const ranges = new Map<number, FoldingRange>();
  const add = (span: Span, kind?: FoldingRangeKind): void => {
    const startLine = file.source.lineAt(span.start);
    const endLine = file.source.lineAt(span.end);
    const known = ranges.get(startLine);
    if (endLine <= startLine || (known !== undefined && known.endLine >= endLine)) return;
    ranges.set(startLine, { startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  for (const statement of file.module.statements) walk(statement, (node) => addNode(file, node, add));
  for (const span of findRuns(
    file,
    file.module.statements.filter((each) => each.kind === "LoadStatement"),
  ))
    add(span, FoldingRangeKind.Imports);
  for (const span of findRuns(file, file.module.comments)) add(span, FoldingRangeKind.Comment);
  return [...ranges.values()].sort((a, b) => a.startLine - b.startLine);
}

function addNode(view: FileView, node: PlacedNode, add: (span: Span) => void): void {
  switch (node.kind) {
    case "DefStatement":
      add({ start: positionOf(node, node.parametersEnd), end: endOf(view, node.body, spanOf(node).end) });
      break;
    case "IfStatement":
      add({ start: spanOf(node).start, end: endOf(view, node.body, spanOf(node).end) });
      break;
    case "ForStatement":
    case "WhileStatement":
      add({ start: spanOf(node).start, end: endOf(view, node.body, spanOf(node).end) });
      break;
    case "CallExpression":
      // The line with the closing bracket stays to be seen.
      add({ start: positionOf(node, node.at), end: lineBefore(view, spanOf(node).end) });
      break;
    case "ListExpression":
    case "DictExpression":
    case "TupleExpression":
    case "Comprehension":
      add({ start: spanOf(node).start, end: lineBefore(view, spanOf(node).end) });
      break;
    case "StringLiteral":
      add(spanOf(node));
      break;
    default:
  }
}

function endOf(view: FileView, body: readonly Statement[], otherwise: number): number {
  const last = body.at(-1);
  const end = last === undefined ? otherwise : spanOf(last).end;
  // A block may end with its line break.
  return view.source.text.slice(0, end).trimEnd().length;
}

/** The end of the line above the one that holds an offset. */
function lineBefore(view: FileView, offset: number): number {
  const start = view.source.lineStarts[view.source.lineAt(offset)] ?? 0;
  const closes = /^[\s)\]}]*$/.test(view.source.text.slice(start, offset));
  return closes ? Math.max(0, start - 1) : offset;
}

/** Runs of nodes on neighbouring lines. */
function findRuns(view: FileView, nodes: readonly PlacedNode[]): Span[] {
  const runs: { start: number; end: number }[] = [];
  for (const node of nodes) {
    const span = spanOf(node);
    const lineStart = view.source.lineStarts[view.source.lineAt(span.start)] ?? 0;
    if (node.kind === "Comment" && view.source.text.slice(lineStart, span.start).trim() !== "") continue;
    const last = runs.at(-1);
    if (last !== undefined && view.source.lineAt(span.start) - view.source.lineAt(last.end) <= 1) last.end = span.end;
    else runs.push({ ...span });
  }
  return runs;
}
