import { type CancellationToken, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";

/** Where problems of the server itself are told (the client's output channel). */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
}

/** A request that cannot be done as asked; the client shows the message to the user. */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";
}

/**
 * The one place where a handler may fail. Answers `fallback` and logs the failure with its stack; a cancelled request
 * is answered as cancelled and never logged.
 */
export class Dispatcher {
  readonly #seen = new Set<string>();
  /** Requests and notifications that have come so far. */
  messages = 0;

  constructor(private readonly log: Log) {}

  /**
   * Wraps a request handler. It begins when the messages before it are dealt with and before those behind it, so that
   * positions are those of the text it sees.
   */
  request<Params, Result>(
    method: string,
    fallback: Result,
    handler: (params: Params, token: CancellationToken) => Result | Promise<Result>,
  ): (params: Params, token: CancellationToken) => Promise<Result | ResponseError<void>> {
    return async (params, token) => {
      this.messages++;
      if (token.isCancellationRequested) return cancelled();
      try {
        const result = await orCancelled(handler(params, token), token);
        return token.isCancellationRequested ? cancelled() : result;
      } catch (error) {
        if (token.isCancellationRequested || isAbort(error)) return cancelled();
        if (error instanceof RequestProblem) return new ResponseError<void>(LSPErrorCodes.RequestFailed, error.message);
        this.report(method, uriOf(params), error);
        return fallback;
      }
    };
  }

  /** Wraps a notification handler, or any other work that nobody waits for. */
  notification<Params>(method: string, handler: (params: Params) => void | Promise<void>): (params: Params) => void {
    return (params) => {
      this.messages++;
      this.run(method, () => handler(params), uriOf(params));
    };
  }

  /** Runs work in the background; a failure is logged. */
  run(what: string, work: () => void | Promise<void>, uri?: string): void {
    try {
      const pending = work();
      if (pending instanceof Promise) {
        pending.catch((error: unknown) => {
          if (!isAbort(error)) this.report(what, uri, error);
        });
      }
    } catch (error) {
      this.report(what, uri, error);
    }
  }

  /** Logs a failure once for each kind of stack, so that a fault in a timer does not flood the log. */
  report(what: string, uri: string | undefined, error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const key = `${what}\n${stack}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.log.error(`${what}${uri === undefined ? "" : ` ${uri}`}: ${stack}`);
  }
}

/** A handler may wait for a slow disk; who has cancelled does not wait for it. */
async function orCancelled<Result>(
  pending: Result | Promise<Result>,
  token: CancellationToken,
): Promise<Result | ResponseError<void>> {
  if (!(pending instanceof Promise)) return pending;
  const end = new Promise<ResponseError<void>>((resolve) => {
    const registration = token.onCancellationRequested(() => resolve(cancelled()));
    void pending.finally(() => registration.dispose()).catch(() => undefined);
  });
  return Promise.race([pending, end]);
}

function cancelled(): ResponseError<void> {
  return new ResponseError<void>(LSPErrorCodes.RequestCancelled, "cancelled");
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function uriOf(params: unknown): string | undefined {
  if (typeof params !== "object" || params === null) return undefined;
  const { textDocument, uri } = params as { textDocument?: { uri?: unknown }; uri?: unknown };
  const found = textDocument?.uri ?? uri;
  return typeof found === "string" ? found : undefined;
}
