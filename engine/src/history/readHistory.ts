/**
 * Reading releases out of a store for people: the editor's views and `release list/show`. What is read grows with the
 * releases asked for, not with the store.
 */
import { withoutFragment } from "../refs/links.ts";
import { parseRef } from "../refs/parse.ts";
import { printDocumentRef } from "../refs/ref.ts";
import { type LogEntry, readReleaseBody, readRunBody, refs } from "../release/documents.ts";
import type { RunFailure } from "../release/events.ts";
import { type ListedRelease, listPackageFiles, listReleases } from "../release/listing.ts";
import { type ReadOptions, StoreError, type StoreReader } from "../state/store.ts";
import type { FileHistory, ReleaseHistory } from "./model.ts";
import { releaseNews } from "./news.ts";
import { ReleaseReader } from "./releaseReader.ts";
import { numbersIn, optional, readLog, readStatus } from "./runs.ts";
import { overallStatus } from "./status.ts";

export interface ReleasesQuery extends ReadOptions {
  readonly repo: string;
  /** Only this package file. */
  readonly file?: string;
  /** Releases for each file, newest first. */
  readonly limit: number;
  /** Only releases with lower numbers: the next page. */
  readonly before?: number;
}

/** The newest releases of each package file of a repository. A damaged release has its `problem` instead of its parts. */
export async function readReleases(store: StoreReader, query: ReleasesQuery): Promise<FileHistory[]> {
  const { repo, limit, before = Number.POSITIVE_INFINITY } = query;
  const files = query.file === undefined ? await listPackageFiles(store, repo, query) : [query.file];
  const histories = await Promise.all(
    files.map(async (file): Promise<FileHistory> => {
      const listed = (await listReleases(store, { repo, file }, query)).filter(({ number }) => number < before);
      const shown = listed.slice(0, limit);
      const releases = await Promise.all(shown.map((release) => readListed(store, repo, file, release, query)));
      const whole = releases.filter((release) => release !== undefined);
      return { repo, file, releases: whole, moreReleases: listed.length - shown.length };
    }),
  );
  return query.file === undefined ? histories.filter((history) => history.releases.length > 0) : histories;
}

/**
 * One release, by any of its names: `…/@r8`, `…/@8`, a tag, or `…/@` for the newest. Undefined when there is none.
 * Throws StoreError for damaged documents.
 */
export async function readReleaseHistory(
  store: StoreReader,
  ref: string,
  options: ReadOptions = {},
): Promise<ReleaseHistory | undefined> {
  const parsed = parseRef(withoutFragment(ref));
  if (!parsed.ok || parsed.ref.repo === undefined) return undefined;
  const { repo, path: file, release } = parsed.ref;
  if (release === "") {
    const [newest] = await listReleases(store, { repo, file }, options);
    return newest && readRelease(store, repo, file, newest, options);
  }
  const found = await store.resolve(`${repo}/-/${file}/@${release}`, options);
  const name = found?.slice(found.lastIndexOf("/@") + 2);
  const number = name === undefined ? undefined : Number(/^r?(\d+)$/.exec(name)?.[1]);
  if (name === undefined || number === undefined || Number.isNaN(number)) return undefined;
  return readRelease(store, repo, file, { name, number }, options);
}

/** What a run printed, and why it failed. */
export interface RunLog {
  /** With its number. */
  readonly run: string;
  readonly entries: readonly LogEntry[];
  readonly finished: boolean;
  readonly failure?: RunFailure;
}

/** The log of a run; with a piece of work's ref (no number), of its newest run. Undefined when there is no such run. */
export async function readRunLog(
  store: StoreReader,
  ref: string,
  options: ReadOptions = {},
): Promise<RunLog | undefined> {
  const run = await findRun(store, ref, options);
  if (run === undefined) return undefined;
  const { status, isAbandoned } = await readStatus(store, run, options);
  const finished = isAbandoned || !["pending", "running", "paused"].includes(status);
  const stored = await store.read(run, options);
  const failure = stored?.kind === "ref" ? readRunBody(run, stored.body).failure : undefined;
  return { run, entries: await readLog(store, run, options), finished, ...(failure === undefined ? {} : { failure }) };
}

async function findRun(store: StoreReader, ref: string, options: ReadOptions): Promise<string | undefined> {
  const found = (await store.resolve(ref, options)) ?? (await inRealRelease(store, ref, options));
  if (found === undefined) return undefined;
  if (/\/\d+$/.test(found)) return (await store.read(found, options)) && found;
  const newest = numbersIn(await store.children(found, options))[0];
  return newest === undefined ? undefined : `${found}/${newest}`;
}

/** A ref to work that has no document yet, with the release's tag or old number replaced. */
async function inRealRelease(store: StoreReader, ref: string, options: ReadOptions): Promise<string | undefined> {
  const parsed = parseRef(withoutFragment(ref));
  if (!parsed.ok || parsed.ref.kind === undefined || !parsed.ref.hasRelease) return undefined;
  const release = await store.resolve(printDocumentRef({ ...parsed.ref, kind: undefined, name: [] }), options);
  return release && [release, parsed.ref.kind, ...parsed.ref.name].join("/");
}

async function readListed(
  store: StoreReader,
  repo: string,
  file: string,
  listed: ListedRelease,
  options: ReadOptions,
): Promise<ReleaseHistory | undefined> {
  try {
    return await readRelease(store, repo, file, listed, options);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { number } = listed;
    const ref = `${refs.package({ repo, file })}/@${listed.name}`;
    const nothing = { tags: [], commit: "", status: "failed", phases: [] } as const;
    return { ref, repo, file, number, name: `r${number}`, ...nothing, news: error.message, problem: error.message };
  }
}

async function readRelease(
  store: StoreReader,
  repo: string,
  file: string,
  { name, number }: ListedRelease,
  options: ReadOptions,
): Promise<ReleaseHistory | undefined> {
  const filePrefix = `${refs.package({ repo, file })}/@`;
  const ref = filePrefix + name;
  const stored = await store.read(ref, options);
  if (stored?.kind !== "ref") return undefined;
  const document = readReleaseBody(ref, stored.body);
  const reader = new ReleaseReader(store, ref, file, document, options);
  const [phases, created] = await Promise.all([reader.readPhases(), reader.readCreationTime()]);

  const work = phases.flatMap((phase) => phase.work);
  const status = overallStatus(phases.map((phase) => phase.status));
  const starts = work.flatMap((each) => each.attempts.flatMap((attempt) => attempt.startedAt ?? []));
  const startedAt = created ?? (starts.length > 0 ? Math.min(...starts) : undefined);
  const news = releaseNews(status, work);
  return {
    ref,
    repo,
    file,
    number,
    name: `r${number}`,
    tags: stored.links
      .filter((link) => link.startsWith(filePrefix) && !link.slice(filePrefix.length).includes("/"))
      .map((link) => link.slice(filePrefix.length))
      .filter((tag) => tag !== "")
      .sort(),
    commit: document.commit,
    status,
    ...optional({ startedAt, news, durationMs: status === "running" ? undefined : reader.busyTime() }),
    phases,
  };
}
