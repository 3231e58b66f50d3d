/**
 * Everything an SDK function does outside of the evaluator. Calls are synchronous, as Starlark is: a worker's
 * implementation blocks until the main thread has answered, the preview's answers at once. Paths are absolute, text is
 * ordinary JavaScript text. What cannot be done throws {@link HostError}.
 */
export interface SyncHost {
  /**
   * Runs a command and waits for it. Unless `mute` is set its output goes to the log while it comes: that is up to the
   * implementation. Throws only when the command could not be run; a failing command is a result.
   */
  shell(request: ShellRequest): ShellResult;
  http(request: HttpRequest): HttpResponse;
  readFile(path: string): Uint8Array;
  /** Makes the folders that are missing. */
  writeFile(path: string, content: Uint8Array): void;
  /** Names in a folder, in any order. */
  readDir(path: string): readonly string[];
  /** False too when there is nothing there. */
  isDir(path: string): boolean;
  env(): Readonly<Record<string, string>>;
  /** As Go says it: `linux`, `darwin`, `windows`. */
  os(): string;
  /** As Go says it: `amd64`, `arm64`. */
  arch(): string;
  /** One `print`; the text may have several lines and has no line end at its end. */
  print(text: string): void;
  /** Masks the value from now on, here and on the side that shows and stores what is printed. */
  registerSecret(value: string): void;
  /** Called by `debug_break()`. Without it nothing happens. */
  debugBreak?(): void;
  /** Called once by the session that uses the host, so that it can say where the call came from. */
  connect?(session: HostCaller): void;
}

/** What a host may tell the session that calls it. */
export interface HostCaller {
  /** Adds an information for the user at the place of the call that is being made. */
  note(code: string, message: string): void;
  /** Where the call that is being made is written, as `path/from/root.star:line:column`; undefined outside of calls. */
  position(): string | undefined;
}

export interface ShellRequest {
  readonly command: string;
  /** Program that runs it, as `SHELL -c COMMAND`. */
  readonly shell: string;
  /** Absolute. */
  readonly dir: string;
  /** Added to the variables of the process. */
  readonly env: Readonly<Record<string, string>>;
  readonly mute: boolean;
}

export interface ShellResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly combinedOutput: string;
  readonly exitCode: number;
  /** Set when a signal ended the command. */
  readonly signal?: string;
}

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "DELETE" | "POST" | "PUT" | "PATCH";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpResponse {
  readonly statusCode: number;
  /** `OK`; may be empty, the SDK then fills it in. */
  readonly statusText: string;
  /** Names in any case; the SDK gives them out as `Content-Type`. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

/** Something the host could not do. `message` is one sentence for the user and names what was asked for. */
export class HostError extends Error {
  override readonly name = "HostError";
}
