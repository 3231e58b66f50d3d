import type { Diagnostic } from "@ocuroot/starlark";
import type { FileView } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";

/**
 * Leaves out what comments ask to ignore. `# ocuroot: ignore[sdk/bad-tag, load]` behind code is about its line, on a line
 * of its own about the next line of code; without brackets it means every code. Syntax errors cannot be ignored.
 */
export function withoutIgnored(view: FileView, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const ignored = findIgnored(view);
  if (ignored.size === 0) return [...diagnostics];
  return diagnostics.filter(({ code, span }) => {
    const wanted = ignored.get(view.source.lineAt(span.start));
    if (wanted === undefined || code.startsWith("syntax/")) return true;
    return !wanted.some((each) => each === "*" || each === code || each === code.slice(0, code.indexOf("/")));
  });
}

/** Codes, groups of codes, or `*`, by 0-based line. */
function findIgnored(view: FileView): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  if (!view.source.text.includes("ocuroot:")) return found;
  for (const comment of view.module.comments) {
    const match = /^#+\s*ocuroot:\s*ignore(?:\[([^\]]*)\])?/.exec(comment.text);
    if (match === null) continue;
    const codes = match[1] === undefined ? ["*"] : match[1].split(",").map((each) => each.trim());
    const { start } = spanOf(comment);
    let line = view.source.lineAt(start);
    const lineStart = view.source.lineStarts[line] ?? 0;
    if (view.source.text.slice(lineStart, start).trim() === "") line = nextCodeLine(view, line);
    found.set(line, [...(found.get(line) ?? []), ...codes]);
  }
  return found;
}

function nextCodeLine(view: FileView, line: number): number {
  let next = line + 1;
  while (next < view.source.lineStarts.length && /^\s*(#.*)?$/.test(view.source.lineText(next))) next++;
  return next;
}
