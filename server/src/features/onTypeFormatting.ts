import type { PlacedNode, Span } from "@ocuroot/starlark";
import type { TextEdit } from "vscode-languageserver-types";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { findPath, spanOf } from "../analysis/tree.ts";
import { formatFile } from "../format/formatFile.ts";
import { rangeOf } from "../text/convert.ts";

const simpleKinds = new Set(["ExpressionStatement", "AssignStatement", "ReturnStatement", "LoadStatement"]);

/** Lays out the statement that a `)` or a line break has just ended. What is still being written is left alone. */
export function doFormatOnType({ file }: Snapshot, offset: number, typed: string): TextEdit[] {
  const end = typed === ")" ? offset : file.source.text.slice(0, offset).trimEnd().length;
  const statement = findEnded(file, end);
  if (statement === undefined || (typed !== ")" && !isOutside(file, offset, statement))) return [];
  const edits = formatFile(file);
  const indent = edits.find(({ span }) => span.end === statement.start);
  const lineStart = file.source.lineStarts[file.source.lineAt(statement.start)] ?? 0;
  // In a block that is indented otherwise its lines would not match those around them.
  if (indent !== undefined && lastLine(indent.text) !== file.source.text.slice(lineStart, statement.start)) return [];
  return edits
    .filter(({ span }) => span.start >= statement.start && span.end <= statement.end)
    .map(({ span, text }) => ({ range: rangeOf(file.source, span), newText: text }));
}

function findEnded(view: FileView, end: number): Span | undefined {
  const statement = findPath(view.module, end).findLast((each) => simpleKinds.has(each.kind));
  return statement !== undefined && spanOf(statement).end === end ? spanOf(statement) : undefined;
}

/** Whether the cursor is not in a statement that goes on behind the one which ended. */
function isOutside(view: FileView, offset: number, ended: Span): boolean {
  const isOpen = (node: PlacedNode): boolean =>
    simpleKinds.has(node.kind) && spanOf(node).start < ended.start && spanOf(node).end > offset;
  return !findPath(view.module, offset).some(isOpen);
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}
