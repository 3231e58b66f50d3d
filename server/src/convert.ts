import type { SourceFile, Span } from "@ocuroot/starlark";
import type { Position, Range } from "vscode-languageserver-types";

/** The LSP position (0-based line, UTF-16 column) of an offset; offsets past the end are the end. */
export function positionAt(source: SourceFile, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  const line = source.lineAt(clamped);
  return { line, character: clamped - (source.lineStarts[line] as number) };
}

/** The offset of an LSP position; columns past the end of a line are that line's end, as LSP asks. */
export function offsetAt(source: SourceFile, position: Position): number {
  const start = source.lineStarts[position.line];
  if (start === undefined) return position.line < 0 ? 0 : source.text.length;
  return Math.max(start, Math.min(start + position.character, lineEnd(source, position.line)));
}

/** The LSP range of a span. */
export function rangeOf(source: SourceFile, span: Span): Range {
  return { start: positionAt(source, span.start), end: positionAt(source, span.end) };
}

function lineEnd(source: SourceFile, line: number): number {
  const next = source.lineStarts[line + 1];
  if (next === undefined) return source.text.length;
  const isCrLf = source.text.charCodeAt(next - 1) === 10 && source.text.charCodeAt(next - 2) === 13;
  return next - (isCrLf ? 2 : 1);
}
