import { pulse } from "./values/pulse.ts";
import { bytesOf } from "./values/text.ts";

/**
 * The candidate nearest to a misspelled name, or undefined when none is near: at most half of the bytes may differ.
 * Case and underscores do not count. Among equally near ones the first wins, so callers pass sorted candidates.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(name);
  let best: string | undefined;
  let bestDistance = (wanted.length + 1) >> 1;
  for (const candidate of candidates) {
    pulse();
    const distance = editDistance(wanted, fold(candidate), bestDistance);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

function fold(name: string): string {
  return bytesOf(name.replaceAll("_", "").toLowerCase());
}

/** Levenshtein distance; gives up early, with some number greater than `limit`, when it exceeds `limit`. */
function editDistance(first: string, second: string, limit: number): number {
  let [a, b] = first.length <= second.length ? [first, second] : [second, first];
  let common = 0;
  while (common < a.length && a.charCodeAt(common) === b.charCodeAt(common)) common++;
  a = a.slice(common);
  b = b.slice(common);
  if (a === "") return b.length;
  if (b.length - a.length > limit) return b.length - a.length;

  const row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    let rowBest = i;
    let diagonal = i - 1;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] as number;
      const substitution = diagonal + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      const distance = Math.min(substitution, (row[j - 1] as number) + 1, above + 1);
      diagonal = above;
      row[j] = distance;
      rowBest = Math.min(rowBest, distance);
    }
    if (rowBest > limit) return rowBest;
  }
  return row[b.length] as number;
}
