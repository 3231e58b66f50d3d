import type { PackageState, ReleaseState } from "@ocuroot/server/protocol";
import { canRetry } from "./status.ts";

/** Releases of a file beyond the first page: kept here, so that a change of state reads the first page and not all of them. */

/** `r120` as a number, for the order of releases. */
function numberOf({ name }: Pick<ReleaseState, "name">): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

/** Nothing of such a release changes by itself any more. */
function isSettled({ status }: ReleaseState): boolean {
  return status === "complete" || status === "cancelled";
}

/**
 * A file with the first page as it is now and the releases that were read before; older ones that are not known are counted.
 * Releases that were made since then push others off the first page: those are known from the reading before.
 */
export function withOlder(state: PackageState, known: readonly ReleaseState[]): PackageState {
  const last = state.releases.at(-1);
  const total = state.releases.length + state.moreReleases;
  if (!last) return state;
  const older = known.filter((release) => numberOf(release) < numberOf(last)).sort((a, b) => numberOf(b) - numberOf(a));
  const releases = [...state.releases, ...older];
  return { ...state, releases, moreReleases: Math.max(0, total - releases.length) };
}

/** True when so many releases were made since `known` was read that some between it and the first page were never read. */
export function hasGap(state: PackageState, known: readonly ReleaseState[]): boolean {
  const refs = new Set(known.map(({ ref }) => ref));
  return state.moreReleases > 0 && !state.releases.some(({ ref }) => refs.has(ref));
}

/** A stretch of the releases that are known, to be asked for again. */
export interface Stretch {
  readonly before: string;
  readonly limit: number;
  /** The last release of it. */
  readonly last: string;
}

/** More than this are not read again by themselves: thousands that failed long ago must not be read with each change. */
const mostReadAgain = 200;
/** Stretches with fewer releases than this between them are asked for at once. */
const smallGap = 10;

/**
 * Older releases that may have changed: what to ask for again. What still goes on comes first, then what failed and may have
 * been retried since, newest first; the rest is read again when somebody refreshes.
 */
export function unsettledStretches(known: readonly ReleaseState[]): Stretch[] {
  const sorted = [...known].sort((a, b) => numberOf(b) - numberOf(a));
  const places = sorted.flatMap((release, index) => (isSettled(release) ? [] : [index]));
  const hasFailed = (index: number) => canRetry(sorted[index]!.status);
  const chosen = [...places.filter((each) => !hasFailed(each)), ...places.filter(hasFailed)].slice(0, mostReadAgain);
  const groups: [first: number, last: number][] = [];
  for (const place of chosen.sort((a, b) => a - b)) {
    const group = groups.at(-1);
    if (group && place - group[1] <= smallGap) group[1] = place;
    else groups.push([place, place]);
  }
  return groups.map(([first, last]) => stretchOf(sorted, first, last));
}

/** All of what is known, in pages of `size`. */
export function allStretches(known: readonly ReleaseState[], size: number): Stretch[] {
  const sorted = [...known].sort((a, b) => numberOf(b) - numberOf(a));
  const pages: Stretch[] = [];
  for (let at = 0; at < sorted.length; at += size) {
    pages.push(stretchOf(sorted, at, Math.min(at + size, sorted.length) - 1));
  }
  return pages;
}

function stretchOf(sorted: readonly ReleaseState[], first: number, last: number): Stretch {
  return { before: `r${numberOf(sorted[first]!) + 1}`, limit: last - first + 1, last: sorted[last]!.name };
}

/**
 * `known` with what was just read in place of older readings. Releases of `stretches` that were not found there any more are
 * gone.
 */
export function updated(
  known: readonly ReleaseState[],
  read: readonly ReleaseState[],
  stretches: readonly Stretch[] = [],
): ReleaseState[] {
  const asked = (release: ReleaseState) =>
    stretches.some(({ before, last }) => {
      const number = numberOf(release);
      return number < numberOf({ name: before }) && number >= numberOf({ name: last });
    });
  const byRef = new Map(known.filter((release) => !asked(release)).map((release) => [release.ref, release]));
  for (const release of read) byRef.set(release.ref, release);
  return [...byRef.values()];
}
