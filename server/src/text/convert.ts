import type { SourceFile, Span } from "@ocuroot/starlark";
import type { Position, Range } from "vscode-languageserver-types";
import { TextSource } from "./textSource.ts";

/** The LSP position (0-based line, column as agreed with the client) of an offset; offsets past the end are the end. */
export function positionAt(source: SourceFile, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  const line = source.lineAt(clamped);
  // Between `\r` and `\n` there is no position: the line ends before both.
  const at = Math.min(clamped, lineEnd(source, line));
  return { line, character: source instanceof TextSource ? source.columnAt(line, at) : at - startOf(source, line) };
}

/** The offset of an LSP position; columns past the end of a line are that line's end, as LSP asks. */
export function offsetAt(source: SourceFile, position: Position): number {
  const start = source.lineStarts[position.line];
  if (start === undefined) return position.line < 0 ? 0 : source.text.length;
  const end = lineEnd(source, position.line);
  const column = position.character > 0 ? position.character : 0;
  if (source instanceof TextSource) return source.offsetOfColumn(position.line, column, end);
  return Math.min(start + column, end);
}

/** The LSP range of a span. */
export function rangeOf(source: SourceFile, span: Span): Range {
  return { start: positionAt(source, span.start), end: positionAt(source, span.end) };
}

function startOf(source: SourceFile, line: number): number {
  return source.lineStarts[line] ?? 0;
}

/** Where the text of a line ends, its line break excluded. */
export function lineEnd(source: SourceFile, line: number): number {
  const next = source.lineStarts[line + 1];
  if (next === undefined) return source.text.length;
  const isCrLf = source.text.charCodeAt(next - 1) === 10 && source.text.charCodeAt(next - 2) === 13;
  return next - (isCrLf ? 2 : 1);
}
