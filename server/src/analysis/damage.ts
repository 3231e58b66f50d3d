import type { Diagnostic, Span } from "@ocuroot/starlark";
import type { FileView } from "./snapshot.ts";
import { overlaps, spanOf } from "./tree.ts";

/** Syntax errors behind which text may be lost: a byte order mark is a fault, but all behind it can be read. */
export function findErrors({
  syntaxDiagnostics,
  source,
}: Pick<FileView, "syntaxDiagnostics" | "source">): Diagnostic[] {
  return syntaxDiagnostics.filter(
    ({ severity, span }) => severity === "error" && !(span.end === 1 && source.text.startsWith("\ufeff")),
  );
}

/** Top-level statements that hold an error. What follows an error up to the next statement belongs to it as well. */
export function findDamage(view: FileView, errors: readonly Diagnostic[]): Span[] {
  const spans = view.module.statements.map(spanOf);
  const damaged: Span[] = errors.map((each) => each.span);
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1]?.start ?? view.source.text.length;
    const extent = { start: span.start, end: Math.max(span.end, next) };
    // A statement of the file that is indented was part of something that could not be read.
    const isIndented = view.source.lineStarts[view.source.lineAt(span.start)] !== span.start;
    if (view.module.statements[index]?.kind === "ErrorStatement" || isIndented) {
      damaged.push(span);
      // `x = y = 1`: what stands before it on the line is only half of what was meant.
      const before = spans[index - 1];
      if (before !== undefined && view.source.lineAt(before.end) === view.source.lineAt(span.start))
        damaged.push(before);
    } else if (errors.some((each) => overlaps(extent, each.span))) damaged.push(span);
  }
  return damaged;
}
