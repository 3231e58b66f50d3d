/**
 * Runs a release until nothing can proceed (spec 4.2). The store is the truth: after every change the release is read
 * again, so that what other processes did counts, and a run is taken by whoever wins the transaction.
 */

import { recordCommand } from "../host/commandRecords.ts";
import type { WorkOutcome } from "../package/session.ts";
import type { LogEntry, PackagePlace, RunDocument, RunInputs, RunStatus } from "../release/documents.ts";
import type { ReleaseListener, ReleaseOutcome, RunFailure, WorkId } from "../release/events.ts";
import { GroupedWrites } from "../release/groupedWrites.ts";
import { type InputReading, readInputs } from "../release/inputs.ts";
import {
  allWork,
  latestRun,
  type ReleaseState,
  type RunState,
  releaseOutcome,
  startableRuns,
  type WorkState,
  withStatuses,
} from "../release/plan.ts";
import { readLog, readRelease, readRun, readRunStatus } from "../release/readRelease.ts";
import { RunLogs } from "../release/runLog.ts";
import { activeTime, withoutOpenPause, withPause } from "../release/runTimes.ts";
import {
  completeRun,
  failRun,
  intendDeployments,
  type RunPlace,
  setRun,
  setStatus,
  shortRef,
} from "../release/runWrites.ts";
import { RememberingReader } from "../state/rememberingReader.ts";
import { type Store, StoreError, type StoreReader } from "../state/store.ts";
import type { CommandListener, LineListener, WorkCaller } from "./caller.ts";
import { chained, withLastInputs, workInput } from "./chain.ts";
import { type MissingHelp, missingInputs } from "./missing.ts";
import type { Slots } from "./slots.ts";
import { startEvent } from "./startEvent.ts";

export interface ExecutionOptions {
  readonly state: Store;
  readonly intent: Store;
  readonly place: PackagePlace;
  /** Ref of the release. */
  readonly release: string;
  readonly caller: WorkCaller;
  /** Places for runs; other releases may take from them, too. */
  readonly slots: Slots;
  readonly listener: ReleaseListener;
  /** Makes a ref of the package file absolute. */
  readonly toAbsolute: (ref: string) => string;
  readonly help: MissingHelp;
  /** Refs of the only runs to work on; all of the release without it. */
  readonly only?: ReadonlySet<string>;
}

interface Ready {
  readonly work: WorkState;
  readonly run: RunState;
  readonly document: RunDocument;
  /** Inputs of the last function, with values. */
  readonly inputs: RunInputs;
}

