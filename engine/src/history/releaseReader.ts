/** Reading one release's work. */
import { posix } from "node:path";
import type { FunctionRef, SourcePosition } from "../model/package.ts";
import { type ReleaseDocument, type ReleaseWork, refs } from "../release/documents.ts";
import { readInputs } from "../release/inputs.ts";
import { isBeingMade } from "../release/readRelease.ts";
import type { Interval } from "../release/runTimes.ts";
import { type ReadOptions, StoreError, type StoreReader } from "../state/store.ts";
import type { MissingInputHistory, PhaseHistory, WorkHistory } from "./model.ts";
import { failureNews, missingNews } from "./news.ts";
import { attemptOf, fieldOf, intervalsOf, type LoadedRun, loadRun, numbersIn, optional, readLog } from "./runs.ts";
import { coveredTime, overallStatus, timeOf } from "./status.ts";

/** Reads one release's work. */
export class ReleaseReader {
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
    // Environments that came after the release was made: what they brought is in no phase of the document.
    const later = (await Promise.all([this.addedWork("task", known), this.addedWork("deploy", known)])).flat();
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

  private async addedWork(kind: "task" | "deploy", known: ReadonlySet<string>): Promise<ReleaseWork[]> {
    const names = await this.store.children(`${this.release}/${kind}`, this.options);
    const fn = { name: "", pos: "" };
    return names
      .filter((name) => !known.has(`${kind}/${name}`))
      .map((name) => (kind === "task" ? { kind, name, fn, inputs: {} } : { kind, name, up: fn, down: fn, inputs: {} }));
  }

  private async loadRuns(work: ReleaseWork): Promise<LoadedRun[]> {
    const ref = refs.work(this.release, `${work.kind}/${work.name}`);
    const numbers = numbersIn(await this.store.children(ref, this.options));
    const loaded = await Promise.all(numbers.map((number) => this.loadRun(`${ref}/${number}`, number)));
    const runs = loaded.filter((run) => run !== undefined);
    this.intervals.push(...runs.flatMap((run) => intervalsOf(run) ?? []));
    return runs;
  }

  /** The run; undefined when another process is just about to write its documents. */
  private async loadRun(ref: string, number: number): Promise<LoadedRun | undefined> {
    try {
      return await loadRun(this.store, ref, number, this.options);
    } catch (error) {
      const isMissing = error instanceof StoreError && error.code === "missing";
      if (isMissing && (await isBeingMade(this.store, ref, this.options))) return undefined;
      throw error;
    }
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
    if (status === "interrupted") return run.isAbandoned ? "the process that ran it is gone" : undefined;
    if (status !== "failed") return undefined;
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
    const order = Object.keys(next.inputs);
    const missing = reading.missing.toSorted((a, b) => order.indexOf(a.input) - order.indexOf(b.input));
    return missing.map(({ input, ref }) => ({
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

function functionOf(work: ReleaseWork): FunctionRef {
  return work.kind === "task" ? work.fn : work.up;
}

function workOfMarker(dependency: string): string {
  return dependency.replace(/\/\d+\/status\/complete$/, "").replace(/(\/@[^/]*)\/call\//, "$1/task/");
}
