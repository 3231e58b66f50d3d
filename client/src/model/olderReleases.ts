import type { PackageState, ReleaseState } from "@ocuroot/server/protocol";

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
  // A gap between both would hide releases: then what was known is given up.
  if (older.length > 0 && numberOf(older[0]!) !== numberOf(last) - 1) return state;
  const releases = [...state.releases, ...older];
  return { ...state, releases, moreReleases: Math.max(0, total - releases.length) };
}

/** The stretch of older releases that may have changed: what to ask for. Undefined when all of them are settled. */
export function unsettledStretch(
  known: readonly ReleaseState[],
): { readonly before: string; readonly limit: number } | undefined {
  const numbers = known.filter((release) => !isSettled(release)).map(numberOf);
  if (numbers.length === 0) return undefined;
  const [newest, oldest] = [Math.max(...numbers), Math.min(...numbers)];
  return { before: `r${newest + 1}`, limit: newest - oldest + 1 };
}

/** `known` with what was just read in place of older readings. */
export function updated(known: readonly ReleaseState[], read: readonly ReleaseState[]): ReleaseState[] {
  const byRef = new Map(known.map((release) => [release.ref, release]));
  for (const release of read) byRef.set(release.ref, release);
  return [...byRef.values()];
}
