/** What a push releases (spec 4.7), and what it keeps in state to know it the next time (spec 3.2, `push/index`). */
import { posix } from "node:path";
import { compileGlob } from "../refs/glob.ts";
import { bodyTypes, type PackagePlace, refs } from "../release/documents.ts";
import { readRun } from "../release/readRelease.ts";
import { type Repository, recordConfiguration } from "../release/repository.ts";
import type { StoreReader, Transaction } from "../state/store.ts";

/** A package file that a push releases, and why. */
export interface PushedFile {
  readonly file: string;
  /** `new`: nothing was pushed before; a path: what changed. */
  readonly because: string;
}

export interface PushSituation {
  /** All files of the commit. */
  readonly files: readonly string[];
  /** Files that changed since the last push; undefined at the first. */
  readonly changed: readonly string[] | undefined;
  /** Globs of package files that are left alone. */
  readonly ignore: readonly string[];
  /** Paths that a package file watches, as its work gave them. */
  watched(file: string): Promise<readonly string[]>;
}

/** The package files to release, sorted. */
export async function selectFiles({ files, changed, ignore, watched }: PushSituation): Promise<PushedFile[]> {
  const globs = ignore.map(compileGlob);
  const candidates = files
    .filter((file) => file.endsWith(".ocu.star") && posix.basename(file) !== "repo.ocu.star")
    .filter((file) => !globs.some((glob) => glob.matches(file)))
    .sort();
  if (!changed) return candidates.map((file) => ({ file, because: "new" }));
  const selected = await Promise.all(
    candidates.map(async (file): Promise<PushedFile | undefined> => {
      if (changed.includes(file)) return { file, because: file };
      const paths = (await watched(file)).map((path) => fromRoot(file, path));
      const because = changed.find((each) => paths.some((path) => isAtOrBelow(each, path)));
      return because === undefined ? undefined : { file, because };
    }),
  );
  return selected.filter((each) => each !== undefined);
}

/** Whether a package file that watches a path, as written in it, watches a file of the repository. */
export function watchesFile(packageFile: string, written: string, file: string): boolean {
  return isAtOrBelow(file, fromRoot(packageFile, written));
}

/** A watched path from the repository root; as written it starts at the package file's folder, or with `//` at the root. */
function fromRoot(file: string, path: string): string {
  const joined = path.startsWith("//") ? path.slice(2) : posix.join(posix.dirname(file), path);
  return posix.normalize(joined).replace(/\/$/, "");
}

function isAtOrBelow(file: string, path: string): boolean {
  return path === "." || file === path || file.startsWith(`${path}/`) || compileGlob(path).matches(file);
}

/** Paths that the most recent completed work of a file watches. */
export async function watchedPaths(state: StoreReader, place: PackagePlace): Promise<string[]> {
  const kinds = await Promise.all(
    ["task", "deploy"].map(async (kind) => {
      const names = await state.children(refs.current(place, kind));
      return names.map((name) => refs.current(place, `${kind}/${name}`));
    }),
  );
  const paths = kinds.flat().map(async (link) => {
    const target = await state.resolve(link);
    const stored = target === undefined ? undefined : await state.read(target);
    const run = stored?.kind === "ref" ? (stored.body as { readonly run_ref?: string }).run_ref : undefined;
    return run === undefined ? [] : ((await readRun(state, run)).watch_files ?? []);
  });
  return [...new Set((await Promise.all(paths)).flat())];
}

/** The commit that was pushed last; undefined before the first push. */
export async function lastPushedCommit(state: StoreReader, repo: string): Promise<string | undefined> {
  const target = await state.resolve(latestIndex(repo));
  return /\/@([^/]+)\/push\/index$/.exec(target ?? "")?.[1];
}

/** Remembers that a commit was pushed, with the releases that were made of it. */
export async function recordPush(
  repository: Repository,
  tx: Transaction,
  commit: string,
  releases: readonly string[],
): Promise<void> {
  const { name, state } = repository;
  if (!(await state.read(refs.repository(name, commit)))) await recordConfiguration(repository, tx, commit);
  const index = `${refs.repository(name, commit)}/push/index`;
  tx.set(index, bodyTypes.marker, { commit, time: new Date().toISOString(), releases: [...releases] });
  tx.link(latestIndex(name), index);
}

function latestIndex(repo: string): string {
  return `${refs.latestRepository(repo)}/push/index`;
}
