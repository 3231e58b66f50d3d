import type { Range, TextEdit } from "vscode-languageserver-types";
import type { Snapshot } from "../analysis/snapshot.ts";
import { overlaps, spanOf } from "../analysis/tree.ts";
import { formatFile } from "../format/formatFile.ts";
import { offsetAt, rangeOf } from "../text/convert.ts";

/** Lays out the statements of the file that a range touches, each as a whole: a part would leave its block ragged. */
export function doFormatRange({ file }: Snapshot, range: Range): TextEdit[] {
  const wanted = { start: offsetAt(file.source, range.start), end: offsetAt(file.source, range.end) };
  const { statements } = file.module;
  const first = statements.findIndex((each) => overlaps(spanOf(each), wanted));
  const last = statements.findLastIndex((each) => overlaps(spanOf(each), wanted));
  const [head, tail, before] = [statements[first], statements[last], statements[first - 1]];
  if (head === undefined || tail === undefined) return [];
  const start = before === undefined ? 0 : spanOf(before).end;
  const { end } = spanOf(tail);
  return formatFile(file)
    .filter(({ span }) => span.start >= start && span.end <= end)
    .map(({ span, text }) => ({ range: rangeOf(file.source, span), newText: text }));
}
