import type { Location } from "vscode-languageserver-types";
import { findOccurrences } from "../analysis/occurrences.ts";
import type { Snapshot } from "../analysis/snapshot.ts";
import { rangeOf } from "../text/convert.ts";

/** Every place that names what stands under the cursor: variables across files, tasks and outputs in refs everywhere. */
export function findReferences(
  snapshot: Snapshot,
  offset: number,
  options: { readonly includeDeclaration: boolean },
): Location[] {
  const places = findOccurrences(snapshot, offset)?.places ?? [];
  return places
    .filter((each) => options.includeDeclaration || !each.isDefinition)
    .map(({ view, span }) => ({ uri: view.uri, range: rangeOf(view.source, span) }));
}
