import { ErrorCodes } from "vscode-languageserver-protocol";
import type {
  DataCallback,
  Disposable,
  Event,
  Message,
  MessageReader,
  MessageWriter,
  PartialMessageInfo,
  RequestMessage,
} from "vscode-languageserver-protocol/node";
import { ChangeBatch } from "./changeBatch.ts";
import { problemOf, recordOf } from "./params.ts";

/** The end of the session, which is not the connection's business. */
export interface Ending {
  end(): void;
  watchClient(processId: number): void;
}

/**
 * Stands between the wire and the connection, and lets through what the protocol allows at that time. The rest is
 * answered here: requests before `initialize` and after `shutdown`, a second `initialize`, text that is no JSON, params
 * that are no object. Handlers behind it get well-formed messages in the right order.
 */
export class Gate implements MessageReader {
  #state: "new" | "started" | "stopped" = "new";
  /** How many have come. */
  messages = 0;
  readonly onError: Event<Error>;
  readonly onClose: Event<void>;
  readonly onPartialMessage: Event<PartialMessageInfo>;

  constructor(
    private readonly reader: MessageReader,
    private readonly writer: MessageWriter,
    /** Who ends the process; without it the connection does. */
    private readonly ending?: Ending,
  ) {
    this.onError = reader.onError;
    this.onClose = reader.onClose;
    this.onPartialMessage = reader.onPartialMessage;
    // The reader goes on behind what it cannot read; whoever sent it learns that.
    reader.onError((error) => this.#answer(null, ErrorCodes.ParseError, `A message cannot be read: ${error.message}`));
  }

  /** Whether the client has said that it is done. */
  get isShutDown(): boolean {
    return this.#state === "stopped";
  }

  listen(callback: DataCallback): Disposable {
    const batch = new ChangeBatch(callback);
    return this.reader.listen((message) => {
      this.messages++;
      const admitted = this.#admit(message);
      if (admitted !== undefined) batch.take(admitted);
    });
  }

  dispose(): void {
    this.reader.dispose();
  }

  #admit(message: Message): Message | undefined {
    const { method, id, params: given } = recordOf(message) ?? {};
    const params = singleParam(given);
    if (typeof method !== "string") return this.#admitResponse(message);
    if (id === undefined) return this.#admitNotification(message, method, params);
    if (typeof id !== "string" && typeof id !== "number") {
      return this.#refuse(null, ErrorCodes.InvalidRequest, "A request's id must be a number or a string.");
    }
    return this.#admitRequest({ ...message, params } as RequestMessage, id, method, params);
  }

  #admitRequest(
    message: RequestMessage,
    id: string | number,
    method: string,
    params: unknown,
  ): RequestMessage | undefined {
    if (this.#state === "stopped") {
      return this.#refuse(id, ErrorCodes.InvalidRequest, "The server has been shut down.");
    }
    if (method === "initialize") {
      if (this.#state === "started") {
        return this.#refuse(id, ErrorCodes.InvalidRequest, "The server is initialized already.");
      }
      if (recordOf(recordOf(params)?.capabilities) === undefined) {
        return this.#refuse(id, ErrorCodes.InvalidParams, "`capabilities` must be an object.");
      }
      this.#state = "started";
      return this.#withoutProcess(message);
    }
    if (this.#state === "new") {
      return this.#refuse(id, ErrorCodes.ServerNotInitialized, "The first request must be `initialize`.");
    }
    if (method === "shutdown") {
      this.#state = "stopped";
      return { jsonrpc: message.jsonrpc, id, method };
    }
    const isObject = params === undefined || params === null || recordOf(params) !== undefined;
    const wrong = isObject ? problemOf(method, params ?? {}) : "The params must be an object.";
    if (wrong !== undefined) return this.#refuse(id, ErrorCodes.InvalidParams, wrong);
    // Without params a handler would get its arguments in the wrong places.
    return { ...message, params: (params ?? {}) as object };
  }

  #withoutProcess(message: RequestMessage): RequestMessage {
    const processId = recordOf(message.params)?.processId;
    if (this.ending === undefined) return message;
    if (typeof processId === "number") this.ending.watchClient(processId);
    return { ...message, params: { ...message.params, processId: null } };
  }

  #admitNotification(message: Message, method: string, params: unknown): Message | undefined {
    if (method === "exit") {
      if (this.ending === undefined) return { jsonrpc: message.jsonrpc, method } as Message;
      this.ending.end();
      return undefined;
    }
    if (this.#state !== "started") return undefined;
    if (params !== undefined && params !== null && recordOf(params) === undefined) return undefined;
    // Nobody waits for an answer that could say what is wrong.
    if (problemOf(method, params ?? {}) !== undefined) return undefined;
    return { ...message, params: params ?? {} } as Message;
  }

  #admitResponse(message: Message): Message | undefined {
    const { id, result, error } = recordOf(message) ?? {};
    const isResponse = typeof id === "number" || typeof id === "string";
    if (isResponse && (result !== undefined || recordOf(error) !== undefined)) return message;
    if (Array.isArray(message)) return this.#refuse(null, ErrorCodes.InvalidRequest, "Batches are not part of LSP.");
    return undefined;
  }

  #refuse(id: string | number | null, code: number, text: string): undefined {
    this.#answer(id, code, text);
    return undefined;
  }

  #answer(id: string | number | null, code: number, text: string): void {
    const response = { jsonrpc: "2.0", id, error: { code, message: text } };
    // A client that is gone gets no answers.
    this.writer.write(response as Message).catch(() => undefined);
  }
}

/** JSON-RPC has params by position, too: `[null]` is what some libraries send when there are none. */
function singleParam(params: unknown): unknown {
  return Array.isArray(params) && params.length <= 1 ? params[0] : params;
}
