import { Worker } from "node:worker_threads";
import type { EnvironmentModel, PackageEvaluation, RepositoryEvaluation } from "@ocuroot/engine";
import { stopYoungGrowth } from "../heap.ts";
import type { EvaluateBegun, EvaluateLimits, EvaluateReply, EvaluateRequest } from "./messages.ts";

export interface EvaluateTask {
  readonly root: string;
  readonly file: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly environments: readonly EnvironmentModel[];
}

export interface EvaluatorOptions {
  /** Bundle of the thread. */
  readonly worker: string;
  readonly limits?: EvaluateLimits;
  /** How long (milliseconds) after its own time limit the thread may stay silent before it is ended. */
  readonly grace?: number;
  /** How long (milliseconds) a thread that has nothing to do is kept, after an edit and otherwise. */
  readonly idle?: { readonly opened: number; readonly edited: number };
}

/** Generous for any release process, over in a blink for a loop that never ends. */
const defaultLimits: EvaluateLimits = { steps: 50_000_000, wallMs: 2_000 };
const defaultGrace = 1_500;
/** A thread holds a heap and a parser of its own; after an edit the next one is not far. */
const defaultIdle = { opened: 2_000, edited: 10_000 };

/** A thread that has not begun after this time (milliseconds) never will. */
const longestStart = 30_000;

interface Current {
  readonly id: number;
  readonly begun: () => void;
  readonly finish: (reply: EvaluateReply | EvaluationStopped) => void;
}

/** Why an evaluation gave no result. */
export class EvaluationStopped extends Error {
  override readonly name = "EvaluationStopped";
  constructor(
    readonly reason: "cancelled" | "time" | "fault",
    message: string,
  ) {
    super(message);
  }
}

/**
 * Evaluates files in one thread, one after the other. A thread that does not answer in time is ended and replaced: a
 * regular expression or a huge allocation inside of one step cannot hold the server up.
 */
export class Evaluator {
  #thread: Worker | undefined;
  #current: Current | undefined;
  #idle: NodeJS.Timeout | undefined;
  #wasEdited = false;
  #queue: Promise<unknown> = Promise.resolve();
  #nextId = 1;
  #isDisposed = false;

  constructor(private readonly options: EvaluatorOptions) {}

  package(task: EvaluateTask, signal: AbortSignal): Promise<PackageEvaluation> {
    return this.#enqueue("package", task, signal).then(
      (reply) => (reply as { evaluation: PackageEvaluation }).evaluation,
    );
  }

  repository(task: EvaluateTask, signal: AbortSignal): Promise<RepositoryEvaluation> {
    return this.#enqueue("repository", task, signal).then(
      (reply) => (reply as { evaluation: RepositoryEvaluation }).evaluation,
    );
  }

  /** Whether there is a thread, which holds memory. */
  get hasThread(): boolean {
    return this.#thread !== undefined;
  }

  /** There will be something to evaluate soon: has a thread start meanwhile. */
  prepare(): void {
    if (this.#thread !== undefined || this.#isDisposed) return;
    this.#ensureThread();
    this.#endWhenIdle();
  }

  /** Somebody edits: a thread that there is, or is about to be, is kept for what comes when they pause. */
  keep(): void {
    this.#wasEdited = true;
    if (this.#thread !== undefined && this.#current === undefined) this.#endWhenIdle();
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#current?.finish(new EvaluationStopped("cancelled", "The server is stopping."));
    clearTimeout(this.#idle);
    await this.#thread?.terminate();
  }

  #enqueue(kind: "package" | "repository", task: EvaluateTask, signal: AbortSignal): Promise<EvaluateReply> {
    const run = this.#queue.then(() => this.#run(kind, task, signal));
    this.#queue = run.catch(() => undefined);
    return run;
  }

  async #run(kind: "package" | "repository", task: EvaluateTask, signal: AbortSignal): Promise<EvaluateReply> {
    if (signal.aborted || this.#isDisposed) throw new EvaluationStopped("cancelled", "A newer text is there.");
    const limits = this.options.limits ?? defaultLimits;
    const request: EvaluateRequest = {
      ...task,
      id: this.#nextId++,
      kind,
      limits,
      cancelFlag: new Int32Array(new SharedArrayBuffer(4)),
    };
    clearTimeout(this.#idle);
    const thread = this.#ensureThread();
    const reply = await new Promise<EvaluateReply | EvaluationStopped>((done) => {
      const finish: Current["finish"] = (result) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", cancel);
        done(result);
      };
      const end = (message: string): void => {
        this.#replaceThread();
        finish(new EvaluationStopped("time", message));
      };
      let timer = setTimeout(() => end("The thread that evaluates files did not start."), longestStart);
      // A thread that starts on a busy machine has done nothing wrong.
      const begun = (): void => {
        clearTimeout(timer);
        const text = `Evaluation took longer than ${limits.wallMs / 1000} s and was ended.`;
        timer = setTimeout(() => end(text), limits.wallMs + (this.options.grace ?? defaultGrace));
      };
      const cancel = (): void => void Atomics.store(request.cancelFlag, 0, 1);
      signal.addEventListener("abort", cancel, { once: true });
      this.#current = { id: request.id, begun, finish };
      thread.postMessage(request);
    });
    this.#current = undefined;
    this.#endWhenIdle();
    if (reply instanceof EvaluationStopped) throw reply;
    if (reply.kind === "fault") throw new EvaluationStopped("fault", reply.message);
    if (signal.aborted) throw new EvaluationStopped("cancelled", "A newer text is there.");
    return reply;
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    const { opened, edited } = this.options.idle ?? defaultIdle;
    this.#idle = setTimeout(() => this.#replaceThread(), this.#wasEdited ? edited : opened);
    this.#idle.unref();
  }

  #ensureThread(): Worker {
    if (this.#thread !== undefined) return this.#thread;
    // Evaluations are short: a small young generation costs them nothing and saves tens of megabytes.
    const resourceLimits = { maxYoungGenerationSizeMb: 4 };
    const thread = new Worker(this.options.worker, { stdout: true, stderr: true, resourceLimits });
    thread.on("online", stopYoungGrowth);
    // The client may exit at any time; a thread that idles must not keep the process.
    thread.unref();
    thread.on("message", (message: EvaluateBegun | EvaluateReply) => {
      if (this.#thread !== thread || this.#current?.id !== message.id) return;
      if (message.kind === "begun") this.#current.begun();
      else this.#current.finish(message);
    });
    const fail = (message: string): void => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#current?.finish(new EvaluationStopped("fault", message));
    };
    thread.on("error", (error) => fail(error.message));
    thread.on("exit", (code) => fail(`The preview's thread ended with code ${code}.`));
    this.#thread = thread;
    return thread;
  }

  #replaceThread(): void {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#wasEdited = false;
    void thread?.terminate();
  }
}
