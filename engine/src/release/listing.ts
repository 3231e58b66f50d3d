/** Finding what a store holds by listing only the folders that lead there, never the documents of all releases. */
import { releaseNumber } from "../refs/ref.ts";
import type { ReadOptions, StoreReader } from "../state/store.ts";
import { isRelease } from "./readRelease.ts";

/** A release of a file, as its folder is called. */
export interface ListedRelease {
  readonly number: number;
  /** `r8`, or `8` in stores of old. */
  readonly name: string;
}

/** Names of all repositories in a store, sorted. */
export async function listRepositories(store: StoreReader, options: ReadOptions = {}): Promise<string[]> {
  return findFolders(store, "", options, (names) => names.includes("-"));
}

/** Package files of a repository that have releases, sorted; with `repo.ocu.star` left out. */
export async function listPackageFiles(store: StoreReader, repo: string, options: ReadOptions = {}): Promise<string[]> {
  const root = `${repo}/-`;
  const hasReleases = (names: readonly string[]) => names.some((name) => releaseOfFolder(name) !== undefined);
  const found = await findFolders(store, root, options, hasReleases);
  return found.map((ref) => ref.slice(root.length + 1)).filter((file) => file !== "repo.ocu.star");
}

/** Refs of all files of a repository that the store knows something of, sorted. */
export async function listFiles(store: StoreReader, repo: string, options: ReadOptions = {}): Promise<string[]> {
  return findFolders(store, `${repo}/-`, options, (names) => names.some((name) => name.startsWith("@")));
}

/** Releases of a file, newest (highest number) first. What was only set for releases to come is none. */
export async function listReleases(
  store: StoreReader,
  place: { readonly repo: string; readonly file: string },
  options: ReadOptions = {},
): Promise<ListedRelease[]> {
  const names = await store.children(`${place.repo}/-/${place.file}`, options);
  const releases = names.flatMap((name) => releaseOfFolder(name) ?? []).sort((a, b) => b.number - a.number);
  while (releases[0] && !(await isRelease(store, `${place.repo}/-/${place.file}/@${releases[0].name}`, options)))
    releases.shift();
  return releases;
}

/** Refs below `start` whose children satisfy `isFound`; goes down paths only, not into releases. */
async function findFolders(
  store: StoreReader,
  start: string,
  options: ReadOptions,
  isFound: (children: readonly string[]) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  const visit = async (ref: string): Promise<void> => {
    const children = await store.children(ref, options);
    if (ref !== "" && isFound(children)) found.push(ref);
    const paths = children.filter((name) => !name.startsWith("@") && name !== "-");
    await Promise.all(paths.map((name) => visit(ref === "" ? name : `${ref}/${name}`)));
  };
  await visit(start);
  return found.sort();
}

function releaseOfFolder(folder: string): ListedRelease | undefined {
  if (!folder.startsWith("@")) return undefined;
  const name = folder.slice(1);
  const number = releaseNumber(name);
  return number === undefined ? undefined : { number, name };
}
