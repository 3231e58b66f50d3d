import { MessageChannel, Worker } from "node:worker_threads";
import { workerScript } from "../host/assets.ts";
import { type BridgeChannel, serveBridge } from "./bridge.ts";

/** What a new worker thread is given. */
export interface WorkerStart {
  readonly channel: BridgeChannel;
}

/** Answers what the worker asks while a job runs. */
export type CallHandler = (method: string, args: readonly unknown[]) => unknown;

/** A worker that ended without answering: its job is lost. */
export class WorkerLostError extends Error {
  override readonly name = "WorkerLostError";
}

interface PendingJob<Result> {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/** How long a worker has to notice that it is to stop, before its thread is ended, in milliseconds. */
const cancelGraceMs = 1500;

/** Heap of a worker, in MB: enough for any release process, and a runaway function ends with an error of its own. */
const heapMb = 512;

/** One worker thread: takes one job at a time; ends when told to, or when a job will not stop. */
export class WorkerThread<Job, Result> {
  readonly #worker: Worker;
  readonly #counter: Int32Array;
  #handler: CallHandler = () => undefined;
  #pending: PendingJob<Result> | undefined;
  /** Requests that the main thread is working on: while there are any, the worker cannot notice anything. */
  #asked = 0;
  #ended = false;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#counter = new Int32Array(new SharedArrayBuffer(8));
    const start: WorkerStart = { channel: { port: port2, counter: this.#counter } };
    this.#worker = new Worker(workerScript(), {
      workerData: start,
      transferList: [port2],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb, stackSizeMb: 8 },
    });
    serveBridge(
      { port: port1, counter: this.#counter },
      {
        handle: (method, args) => this.#answer(method, args),
        finish: (result) => this.#settle((pending) => pending.resolve(result as Result)),
      },
    );
    this.#worker.on("error", (error: NodeJS.ErrnoException) => this.#lose(lostReason(error), error));
    this.#worker.on("exit", () => this.#lose("the worker thread ended"));
    this.#worker.on("exit", () => port1.close());
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Runs one job; what it asks for meanwhile goes to `handler`. Rejects with WorkerLostError when the thread ends. */
  run(job: Job, handler: CallHandler): Promise<Result> {
    if (this.#ended) return Promise.reject(new WorkerLostError("the worker thread has ended"));
    Atomics.store(this.#counter, 1, 0);
    this.#handler = handler;
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#worker.postMessage(job);
    });
  }

  /** Asks the running job to stop; a job that does not, although nothing keeps it waiting, is ended with its thread. */
  cancel(): void {
    if (!this.#pending) return;
    Atomics.store(this.#counter, 1, 1);
    this.#endUnlessStopped(this.#asked);
  }

  #endUnlessStopped(askedBefore: number): void {
    setTimeout(() => {
      if (!this.#pending || Atomics.load(this.#counter, 1) === 0) return;
      if (askedBefore === 0 && this.#asked === 0) void this.#worker.terminate();
      else this.#endUnlessStopped(this.#asked);
    }, cancelGraceMs).unref();
  }

  async #answer(method: string, args: readonly unknown[]): Promise<unknown> {
    this.#asked++;
    try {
      return await this.#handler(method, args);
    } finally {
      this.#asked--;
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#worker.terminate();
  }

  #lose(reason: string, cause?: Error): void {
    this.#ended = true;
    this.#settle((pending) => pending.reject(new WorkerLostError(reason, { cause })));
  }

  #settle(act: (pending: PendingJob<Result>) => void): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) act(pending);
  }
}

function lostReason(error: NodeJS.ErrnoException): string {
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY") return `it used more than ${heapMb} MB of memory`;
  return `the worker thread failed: ${error.message}`;
}
