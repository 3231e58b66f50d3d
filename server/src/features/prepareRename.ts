import type { Range } from "vscode-languageserver-types";
import { findOccurrences } from "../analysis/occurrences.ts";
import type { Snapshot } from "../analysis/snapshot.ts";
import { RequestProblem } from "../connection/dispatch.ts";
import { rangeOf } from "../text/convert.ts";

/**
 * The range and text that a rename at the cursor would replace; null where nothing can be renamed. Throws RequestProblem where
 * something has the name that it must have.
 */
export function doPrepareRename(snapshot: Snapshot, offset: number): { range: Range; placeholder: string } | null {
  const found = findOccurrences(snapshot, offset);
  if (found === undefined || !found.places.some((each) => each.isDefinition)) return null;
  if (found.fixed !== undefined) throw new RequestProblem(found.fixed);
  const { source } = snapshot.file;
  return { range: rangeOf(source, found.span), placeholder: source.text.slice(found.span.start, found.span.end) };
}
