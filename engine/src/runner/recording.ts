import type { CallHandler } from "./thread.ts";

/**
 * What the top level of a package file asked of the host when it was evaluated for a release. Each worker evaluates the
 * file again to have its functions: it gets the same answers, so that a command at top level runs once, and every worker
 * has the same work.
 */
export class HostRecording {
  readonly #entries: { readonly key: string; readonly answer: unknown }[] = [];

  record(handler: CallHandler): CallHandler {
    return (method, args) => {
      const answer = handler(method, args);
      if (isQuestion(method)) this.#entries.push({ key: keyOf(method, args), answer });
      return answer;
    };
  }

  /** Answers from the recording while the questions are the same, in the same order; anything else is really done. */
  replay(handler: CallHandler): CallHandler {
    let next = 0;
    return (method, args) => {
      if (!isQuestion(method)) return method === "secret" ? handler(method, args) : undefined;
      const entry = this.#entries[next];
      if (entry?.key !== keyOf(method, args)) return handler(method, args);
      next++;
      return entry.answer;
    };
  }
}

function isQuestion(method: string): boolean {
  return method !== "print" && method !== "secret";
}

function keyOf(method: string, args: readonly unknown[]): string {
  return JSON.stringify([
    method,
    ...args.map((arg) => (arg instanceof Uint8Array ? Buffer.from(arg).toString("base64") : arg)),
  ]);
}
