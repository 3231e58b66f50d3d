/**
 * Reading releases out of a store for people: the editor's views and `release list/show`. What is read grows with the
 * releases asked for, not with the store.
 */
import { posix } from "node:path";
import type { FunctionRef, SourcePosition } from "../package/model.ts";
import { withoutFragment } from "../refs/links.ts";
import { parseRef } from "../refs/parse.ts";
import {
  type LogEntry,
  type ReleaseDocument,
  type ReleaseWork,
  type RunDocument,
  type RunInputs,
  type RunStatus,
  readLogBody,
  readReleaseBody,
  readRunBody,
  refs,
  runStatuses,
} from "../release/documents.ts";
import { readInputs } from "../runner/inputs.ts";
import type { JsonValue } from "../state/json.ts";
import { ownerIsAlive, readOwner } from "../state/owner.ts";
import { type ReadOptions, StoreError, type StoreReader } from "../state/store.ts";
import { type ListedRelease, listPackageFiles, listReleases } from "./listing.ts";
import type {
  AttemptHistory,
  FileHistory,
  MissingInputHistory,
  PhaseHistory,
  ReleaseHistory,
  WorkHistory,
} from "./model.ts";
import { failureNews, missingNews, releaseNews } from "./news.ts";
import { attemptStatus, coveredTime, type Interval, overallStatus, timeOf } from "./status.ts";

export interface ReleasesQuery extends ReadOptions {
  readonly repo: string;
  /** Only this package file. */
  readonly file?: string;
  /** Releases for each file, newest first. */
  readonly limit: number;
}

