import type { LogPlacesResult } from "@ocuroot/server/protocol";

type Place = LogPlacesResult["places"][number];

/** The first line of each stretch of lines that one place printed: one hint for each is enough. */
export function placeGroups(places: readonly Place[], hasText: (line: number) => boolean): Place[] {
  const sorted = [...places].filter(({ line }) => hasText(line)).sort((a, b) => a.line - b.line);
  return sorted.filter((each, index) => {
    const before = sorted[index - 1];
    return before === undefined || before.line !== each.line - 1 || keyOf(before) !== keyOf(each);
  });
}

function keyOf({ place }: Place): string {
  return `${place.uri} ${place.range.start.line}`;
}
