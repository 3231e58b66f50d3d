import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CancellationToken,
  type CompletionItem,
  type CompletionList,
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { uriOfPath } from "../paths.ts";
import { findProgram, launchOf } from "./program.ts";

export interface BashServerOptions {
  /** Folders of the workspace: a program in one of them is never run. */
  readonly roots: () => readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly report: (message: string) => void;
}

/** How long (milliseconds) an answer is waited for: completion must not feel slow because of it. */
const patience = 400;
/** After so long without a question the program is ended; after a fault nothing is tried again for that time. */
const idleTime = 300_000;

/**
 * A bash language server of the user's, when there is one on PATH: it completes shell text in strings. Started at the first
 * question, ended when nobody asks.
 */
export class BashServer {
  #running: Promise<ProtocolConnection | undefined> | undefined;
  #process: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #version = 0;
  #triedAt = Number.NEGATIVE_INFINITY;
  readonly #uri = uriOfPath(join(tmpdir(), `ocuroot-shell-${process.pid}.sh`));

  constructor(private readonly options: BashServerOptions) {}

  /** What may follow at an offset of shell text; nothing when there is no such server, or it takes too long. */
  async complete(text: string, offset: number, token: CancellationToken): Promise<readonly CompletionItem[]> {
    const connection = await this.#within(this.#connection());
    if (connection === undefined || token.isCancellationRequested) return [];
    try {
      await this.#show(connection, text);
      const before = text.slice(0, offset).split("\n");
      const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
      const params = { textDocument: { uri: this.#uri }, position };
      const request = connection.sendRequest<CompletionList | CompletionItem[] | null>(
        "textDocument/completion",
        params,
        token,
      );
      const answer = await this.#within(request.catch(() => undefined));
      return Array.isArray(answer) ? answer : (answer?.items ?? []);
    } catch {
      return []; // It has ended meanwhile.
    }
  }

  dispose(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    this.#process?.kill();
    this.#process = undefined;
    this.#running = undefined;
  }

  async #show(connection: ProtocolConnection, text: string): Promise<void> {
    const textDocument = { uri: this.#uri, version: ++this.#version };
    if (this.#version === 1) {
      const opened = { ...textDocument, languageId: "shellscript", text };
      await connection.sendNotification("textDocument/didOpen", { textDocument: opened });
    } else {
      await connection.sendNotification("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
    }
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.dispose(), idleTime);
    this.#idle.unref();
  }

  #connection(): Promise<ProtocolConnection | undefined> {
    if (this.#running === undefined) {
      if (performance.now() - this.#triedAt < idleTime) return Promise.resolve(undefined);
      this.#triedAt = performance.now();
      this.#running = this.#start();
    }
    return this.#running;
  }

  async #start(): Promise<ProtocolConnection | undefined> {
    const program = findProgram({ env: this.options.env ?? process.env, roots: this.options.roots() });
    const launch = program === undefined ? undefined : launchOf(program);
    if (launch === undefined) {
      this.#running = undefined;
      if (program !== undefined)
        this.options.report(`${program} is not started: cmd.exe would read its path otherwise.`);
      return undefined;
    }
    const { command, args, ...how } = launch;
    const child = spawn(command, args, { ...how, cwd: tmpdir(), stdio: ["pipe", "pipe", "ignore"], windowsHide: true });
    this.#process = child;
    this.#version = 0;
    const gone = new Promise<undefined>((resolve) => {
      const end = (): void => {
        if (this.#process === child) {
          this.#process = undefined;
          this.#running = undefined;
        }
        resolve(undefined);
      };
      child.on("error", (error) => {
        this.options.report(`bash-language-server: ${error.message}`);
        end();
      });
      child.on("exit", end);
    });
    child.unref();
    // What is written to one that is gone is lost, and that is all.
    child.stdin.on("error", () => undefined);
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
      undefined,
    );
    connection.onError(() => undefined);
    // What servers ask of clients as a rule; there is nothing to tell.
    for (const method of ["workspace/configuration", "client/registerCapability", "window/workDoneProgress/create"]) {
      connection.onRequest(method, () => null);
    }
    connection.listen();
    const params = { processId: process.pid, rootUri: null, capabilities: {}, workspaceFolders: null };
    const ready = connection
      .sendRequest("initialize", params)
      .then(() => connection.sendNotification("initialized", {}))
      .then(
        () => connection,
        () => undefined,
      );
    return Promise.race([ready, gone]);
  }

  #within<Result>(work: Promise<Result>): Promise<Result | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), patience);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}
