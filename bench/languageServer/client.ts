import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";

interface Position {
  readonly line: number;
  readonly character: number;
}

/** A client of a server over stdio that has one document open and times what it does with it. */
export class BenchClient {
  text: string;
  version = 1;
  /** Diagnostics of the document that have come. */
  published: PublishDiagnosticsParams[] = [];
  readonly uri: string;
  readonly #server: ChildProcess;
  readonly #connection: ReturnType<typeof createProtocolConnection>;
  #look: () => void = () => undefined;

  constructor(
    private readonly folder: string,
    text: string,
  ) {
    this.text = text;
    this.uri = this.uriOf("release.ocu.star");
    const bin = join(__dirname, "../../server/bin/ocuroot-language-server.js");
    this.#server = spawn(process.execPath, [bin, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const { stdin, stdout } = this.#server;
    if (stdin === null || stdout === null) throw new Error("The server has no streams.");
    this.#connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      if (params.uri !== this.uri) return;
      this.published.push(params);
      this.#look();
    });
    this.#connection.onRequest("client/registerCapability", () => null);
    this.#connection.listen();
  }

  uriOf(path: string): string {
    return pathToFileURL(join(this.folder, path)).href;
  }

  async start(): Promise<void> {
    const folderUri = pathToFileURL(this.folder).href;
    await this.#connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: folderUri,
      workspaceFolders: [{ uri: folderUri, name: "bench" }],
      capabilities: {},
      initializationOptions: { trusted: true },
    });
    void this.#connection.sendNotification("initialized", {});
  }

  async open(): Promise<void> {
    const { uri, version, text } = this;
    const shown = this.until((each) => each.version === version);
    void this.#connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "ocuroot", version, text },
    });
    await shown;
  }

  /** Waits for diagnostics that satisfy the test. */
  until(test: (params: PublishDiagnosticsParams) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        const last = this.published.at(-1);
        if (last === undefined || !test(last)) return;
        this.#look = () => undefined;
        resolve();
      };
    });
  }

  /** Replaces text, as one keystroke. */
  type(offset: number, inserted: string, removed = 0): void {
    const [start, end] = [this.positionAt(offset), this.positionAt(offset + removed)];
    this.text = this.text.slice(0, offset) + inserted + this.text.slice(offset + removed);
    this.version++;
    void this.#connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: this.uri, version: this.version },
      contentChanges: [{ range: { start, end }, text: inserted }],
    });
  }

  /** Milliseconds from an edit to diagnostics of the new text that satisfy the test. */
  async edit(
    offset: number,
    inserted: string,
    removed = 0,
    test: (params: PublishDiagnosticsParams) => boolean = () => true,
  ): Promise<number> {
    const version = this.version + 1;
    const shown = this.until((each) => each.version === version && test(each));
    const at = performance.now();
    this.type(offset, inserted, removed);
    await shown;
    return performance.now() - at;
  }

  request<Result>(method: string, params: object = {}): Promise<Result> {
    return this.#connection.sendRequest(`textDocument/${method}`, { textDocument: { uri: this.uri }, ...params });
  }

  /** Milliseconds that a request takes; an answer without anything in it is a mistake of the benchmark. */
  async timed(method: string, params: object = {}): Promise<number> {
    const at = performance.now();
    const answer = await this.request<unknown>(method, params);
    const elapsed = performance.now() - at;
    if (answer === null || (Array.isArray(answer) && answer.length === 0)) throw new Error(`${method}: no answer`);
    return elapsed;
  }

  at(offset: number): { readonly position: Position } {
    return { position: this.positionAt(offset) };
  }

  positionAt(offset: number): Position {
    const before = this.text.slice(0, offset);
    return { line: before.split("\n").length - 1, character: offset - (before.lastIndexOf("\n") + 1) };
  }

  /** Memory of the server's process in MB: resident, and with shared pages counted by share; where the system tells. */
  memory(): { readonly rss: number; readonly pss: number } {
    try {
      const status = readFileSync(`/proc/${this.#server.pid}/smaps_rollup`, "utf8");
      const read = (name: string): number =>
        Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) / 1024);
      return { rss: read("Rss"), pss: read("Pss") };
    } catch {
      return { rss: 0, pss: 0 };
    }
  }

  /** Milliseconds of processor time that the server's main thread has had, in steps of ten; where the system tells. */
  processorTime(): number {
    try {
      const { pid } = this.#server;
      const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, "utf8");
      // Behind the name, which may hold anything: user and system time are the 12th and 13th field.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return Number.NaN;
    }
  }

  async stop(): Promise<void> {
    await this.#connection.sendRequest("shutdown");
    void this.#connection.sendNotification("exit");
    await new Promise((resolve) => this.#server.once("exit", resolve));
    this.#connection.dispose();
  }

  kill(): void {
    this.#server.kill();
  }
}
