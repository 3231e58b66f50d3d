/** Which releases a question is about: found by listing folders that lead there, not by reading the whole store. */

import { type PackagePlace, readReleaseBody, refs } from "../release/documents.ts";
import { listPackageFiles, listRepositories } from "../release/listing.ts";
import { deployedReleases, listReleases, releasesOfCommit } from "../release/readRelease.ts";
import type { StoreReader } from "../state/store.ts";
import type { ReleaseAt } from "./items.ts";
import { type OnDamage, unlessDamaged } from "./unlessDamaged.ts";

/** What is looked at. */
export interface Scope {
  /** Only this repository; every one of the store without it. */
  readonly repo?: string;
  /** Only releases of this commit. */
  readonly commit?: string;
  /** All releases, however old; else the newest ones of each file and those that are deployed. */
  readonly isComprehensive?: boolean;
  /** Told of documents that cannot be read; the rest is found all the same. Without it, they are thrown. */
  readonly onDamage?: OnDamage;
}

/** Releases of a file that count as recent. */
const recent = 20;

export async function findPlaces(state: StoreReader, { repo }: Scope): Promise<PackagePlace[]> {
  const repositories = repo === undefined ? await listRepositories(state) : [repo];
  const places = repositories.map(async (each) =>
    (await listPackageFiles(state, each)).map((file): PackagePlace => ({ repo: each, file })),
  );
  return (await Promise.all(places)).flat();
}

/** The releases in scope, file by file, in the order of their numbers. */
export async function findReleases(state: StoreReader, scope: Scope): Promise<ReleaseAt[]> {
  const places = await findPlaces(state, scope);
  const found = await Promise.all(
    places.map(async (place) => {
      const numbers = (await unlessDamaged(scope.onDamage, () => numbersInScope(state, place, scope))) ?? [];
      const releases = numbers.map((number) =>
        unlessDamaged(scope.onDamage, () => releaseAt(state, place, refs.release(place, number))),
      );
      return (await Promise.all(releases)).filter((each) => each !== undefined);
    }),
  );
  return found.flat();
}

async function numbersInScope(state: StoreReader, place: PackagePlace, scope: Scope): Promise<number[]> {
  if (scope.commit !== undefined) return await releasesOfCommit(state, place, scope.commit);
  const all = await listReleases(state, place);
  if (scope.isComprehensive || all.length <= recent) return all;
  const deployed = new Set((await deployedReleases(state, place)).map(({ release }) => release));
  return all.filter((number, index) => index >= all.length - recent || deployed.has(refs.release(place, number)));
}

/** A release with its commit; undefined when there is no such release. */
export async function releaseAt(
  state: StoreReader,
  place: PackagePlace,
  release: string,
): Promise<ReleaseAt | undefined> {
  const stored = await state.read(release);
  if (stored?.kind !== "ref") return undefined;
  return { place, release, commit: readReleaseBody(release, stored.body).commit };
}

/** The release that a ref is below, as it was found in the store: `R/-/F/@rN` of `R/-/F/@rN/deploy/eu`. */
export async function releaseOfRef(state: StoreReader, ref: string): Promise<ReleaseAt | undefined> {
  const [, repo, file, release] = /^(.*?)\/-\/(.*?)\/(@[^/]+)(?:\/|$)/.exec(ref) ?? [];
  if (repo === undefined || file === undefined) return undefined;
  const place = { repo, file };
  const found = await state.resolve(`${refs.package(place)}/${release}`);
  return found === undefined ? undefined : await releaseAt(state, place, found);
}