/** One process's work on one release. */
export class ReleaseExecution {
  readonly #options: ExecutionOptions;
  /** What happens to several runs at the same time goes into one transaction. */
  readonly #writes: GroupedWrites;
  readonly #logs: RunLogs;
  readonly #active = new Map<string, Promise<void>>();
  readonly #documents = new Map<string, RunDocument>();
  /** What became of runs here since the release was read. */
  readonly #changed = new Map<string, RunStatus>();
  /** What was last said of a piece of work that does not run here, so that it is said once. */
  readonly #said = new Map<WorkId, string>();
  #stopped: string | undefined;
  #storeError: unknown;
  /** Why a run could not be begun: what its input refers to is damaged. */
  #damage: StoreError | undefined;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#writes = new GroupedWrites(options.state);
    this.#logs = new RunLogs(this.#writes, (error) => this.#giveUp(error));
  }

  /** Whether it ends, or ended, because it was told to stop. */
  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** Works until nothing can proceed. Throws what the store threw, when it failed, or when an input could not be read. */
  async run(): Promise<ReleaseOutcome> {
    const started = Date.now();
    const { listener, release: ref } = this.#options;
    // The first picture and the documents of its runs are one question.
    const seen = new RememberingReader(this.#options.state);
    let release = await this.#read(seen);
    listener(startEvent(this.#options.place, release, await this.#latest(release, seen)));
    try {
      release = await this.#work(release);
    } catch (error) {
      this.#giveUp(error);
    }
    await Promise.all(this.#active.values());
    await this.#logs.close();
    if (this.#storeError) throw this.#storeError;
    if (this.#damage && !this.#stopped) throw this.#damage;
    const outcome = this.#stopped ? "interrupted" : this.#outcome(release);
    listener({ type: "end", ref, outcome, durationMs: Date.now() - started });
    return outcome;
  }

  /** How the release stands; of some runs only, how those do. */
  #outcome(release: ReleaseState): ReleaseOutcome {
    const meant = (work: WorkState) => this.#isMeant(latestRun(work));
    const phases = release.phases.map((phase) => ({ ...phase, work: phase.work.filter(meant) }));
    return releaseOutcome({ ...release, phases });
  }

  /** Takes what is ready; looks for more, in the store as it is then, when that is used up. Returns the last look. */
  async #work(read: ReleaseState): Promise<ReleaseState> {
    let release = read;
    let ready = await this.#findReady(release);
    for (;;) {
      const room = this.#options.slots.take(ready.length);
      await this.#startSome(ready.splice(0, room));
      if (this.#active.size > 0) await this.#someEnd(ready.length > 0);
      else if (ready.length > 0 && room === 0) await this.#options.slots.freed();
      if (this.#stopped) ready = [];
      else if (ready.length === 0 && this.#mayHaveMore(release)) {
        release = await this.#read();
        ready = await this.#findReady(release);
      }
      // A run may have ended while the release was read: then that picture is old.
      const isCurrent = this.#changed.size === 0 || this.#stopped !== undefined;
      if (this.#active.size === 0 && ready.length === 0 && isCurrent) return release;
    }
  }

  /** Starts those that are still free, in places that were taken for them. */
  async #startSome(ready: readonly Ready[]): Promise<void> {
    let started = 0;
    try {
      for (const each of await this.#take(ready)) {
        this.#start(each);
        started++;
      }
    } finally {
      this.#options.slots.give(ready.length - started);
    }
  }

  /** Waits for a run to end, and for those that end with it: their places are taken together. */
  async #someEnd(isWaiting: boolean): Promise<void> {
    // Another release's run may make room, too.
    await Promise.race([...this.#active.values(), ...(isWaiting ? [this.#options.slots.freed()] : [])]);
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Whether it is worth reading the release again. When nothing runs here, it is: others may have worked on it. */
  #mayHaveMore(release: ReleaseState): boolean {
    if (this.#active.size === 0) return true;
    const startable = startableRuns(withStatuses(release, this.#changed), (run) => this.#dependencies(run));
    return startable.some(({ run }) => !this.#active.has(run.ref) && this.#isMeant(run));
  }

  #dependencies(run: RunState): readonly string[] {
    return this.#documents.get(run.ref)?.functions[0]?.dependencies ?? [];
  }

  #isMeant(run: RunState | undefined): boolean {
    const { only } = this.#options;
    return only === undefined || only.has(run?.ref ?? "");
  }

  /** Ctrl-C or SIGTERM: nothing new starts, commands get the signal; the second time they are killed. */
  stop(signal: "SIGINT" | "SIGTERM"): void {
    const { caller, listener } = this.#options;
    if (this.#stopped) {
      caller.kill();
      return;
    }
    this.#stopped = signal;
    listener({ type: "stopping", signal, commands: caller.commands });
    caller.stop(signal);
  }

  async #read(from: StoreReader = this.#options.state): Promise<ReleaseState> {
    const { release } = this.#options;
    this.#changed.clear();
    const found = await readRelease(from, release);
    if (!found) throw new Error(`the release ${release} is gone from the store`);
    // Only what is paused can have become another without a new number.
    for (const run of allWork(found).map(latestRun)) if (run?.status === "paused") this.#documents.delete(run.ref);
    return found;
  }

  /** Documents of the latest runs, by ref. */
  async #latest(release: ReleaseState, from: StoreReader): Promise<ReadonlyMap<string, RunDocument>> {
    const runs = allWork(release).flatMap((work) => latestRun(work) ?? []);
    await Promise.all(runs.map((run) => this.#document(run, from)));
    return this.#documents;
  }

  /** Documents of the runs that may start. */
  async #readWaiting(release: ReleaseState): Promise<void> {
    const waiting = allWork(release).flatMap((work) => latestRun(work) ?? []);
    const isWaiting = ({ status }: RunState) => status === "pending" || status === "paused";
    await Promise.all(waiting.filter(isWaiting).map((run) => this.#document(run)));
  }

  async #document(run: RunState, from: StoreReader = this.#options.state): Promise<RunDocument> {
    const known = this.#documents.get(run.ref);
    if (known) return known;
    const document = await readRun(from, run.ref);
    this.#documents.set(run.ref, document);
    return document;
  }

  /** Runs whose dependencies are complete and whose inputs are all there; tells of those that lack some. */
  async #findReady(release: ReleaseState): Promise<Ready[]> {
    if (this.#stopped) return [];
    this.#tellOfOthers(release);
    await this.#readWaiting(release);
    const startable = startableRuns(release, (run) => this.#dependencies(run));
    const free = startable.filter(({ run }) => !this.#active.has(run.ref) && this.#isMeant(run));
    const ready = await Promise.all(
      free.map(async ({ work, run }): Promise<Ready | undefined> => {
        const document = await this.#document(run);
        const inputs = document.functions.at(-1)?.inputs ?? {};
        const reading = await this.#readInputs(inputs);
        if (reading === undefined) return undefined;
        if (reading.ok) return { work, run, document, inputs: reading.inputs };
        const { state, help } = this.#options;
        const needs = await missingInputs(state, reading.missing, { release, work: work.id }, help);
        const status = run.status === "paused" ? "paused" : "blocked";
        this.#say(work.id, run.number, status, { needs, annotation: document.functions.at(-1)?.annotation });
        return undefined;
      }),
    );
    return ready.filter((each) => each !== undefined);
  }

  /** Undefined when one of them cannot be read: this run stays as it is, the others go on, and in the end it is told. */
  async #readInputs(inputs: RunInputs): Promise<InputReading | undefined> {
    try {
      return await readInputs(this.#options.state, inputs);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "damaged") throw error;
      this.#damage ??= error;
      return undefined;
    }
  }

  #tellOfOthers(release: ReleaseState): void {
    for (const work of allWork(release)) {
      const run = latestRun(work);
      if (run?.status !== "running" || this.#active.has(run.ref)) continue;
      if (run.isAbandoned) this.#say(work.id, run.number, "interrupted", {});
      else this.#say(work.id, run.number, "running", { elsewhere: true });
    }
  }

  #say(work: WorkId, attempt: number, status: "blocked" | "paused" | "running" | "interrupted", more: object): void {
    const text = JSON.stringify([attempt, status, more]);
    if (this.#said.get(work) === text) return;
    this.#said.set(work, text);
    this.#options.listener({ type: "work", work, attempt, status, time: now(), ...more });
  }

  /** Makes runs ours, in one transaction; those that another process took meanwhile are left out. */
  async #take(ready: readonly Ready[]): Promise<Ready[]> {
    if (ready.length === 0) return [];
    const { state } = this.#options;
    const time = now();
    const subject = ready.length === 1 ? `${shortRef(ready[0]!.run.ref)} running` : `${ready.length} runs running`;
    const taken = await this.#writes.transact(subject, async (tx) => {
      const mine: Ready[] = [];
      for (const each of ready) {
        const { run } = each;
        if (!(await this.#isFree(each))) continue;
        const functions = [
          ...each.document.functions.slice(0, -1),
          { ...each.document.functions.at(-1)!, inputs: each.inputs },
        ];
        const begun = { ...each.document, functions, started: each.document.started ?? time };
        const document: RunDocument = withoutOpenPause(begun, time);
        setRun(tx, run.ref, document);
        await setStatus(state, tx, run.ref, "running", time);
        mine.push({ ...each, document });
      }
      return mine;
    });
    await intendDeployments(
      this.#options,
      taken.map(({ work, document }) => ({ work: work.id, document })),
    );
    return taken;
  }

  /** Whether a run still stands as it was when it was found ready. */
  async #isFree({ run, document }: Ready): Promise<boolean> {
    const { state } = this.#options;
    if ((await readRunStatus(state, run.ref)) !== run.status) return false;
    return (await readRun(state, run.ref)).functions.length === document.functions.length;
  }

  #start(ready: Ready): void {
    const { run } = ready;
    this.#documents.set(run.ref, ready.document);
    const done = this.#perform(ready)
      .catch((error: unknown) => this.#giveUp(error))
      .finally(() => {
        this.#active.delete(run.ref);
        this.#options.slots.give(1);
      });
    this.#active.set(run.ref, done);
  }

  async #perform({ work, run, document, inputs }: Ready): Promise<void> {
    const { listener, caller, release, place } = this.#options;
    const at: RunPlace = { place, release, work: work.id, run: run.ref };
    if (run.status === "paused") this.#logs.resume(run.ref, await readLog(this.#options.state, run.ref));
    listener({ type: "work", work: work.id, attempt: run.number, status: "running", time: now() });
    const onLine: LineListener = (stream, message, position) => {
      // The place that printed it: editors lead from a line of the log to it, and back.
      const attributes: LogEntry["attributes"] = position === undefined ? {} : { pos: position };
      const entry: LogEntry = { timestamp: now(), message, attributes, stream };
      this.#logs.add(run.ref, entry);
      listener({ type: "log", work: work.id, stream, message, time: entry.timestamp });
    };
    const { localFolder } = this.#options.state;
    const onCommand = localFolder === undefined ? undefined : recordsOf(localFolder, run.ref);
    let current = document;
    let given = inputs;
    for (;;) {
      const fn = current.functions.at(-1)!.fn;
      const result = await caller.call(fn, workInput(work.id, document, given), onLine, onCommand);
      if (result.kind === "next" && !this.#stopped) {
        current = chained(current, result, this.#options.toAbsolute);
        const reading = await readInputs(this.#options.state, current.functions.at(-1)!.inputs);
        if (!reading.ok) return await this.#pause(run, current);
        given = reading.inputs;
        current = withLastInputs(current, given);
        await this.#writes.transact(`${shortRef(run.ref)} goes on`, (tx) => setRun(tx, run.ref, current));
        continue;
      }
      if (result.kind === "done") return await this.#complete(at, run, current, result);
      return await this.#fail(at, run, current, this.#failureOf(result));
    }
  }

  #failureOf(result: Extract<WorkOutcome, { kind: "failed" | "next" }>): RunFailure {
    const { position, stack = [] } = result.kind === "failed" ? result.problem : { position: undefined };
    const place = { ...(position && { position }), stack };
    if (this.#stopped) return { message: "interrupted", ...place, interrupted: true };
    return { message: result.kind === "failed" ? result.message : "interrupted", ...place };
  }

  async #pause(run: RunState, document: RunDocument): Promise<void> {
    const time = now();
    const paused = withPause(document, time);
    await this.#writes.transact(`${shortRef(run.ref)} paused`, async (tx) => {
      setRun(tx, run.ref, paused);
      await setStatus(this.#writes, tx, run.ref, "paused", time);
      this.#logs.finish(run.ref, tx);
    });
    this.#ended(run, paused, "paused");
  }

  async #complete(
    at: RunPlace,
    run: RunState,
    document: RunDocument,
    result: Extract<WorkOutcome, { kind: "done" }>,
  ): Promise<void> {
    const { listener } = this.#options;
    const time = now();
    const ended: RunDocument = {
      ...document,
      output: result.outputs ?? {},
      ...(result.watch.length > 0 ? { watch_files: result.watch } : {}),
      annotation: result.annotation,
      ended: time,
    };
    await completeRun(this.#writes, at, { document: ended, tags: result.tags, time, logs: this.#logs });
    this.#ended(run, ended, "complete");
    const status = document.type === "down" ? "removed" : "complete";
    const { outputs, annotation } = result;
    const durationMs = activeTime(ended);
    listener({ type: "work", work: at.work, attempt: run.number, status, time, durationMs, outputs, annotation });
  }

  async #fail(at: RunPlace, run: RunState, document: RunDocument, failure: RunFailure): Promise<void> {
    const { listener } = this.#options;
    const time = now();
    const ended: RunDocument = { ...document, failure, ended: time };
    await failRun(this.#writes, at, { document: ended, time, logs: this.#logs });
    this.#ended(run, ended, "failed");
    const status = failure.interrupted ? "interrupted" : "failed";
    const durationMs = activeTime(ended);
    listener({ type: "work", work: at.work, attempt: run.number, status, time, durationMs, failure });
  }

  #ended(run: RunState, document: RunDocument, status: RunStatus): void {
    this.#documents.set(run.ref, document);
    this.#changed.set(run.ref, status);
    this.#logs.forget(run.ref);
  }

  /** The store failed: what runs is stopped, and the error is the command's. */
  #giveUp(error: unknown): void {
    this.#storeError ??= error;
    if (this.#stopped) return;
    const { caller } = this.#options;
    if (caller.commands.length > 0) {
      this.stop("SIGTERM");
      return;
    }
    // Nothing is kept waiting: the error says it all.
    this.#stopped = "SIGTERM";
    caller.stop("SIGTERM");
  }
}

/** Records the run's commands while they run, for those who find that this process is gone. */
function recordsOf(localFolder: string, run: string): CommandListener {
  return (pid, command) => recordCommand(localFolder, run, pid, command);
}

function now(): string {
  return new Date().toISOString();
}
