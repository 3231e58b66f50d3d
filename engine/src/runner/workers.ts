/** The worker threads of a process: started when needed, kept and used again. */
import { availableParallelism } from "node:os";
import { InterruptedError } from "../host/errors.ts";
import { NodeHost } from "../host/nodeHost.ts";
import { ProcessGroups } from "../host/processes.ts";
import type { FunctionRef, PackageEvaluation, PackageProblem } from "../model/package.ts";
import type { RepositoryEvaluation } from "../model/repository.ts";
import type { WorkInput, WorkOutcome } from "../package/session.ts";
import { SecretMask } from "../secrets.ts";
import type { CommandListener, LineListener, WorkCaller } from "./caller.ts";
import { hostCalls } from "./hostCalls.ts";
import type { Job, JobResult, PackageSource, RepositorySource } from "./jobs.ts";
import { HostRecording } from "./recording.ts";
import { type CallHandler, WorkerLostError, WorkerThread } from "./thread.ts";

type Thread = WorkerThread<Job, JobResult>;

type Listeners = readonly [onLine: LineListener, onCommand?: CommandListener];

/** How long work waits for a thread to come free, while others do, before there are more threads. Milliseconds. */
const patienceMs = 15;

export class Workers {
  /** Secrets that anything of this process registered. */
  readonly secrets = new SecretMask();
  readonly #groups = new ProcessGroups();
  readonly #abort = new AbortController();
  readonly #host: NodeHost;
  readonly #idle: Thread[] = [];
  readonly #busy = new Set<Thread>();
  /** Of the busy ones, those that only get ready. */
  readonly #preparing = new Set<Thread>();
  /** Work that waits for a thread, in order. */
  readonly #waiting: ((thread: Thread) => void)[] = [];
  #patience: NodeJS.Timeout | undefined;
  /** Whether a thread came free since the last look. */
  #isMoving = false;
  readonly #loaded = new WeakMap<Thread, Set<string>>();

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#host = new NodeHost({ env, groups: this.#groups, signal: this.#abort.signal });
    // Commands have groups of their own: were this process to fail, they would live on.
    process.on("exit", this.#killCommands);
  }

  /** True once anything was asked to stop. */
  get isStopping(): boolean {
    return this.#groups.isStopping;
  }

