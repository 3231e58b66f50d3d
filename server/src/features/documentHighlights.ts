import { type DocumentHighlight, DocumentHighlightKind } from "vscode-languageserver-types";
import { findOccurrences } from "../analysis/occurrences.ts";
import type { Snapshot } from "../analysis/snapshot.ts";
import { rangeOf } from "../text/convert.ts";

/** The places of this file that name what stands under the cursor. */
export function findHighlights(snapshot: Snapshot, offset: number): DocumentHighlight[] {
  const { file } = snapshot;
  const places = findOccurrences(snapshot, offset)?.places ?? [];
  return places
    .filter(({ view }) => view.uri === file.uri)
    .map(({ span, isWrite }) => ({
      range: rangeOf(file.source, span),
      kind: isWrite === true ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}
