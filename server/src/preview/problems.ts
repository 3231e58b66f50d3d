import type { PackageProblem, SourcePosition } from "@ocuroot/engine";
import type { Diagnostic, SourceFile, Span } from "@ocuroot/starlark";
import { DiagnosticSeverity, type Diagnostic as LspDiagnostic } from "vscode-languageserver-types";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { findPath, spanOf } from "../analysis/tree.ts";
import { rangeOf } from "../text/convert.ts";

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

/**
 * Evaluation's problems that are worth adding to those found in the text: errors only while the text shows none (they
 * would be consequences, or the same again), and never a second one for the same place.
 */
export function findNewProblems(
  snapshot: Snapshot,
  problems: readonly PackageProblem[],
  found: readonly Diagnostic[],
): LspDiagnostic[] {
  const { file } = snapshot;
  const hasErrors = found.some((each) => each.severity === "error");
  const lines = new Set(
    found.filter((each) => each.severity !== "hint").map((each) => file.source.lineAt(each.span.start)),
  );
  const seen = new Set<string>();
  return problems.flatMap((problem) => {
    if (hasErrors && problem.severity === "error") return [];
    const span = findPlace(file, problem);
    if (span === undefined || lines.has(file.source.lineAt(span.start))) return [];
    // A loop reports the same thing again and again.
    const key = `${span.start}:${problem.code}:${problem.severity === "information" ? "" : problem.message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      {
        range: rangeOf(file.source, span),
        severity: severities[problem.severity],
        code: problem.code,
        source: "ocuroot",
        message: problem.message,
        ...relatedOf(snapshot, problem),
      },
    ];
  });
}

/** The place in this file: the problem's own, or the innermost call in this file that led to it. */
function findPlace(file: FileView, problem: PackageProblem): Span | undefined {
  const frames = [...(problem.stack ?? []), ...(problem.position === undefined ? [] : [problem.position])];
  const own = frames.findLast((each) => each.file === file.path);
  if (own !== undefined) return spanAt(file, own);
  // Nothing says where: the beginning of the file is better than silence, for what keeps it from being released.
  return problem.position === undefined && problem.severity === "error" ? { start: 0, end: 0 } : undefined;
}

/** The innermost call, operation or name at a position. */
function spanAt(file: FileView, position: SourcePosition): Span {
  const offset = offsetOf(file.source, position);
  const node = findPath(file.module, offset).findLast((each) => {
    const { start } = spanOf(each);
    // Calls are reported at their parenthesis, operations at their operator, statements at their beginning.
    return ("at" in each && each.chunk.offset + each.at === offset) || start === offset;
  });
  if (node === undefined) return { start: offset, end: Math.min(offset + 1, file.source.text.length) };
  const span = spanOf(node);
  const isLong = file.source.lineAt(span.start) !== file.source.lineAt(span.end);
  if (node.kind === "CallExpression" && isLong) return spanOf(node.callee);
  return isLong ? { start: span.start, end: endOfLine(file.source, span.start) } : span;
}

/** Positions count Unicode code points from 1. */
export function offsetOf(source: SourceFile, position: SourcePosition): number {
  const start = source.lineStarts[position.line - 1];
  if (start === undefined) return source.text.length;
  const line = source.lineText(position.line - 1);
  let offset = 0;
  for (let column = 1; column < position.column && offset < line.length; column++) {
    offset += (line.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return start + offset;
}

function endOfLine(source: SourceFile, offset: number): number {
  const line = source.lineAt(offset);
  return (source.lineStarts[line] ?? 0) + source.lineText(line).length;
}

function relatedOf(snapshot: Snapshot, problem: PackageProblem): Pick<LspDiagnostic, "relatedInformation"> {
  const places = [
    ...(problem.related ?? []),
    // Where it really happened, when the shown place is only the call that led there.
    ...(problem.position !== undefined && problem.position.file !== snapshot.file.path
      ? [{ message: problem.message, position: problem.position }]
      : []),
  ];
  const related = places.flatMap(({ message, position }) => {
    const file = position.file === snapshot.file.path ? snapshot.file : snapshot.file.repository?.file(position.file);
    return file === undefined
      ? []
      : [{ message, location: { uri: file.uri, range: rangeOf(file.source, spanAt(file, position)) } }];
  });
  return related.length === 0 ? {} : { relatedInformation: related };
}