  /** Starts a thread that will be needed: that takes as long as reading the files does. */
  warm(): void {
    if (this.#idle.length === 0 && this.#busy.size === 0) this.#idle.push(new WorkerThread<Job, JobResult>());
  }

  async evaluateRepository(source: RepositorySource, onLine: LineListener): Promise<RepositoryEvaluation> {
    const result = await this.#use((thread) => thread.run({ kind: "repository", source }, this.#handler(onLine)));
    return result.kind === "repository" ? result.evaluation : { model: undefined, problems: [faultOf(result)] };
  }

  /** Calls the trigger that a repository's configuration sets. Returns what went wrong, if anything. */
  async trigger(source: RepositorySource, commit: string, onLine: LineListener): Promise<PackageProblem | undefined> {
    const result = await this.#use((thread) => thread.run({ kind: "trigger", source, commit }, this.#handler(onLine)));
    return result.kind === "trigger" ? result.problem : faultOf(result);
  }

  /** Evaluates a package file, and gives what calls its functions. */
  async evaluatePackage(
    source: PackageSource,
    onLine: LineListener,
  ): Promise<{ readonly evaluation: PackageEvaluation; readonly caller: WorkCaller }> {
    const recording = new HostRecording();
    const result = await this.#use((thread) => {
      this.#loadedIn(thread).add(source.key);
      return thread.run({ kind: "package", source }, recording.record(this.#handler(onLine)));
    });
    const evaluation =
      result.kind === "package" ? result.evaluation : { model: undefined, problems: [faultOf(result)] };
    return { evaluation, caller: this.#caller(source, recording) };
  }

  /** Asks commands, requests and functions to stop. Nothing can be started any more. */
  stop(signal: "SIGINT" | "SIGTERM"): void {
    this.#groups.stop(signal);
    this.#abort.abort(new InterruptedError());
    for (const thread of this.#busy) thread.cancel();
  }

  kill(): void {
    this.#groups.kill();
    for (const thread of this.#busy) void thread.end();
  }

  async close(): Promise<void> {
    process.off("exit", this.#killCommands);
    clearInterval(this.#patience);
    this.#groups.kill();
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((thread) => thread.end()));
  }

  readonly #killCommands = () => this.#groups.kill();

  #caller(source: PackageSource, recording: HostRecording): WorkCaller {
    const groups = this.#groups;
    return {
      call: (fn, input, ...listeners) => this.#call(source, recording, fn, input, ...listeners),
      prepare: (count) => this.#prepare(source, recording, count),
      stop: (signal) => this.stop(signal),
      kill: () => this.kill(),
      get commands() {
        return groups.commands;
      },
    };
  }

  async #call(
    source: PackageSource,
    recording: HostRecording,
    fn: FunctionRef,
    input: WorkInput,
    ...listeners: Listeners
  ): Promise<WorkOutcome> {
    const result = await this.#use(async (thread) => {
      if (this.#groups.isStopping) return stoppedResult;
      const fault = await this.#load(thread, source, recording);
      if (this.#groups.isStopping) return stoppedResult;
      return fault ?? (await thread.run({ kind: "call", key: source.key, fn, input }, this.#handler(...listeners)));
    });
    if (result.kind === "call") return this.#masked(result.outcome);
    const problem = faultOf(result);
    return { kind: "failed", problem, message: problem.message, traceback: problem.message, reason: undefined };
  }

  /** Evaluates the file in a thread that has not done so. Returns what went wrong, if anything. */
  async #load(thread: Thread, source: PackageSource, recording: HostRecording): Promise<JobResult | undefined> {
    const loaded = this.#loadedIn(thread);
    if (loaded.has(source.key)) return undefined;
    const result = await thread.run({ kind: "package", source }, recording.replay(this.#handler(() => {})));
    if (result.kind !== "fault") loaded.add(source.key);
    return result.kind === "fault" ? result : undefined;
  }

  /**
   * Starts threads ahead of need, until there are as many as asked for or as can run at once. What goes wrong shows when
   * they are used.
   */
  #prepare(source: PackageSource, recording: HostRecording, count: number): void {
    const missing = Math.min(count, availableParallelism()) - this.#idle.length - this.#busy.size;
    for (let each = 0; each < missing; each++) {
      const thread = new WorkerThread<Job, JobResult>();
      this.#busy.add(thread);
      this.#preparing.add(thread);
      const ready = this.#load(thread, source, recording).catch(() => undefined);
      void ready.then(() => this.#giveBack(thread));
    }
  }

  /** Other workers may have registered secrets that this one does not know. Outputs are data, and stay as they are. */
  #masked(outcome: WorkOutcome): WorkOutcome {
    return outcome.kind === "failed" ? this.secrets.maskDeep(outcome) : outcome;
  }

  #loadedIn(thread: Thread): Set<string> {
    const loaded = this.#loaded.get(thread) ?? new Set<string>();
    this.#loaded.set(thread, loaded);
    return loaded;
  }

  async #use(act: (thread: Thread) => Promise<JobResult>): Promise<JobResult> {
    const thread = await this.#obtain();
    try {
      return await act(thread);
    } catch (error) {
      if (error instanceof WorkerLostError) return lost(error);
      throw error;
    } finally {
      this.#giveBack(thread);
    }
  }

  /** A thread that has nothing to do goes to whoever waits for one, else it is kept. */
  #giveBack(thread: Thread): void {
    this.#busy.delete(thread);
    this.#preparing.delete(thread);
    this.#isMoving = true;
    const next = this.#waiting.shift();
    if (next) next(this.#taken(thread.hasEnded ? undefined : thread));
    else if (!thread.hasEnded) this.#idle.push(thread);
  }

  /**
   * An idle thread; else, when all are busy, the next that comes free. Starting one costs more than most functions take;
   * but functions that wait for commands must not keep others waiting, so there are soon more.
   */
  #obtain(): Thread | Promise<Thread> {
    const idle = this.#idle.pop();
    if (idle || this.#busy.size === 0) return this.#taken(idle);
    this.#patience ??= setInterval(() => this.#grow(), patienceMs);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Twice as many threads, at most as many as are waited for, when none came free and none is getting ready. */
  #grow(): void {
    if (this.#waiting.length === 0) {
      clearInterval(this.#patience);
      this.#patience = undefined;
    } else if (!this.#isMoving && this.#preparing.size === 0) {
      for (const next of this.#waiting.splice(0, Math.max(1, this.#busy.size))) next(this.#taken());
    }
    this.#isMoving = false;
  }

  #taken(thread: Thread = new WorkerThread<Job, JobResult>()): Thread {
    this.#busy.add(thread);
    return thread;
  }

  #handler(...listeners: Listeners): CallHandler {
    return hostCalls(this.#host, this.secrets, ...listeners);
  }
}

/** What was asked to stop before it began. */
const stoppedResult: JobResult = {
  kind: "fault",
  problem: { code: "runner/interrupted", severity: "error", message: "interrupted", position: undefined },
  stack: "",
};

function lost(error: WorkerLostError): JobResult {
  const problem = { code: "runner/lost", severity: "error", message: error.message, position: undefined } as const;
  return { kind: "fault", problem, stack: error.stack ?? "" };
}

function faultOf(result: JobResult): PackageProblem {
  if (result.kind === "fault") return result.problem;
  return { code: "runner/fault", severity: "error", message: `unexpected ${result.kind}`, position: undefined };
}
