/**
 * How a worker thread, whose code is synchronous, asks the main thread for things that are not: it posts a request and
 * sleeps on a shared counter until the answer is there. Requests, notices and the result of one worker go through one port:
 * messages of two ports may overtake each other, and lines that arrive after the result would be lost.
 */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";

/** Sent by a worker. A notice wants no answer; a result ends the job. */
export type BridgeMessage =
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "call"; readonly method: string; readonly args: readonly unknown[] }
  | { readonly kind: "notice"; readonly method: string; readonly args: readonly unknown[] };

type BridgeReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly name: string; readonly message: string };

/** Error of a call, as thrown in the worker: the main thread's message, without its stack. */
export class BridgeError extends Error {
  constructor(message: string, name: string) {
    super(message);
    this.name = name;
  }
}

/** What both sides share: `counter[0]` counts answers, `counter[1]` is non-zero when the worker is to stop. */
export interface BridgeChannel {
  readonly port: MessagePort;
  readonly counter: Int32Array;
}

/** Notices that may be under way before the worker waits for the main thread to catch up. */
const noticesAhead = 512;

/** The worker's end. */
export class WorkerBridge {
  readonly #channel: BridgeChannel;
  #unanswered = 0;

  constructor(channel: BridgeChannel) {
    this.#channel = channel;
  }

  /** Non-zero when the worker is to stop; the evaluator looks at it. */
  get cancelFlag(): Int32Array {
    return this.#channel.counter.subarray(1, 2);
  }

  /** Blocks until the main thread has answered. */
  call(method: string, ...args: unknown[]): unknown {
    const { port, counter } = this.#channel;
    let seen = Atomics.load(counter, 0);
    port.postMessage({ kind: "call", method, args } satisfies BridgeMessage);
    this.#unanswered = 0;
    for (;;) {
      const received = receiveMessageOnPort(port) as { message: BridgeReply } | undefined;
      if (received) {
        if (received.message.ok) return received.message.value;
        throw new BridgeError(received.message.message, received.message.name);
      }
      Atomics.wait(counter, 0, seen);
      seen = Atomics.load(counter, 0);
    }
  }

  notify(method: string, ...args: unknown[]): void {
    this.#channel.port.postMessage({ kind: "notice", method, args } satisfies BridgeMessage);
    // A function that prints without end must not fill the main thread's memory.
    if (++this.#unanswered > noticesAhead) this.call("catchUp");
  }

  /** Hands in the job's result, after all that the job has sent. */
  finish(result: unknown): void {
    this.#channel.port.postMessage({ kind: "result", result } satisfies BridgeMessage);
    this.#unanswered = 0;
  }
}

/** What the main thread does with a worker's messages. */
export interface BridgeServer {
  /** May be asynchronous for calls; of notices its result is dropped. */
  handle(method: string, args: readonly unknown[]): Promise<unknown>;
  finish(result: unknown): void;
}

export function serveBridge(channel: BridgeChannel, { handle, finish }: BridgeServer): void {
  const reply = (message: BridgeReply) => {
    channel.port.postMessage(message);
    Atomics.add(channel.counter, 0, 1);
    Atomics.notify(channel.counter, 0);
  };
  channel.port.on("message", (message: BridgeMessage) => {
    if (message.kind === "result") return finish(message.result);
    if (message.kind === "notice") {
      void handle(message.method, message.args);
      return;
    }
    if (message.method === "catchUp") return reply({ ok: true, value: undefined });
    void (async () => {
      try {
        reply({ ok: true, value: await handle(message.method, message.args) });
      } catch (error) {
        const { name, message: text } = error instanceof Error ? error : new Error(String(error));
        reply({ ok: false, name, message: text });
      }
    })();
  });
}