/** The newest releases of each package file of a repository. A damaged release has its `problem` instead of its parts. */
export async function readReleases(store: StoreReader, query: ReleasesQuery): Promise<FileHistory[]> {
  const { repo, limit } = query;
  const files = query.file === undefined ? await listPackageFiles(store, repo, query) : [query.file];
  const histories = await Promise.all(
    files.map(async (file): Promise<FileHistory> => {
      const listed = await listReleases(store, { repo, file }, query);
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

/** The log of a run; with a piece of work's ref (no number), of its newest run. Undefined when there is no such run. */
export async function readRunLog(
  store: StoreReader,
  ref: string,
  options: ReadOptions = {},
): Promise<{ readonly run: string; readonly entries: readonly LogEntry[]; readonly finished: boolean } | undefined> {
  const run = await findRun(store, ref, options);
  if (run === undefined) return undefined;
  const { status, isAbandoned } = await readStatus(store, run, options);
  const finished = isAbandoned || !["pending", "running", "paused"].includes(status);
  return { run, entries: await readLog(store, run, options), finished };
}

async function findRun(store: StoreReader, ref: string, options: ReadOptions): Promise<string | undefined> {
  const found = (await store.resolve(ref, options)) ?? withoutFragment(ref).replace(/(\/@[^/]*)\/call\//, "$1/task/");
  if (/\/\d+$/.test(found) && (await store.read(found, options))) return found;
  const newest = numbersIn(await store.children(found, options))[0];
  return newest === undefined ? undefined : `${found}/${newest}`;
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

/** Reads one release's work. */
class ReleaseReader {
  private readonly intervals: Interval[] = [];
  private readonly knowsFolders: boolean;

  constructor(
    private readonly store: StoreReader,
    private readonly release: string,
    private readonly file: string,
    private readonly document: ReleaseDocument,
    private readonly options: ReadOptions,
  ) {
    this.knowsFolders = document.phases.some((phase) => phase.work.some((work) => functionOf(work).pos.includes("/")));
  }

  async readPhases(): Promise<PhaseHistory[]> {
    const { document, release } = this;
    const runs = new Map<ReleaseWork, LoadedRun[]>();
    const listed = document.phases.flatMap((phase) => phase.work);
    const known = new Set(listed.map((work) => `${work.kind}/${work.name}`));
    // Environments that came after the release was made: their deployments are in no phase of the document.
    const added = (await this.store.children(`${release}/deploy`, this.options)).filter(
      (name) => !known.has(`deploy/${name}`),
    );
    const fn = { name: "", pos: "" };
    const later = added.map((name): ReleaseWork => ({ kind: "deploy", name, up: fn, down: fn, inputs: {} }));
    await Promise.all([...listed, ...later].map(async (work) => runs.set(work, await this.loadRuns(work))));

    const complete = new Set<string>();
    for (const [work, loaded] of runs) {
      if (loaded.some((run) => run.status === "complete")) complete.add(`${release}/${work.kind}/${work.name}`);
    }
    const phases = [
      ...document.phases,
      ...later.filter((work) => runs.get(work)!.length > 0).map((work) => ({ name: "", work: [work] })),
    ];
    return Promise.all(
      phases.map(async (phase): Promise<PhaseHistory> => {
        const work = await Promise.all(phase.work.map((each) => this.describe(each, runs.get(each)!, complete)));
        return { name: phase.name, status: overallStatus(work.map((each) => each.status)), work };
      }),
    );
  }

  /** When the release was made, as its commit's marker says. */
  async readCreationTime(): Promise<number | undefined> {
    const marker = await this.store
      .read(refs.commit(this.release, this.document.commit), this.options)
      .catch(() => undefined);
    return timeOf(fieldOf(marker?.kind === "ref" ? marker.body : undefined, "time"));
  }

  /** Time during which something of the release ran. Call when all is read. */
  busyTime(): number | undefined {
    return this.intervals.length === 0 ? undefined : coveredTime(this.intervals);
  }

  private async loadRuns(work: ReleaseWork): Promise<LoadedRun[]> {
    const ref = refs.work(this.release, `${work.kind}/${work.name}`);
    const numbers = numbersIn(await this.store.children(ref, this.options));
    return Promise.all(numbers.map((number) => this.loadRun(ref, number)));
  }

  private async loadRun(work: string, number: number): Promise<LoadedRun> {
    const ref = `${work}/${number}`;
    const [stored, status] = await Promise.all([
      this.store.read(ref, this.options),
      readStatus(this.store, ref, this.options),
    ]);
    if (stored?.kind !== "ref") throw new StoreError(`The run ${ref} has no document.`, "missing");
    const document = readRunBody(ref, stored.body);
    const isOver = ["complete", "failed", "failed_retried", "cancelled"].includes(status.status);
    let start = timeOf(document.started);
    let end = timeOf(document.ended) ?? (isOver ? status.time : undefined);
    if (start === undefined && status.status === "running") start = status.time;
    if (start === undefined && isOver) {
      // Written by another tool: only the log tells when it began.
      const times = (await readLog(this.store, ref, this.options)).flatMap((entry) => timeOf(entry.timestamp) ?? []);
      start = times[0];
      end ??= times.at(-1);
    }
    if (start !== undefined && end !== undefined) this.intervals.push({ start, end });
    return { ref, number, document, ...status, start, end: isOver ? end : undefined };
  }

  private async describe(
    work: ReleaseWork,
    runs: readonly LoadedRun[],
    complete: ReadonlySet<string>,
  ): Promise<WorkHistory> {
    const [latest] = runs;
    const position = this.positionOf(functionOf(work));
    const attempts = runs.map(attemptOf);
    const about = {
      ref: `${this.release}/${work.kind}/${work.name}`,
      kind: work.kind,
      name: work.name,
      attempts,
      ...optional({ position }),
    };
    if (latest === undefined) return { ...about, status: "pending", missing: [] };

    const missing = await this.missingOf(latest, complete);
    const status = latest.status === "pending" && missing.length > 0 ? "blocked" : attempts[0]!.status;
    const news = missingNews(missing) ?? (await this.newsOf(latest, status));
    return { ...about, status, missing, ...optional({ news, durationMs: attempts[0]!.durationMs }) };
  }

  private async newsOf(run: LoadedRun, status: string): Promise<string | undefined> {
    if (status === "interrupted") return "the process that ran it is gone";
    if (status !== "failed") return undefined;
    if (run.document.failure?.interrupted) return "interrupted";
    return failureNews(run.document.failure, await readLog(this.store, run.ref, this.options));
  }

  /** Inputs that are not there, of a run that waits for nothing else. */
  private async missingOf(run: LoadedRun, complete: ReadonlySet<string>): Promise<MissingInputHistory[]> {
    if (run.status !== "pending" && run.status !== "paused") return [];
    const next = run.document.functions.at(-1);
    const waits = next?.dependencies.some((dependency) => !complete.has(workOfMarker(dependency))) ?? false;
    if (next === undefined || waits) return [];
    const reading = await readInputs(this.store, next.inputs);
    if (reading.ok) return [];
    return reading.missing.map(({ input, ref }) => ({
      name: input,
      ref,
      canBeSet: /(?:^|\/)@[^/]*\/custom\//.test(ref),
    }));
  }

  /** The public tool records only the file's base name; then it lies beside the package file. */
  private positionOf(fn: FunctionRef): SourcePosition | undefined {
    const match = /^(.+):(\d+):(\d+)$/.exec(fn.pos);
    if (!match) return undefined;
    const isBare = !match[1]!.includes("/") && !this.knowsFolders;
    const file = isBare ? posix.join(posix.dirname(this.file), match[1]!) : match[1]!;
    return { file, line: Number(match[2]), column: Number(match[3]) };
  }
}

interface LoadedRun {
  readonly ref: string;
  readonly number: number;
  readonly document: RunDocument;
  readonly status: RunStatus;
  readonly isAbandoned: boolean;
  readonly time: number | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

function attemptOf(run: LoadedRun): AttemptHistory {
  const { document, start, end } = run;
  const output = document.output;
  return {
    ref: run.ref,
    number: run.number,
    type: document.type,
    status: attemptStatus(run.status, document.type, run.isAbandoned),
    inputs: valuesOf(document.functions[0]?.inputs ?? {}),
    outputs:
      typeof output === "object" && output !== null && !Array.isArray(output)
        ? (output as Record<string, JsonValue>)
        : {},
    ...optional({
      startedAt: start,
      durationMs: start !== undefined && end !== undefined ? Math.max(0, end - start) : undefined,
      failure: document.failure,
    }),
  };
}

function valuesOf(inputs: RunInputs): Record<string, JsonValue> {
  const known = Object.entries(inputs).flatMap(([name, input]) => {
    const value = input.value ?? input.default;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

/** A run's status now. A reader may come between two steps of another tool: the later stage counts, and none is retried. */
async function readStatus(store: StoreReader, run: string, options: ReadOptions) {
  for (let attempt = 0; ; attempt++) {
    const found = await store.children(`${run}/status`, options);
    const status = runStatuses.findLast((known) => found.includes(known));
    const document = status && (await store.read(refs.status(run, status), options));
    if (status && document) {
      const body = document.kind === "ref" ? document.body : undefined;
      const isAbandoned = status === "running" && !ownerIsAlive(readOwner(fieldOf(body, "owner")));
      return { status, isAbandoned, time: timeOf(fieldOf(body, "time")) };
    }
    if (attempt >= 5) return { status: "pending" as const, isAbandoned: false, time: undefined };
  }
}

async function readLog(store: StoreReader, run: string, options: ReadOptions): Promise<LogEntry[]> {
  const stored = await store.read(refs.logs(run), options);
  return readLogBody(stored?.kind === "ref" ? stored.body : undefined);
}

function functionOf(work: ReleaseWork): FunctionRef {
  return work.kind === "task" ? work.fn : work.up;
}

function workOfMarker(dependency: string): string {
  return dependency.replace(/\/\d+\/status\/complete$/, "").replace(/(\/@[^/]*)\/call\//, "$1/task/");
}

function numbersIn(names: readonly string[]): number[] {
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a);
}

function fieldOf(value: JsonValue | undefined, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** The fields that have a value. */
function optional<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
