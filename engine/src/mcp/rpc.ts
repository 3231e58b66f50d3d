/** JSON-RPC 2.0 over lines of text, as the stdio transport of the Model Context Protocol has it. */
import type { JsonValue } from "../json/json.ts";

export type JsonObject = Readonly<Record<string, JsonValue>>;

type Id = string | number;

/** An error that is answered with a code of its own. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const codes = {
  parse: -32_700,
  invalidRequest: -32_600,
  unknownMethod: -32_601,
  invalidParams: -32_602,
  internal: -32_603,
} as const;

export interface RpcHandlers {
  /** Answers a request; throws RpcError for one that cannot be answered. */
  request(method: string, params: JsonObject): Promise<JsonObject>;
  notify(method: string, params: JsonObject): void;
  /** Sends one line. */
  send(line: string): void;
  onError(error: unknown): void;
}

export class RpcConnection {
  readonly #handlers: RpcHandlers;
  readonly #running = new Map<Id, { isCancelled: boolean }>();
  readonly #answering = new Set<Promise<void>>();

  constructor(handlers: RpcHandlers) {
    this.#handlers = handlers;
  }

  /** Takes one line. What is asked at the same time is answered in the order in which it is done. */
  receive(line: string): void {
    if (line.trim() === "") return;
    const answering = this.#answerLine(line)
      .catch((error: unknown) => this.#handlers.onError(error))
      .finally(() => this.#answering.delete(answering));
    this.#answering.add(answering);
  }

  /** A request that nobody waits for any more gets no answer. */
  cancel(id: JsonValue | undefined): void {
    const running = this.#running.get(id as Id);
    if (running) running.isCancelled = true;
  }

  /** When everything that was asked has been answered. */
  async settled(): Promise<void> {
    while (this.#answering.size > 0) await Promise.all(this.#answering);
  }

  async #answerLine(line: string): Promise<void> {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return this.#send(failure(null, codes.parse, "the line is not JSON"));
    }
    if (!Array.isArray(message)) return this.#send(await this.#answer(message));
    if (message.length === 0) return this.#send(failure(null, codes.invalidRequest, "the batch is empty"));
    const answers = await Promise.all(message.map((each: unknown) => this.#answer(each)));
    const sent = answers.filter((answer) => answer !== undefined);
    if (sent.length > 0) this.#handlers.send(JSON.stringify(sent));
  }

  #send(answer: JsonObject | undefined): void {
    if (answer) this.#handlers.send(JSON.stringify(answer));
  }

  /** The answer to a message; undefined where there is to be none. */
  async #answer(message: unknown): Promise<JsonObject | undefined> {
    if (!isObject(message) || message.jsonrpc !== "2.0") {
      return failure(idOf(message), codes.invalidRequest, "this is no JSON-RPC 2.0 message");
    }
    const { method, id } = message;
    const params = message.params ?? {};
    if (typeof method !== "string") {
      // An answer: nothing is ever asked from here.
      if ("result" in message || "error" in message) return undefined;
      return failure(idOf(message), codes.invalidRequest, "the message has no method");
    }
    if (!isObject(params)) {
      return id === undefined ? undefined : failure(idOf(message), codes.invalidParams, "params must be an object");
    }
    if (id === undefined) {
      this.#handlers.notify(method, params);
      return undefined;
    }
    if (typeof id !== "string" && typeof id !== "number") {
      return failure(null, codes.invalidRequest, "an id is a string or a number");
    }
    return await this.#run(id, method, params);
  }

  async #run(id: Id, method: string, params: JsonObject): Promise<JsonObject | undefined> {
    if (this.#running.has(id)) return failure(id, codes.invalidRequest, `there is a request ${id} already`);
    const running = { isCancelled: false };
    this.#running.set(id, running);
    try {
      const result = await this.#handlers.request(method, params);
      return running.isCancelled ? undefined : { jsonrpc: "2.0", id, result };
    } catch (error) {
      if (running.isCancelled) return undefined;
      if (error instanceof RpcError) return failure(id, error.code, error.message);
      this.#handlers.onError(error);
      return failure(id, codes.internal, "something went wrong inside ocuroot");
    } finally {
      this.#running.delete(id);
    }
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function idOf(message: unknown): Id | null {
  const id = isObject(message) ? message.id : undefined;
  return typeof id === "string" || typeof id === "number" ? id : null;
}

function failure(id: Id | null, code: number, message: string): JsonObject {
  return { jsonrpc: "2.0", id, error: { code, message } };
}
