import { nearestName } from "@ocuroot/starlark";

/**
 * The candidate that was probably meant, or undefined. Beside what the language's own suggestions find, two letters that
 * changed places count: in short names (`tga` for `tag`) they are half of all letters, too much for those.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const sorted = [...candidates].sort();
  return nearestName(name, sorted) ?? sorted.find((candidate) => hasSwappedLetters(name, candidate));
}

function hasSwappedLetters(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}
