import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";
import { bundleWorker } from "./client.ts";
import { root } from "./harness.ts";

export interface RawMessage {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

let bundle: Promise<string> | undefined;

/** The server's process, bundled as it ships, beside the preview's thread. */
function bundleServer(): Promise<string> {
  bundle ??= (async () => {
    const worker = await bundleWorker();
    const outfile = join(worker, "../server.cjs");
    await esbuild.build({
      entryPoints: [join(root, "server/src/main.ts")],
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "silent",
      alias: { "web-tree-sitter": require.resolve("web-tree-sitter") },
      define: { "import.meta.url": "__bundleUrl" },
      banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    });
    copyFileSync(join(root, "server/package.json"), join(worker, "../package.json"));
    return outfile;
  })();
  return bundle;
}

/** Speaks to a server's process in bytes: whatever it is told to send, well-formed or not. */
export class RawClient {
  readonly messages: RawMessage[] = [];
  readonly exited: Promise<number | null>;
  stderr = "";
  #buffer = Buffer.alloc(0);
  #nextId = 1;
  #waiting: (() => void)[] = [];

  private constructor(readonly server: ChildProcess) {
    server.stdout?.on("data", (chunk: Buffer) => this.#take(chunk));
    server.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    server.stdin?.on("error", () => undefined);
    this.exited = once(server, "exit").then(([code]) => code as number | null);
    void this.exited.then(() => this.#wake());
  }

  /** With `uid` the process is another user's, who may read the server's files and no others of the tests. */
  static async start(uid?: number): Promise<RawClient> {
    const server = await bundleServer();
    if (uid !== undefined) chmodSync(dirname(server), 0o755);
    const user = uid === undefined ? {} : { uid, gid: uid, env: { ...process.env, HOME: "/nonexistent" } };
    return new RawClient(spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "pipe"], ...user }));
  }

  /** A client whose server is initialized for a folder. */
  static async initialized(folder: string, params: object = {}, uid?: number): Promise<RawClient> {
    const client = await RawClient.start(uid);
    const uri = `file://${folder}`;
    await client.request("initialize", {
      processId: null,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "folder" }],
      capabilities: {},
      ...params,
    });
    client.notify("initialized", {});
    return client;
  }

  bytes(text: string | Buffer): void {
    this.server.stdin?.write(text);
  }

  send(message: unknown): void {
    this.bytes(frame(JSON.stringify(message)));
  }

  notify(method: string, params?: unknown): void {
    this.send({ jsonrpc: "2.0", method, ...(params === undefined ? {} : { params }) });
  }

  /** Sends a request; the answer may be an error. */
  async request(method: string, params?: unknown): Promise<RawMessage> {
    const id = this.begin(method, params);
    return this.answer(id);
  }

  begin(method: string, params?: unknown): number {
    const id = this.#nextId++;
    this.send({ jsonrpc: "2.0", id, method, ...(params === undefined ? {} : { params }) });
    return id;
  }

  answer(id: number): Promise<RawMessage> {
    return this.find((each) => each.id === id && each.method === undefined, `the answer to ${id}`);
  }

  /** The first message that satisfies the test, come or to come. */
  async find(test: (message: RawMessage) => boolean, what: string): Promise<RawMessage> {
    for (;;) {
      const found = this.messages.find(test);
      if (found !== undefined) return found;
      if (this.server.exitCode !== null || this.server.signalCode !== null) {
        throw new Error(`The server ended while waiting for ${what}. ${this.stderr}`);
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  kill(): void {
    this.server.kill("SIGKILL");
  }

  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) break;
      const length = Number(/Content-Length: (\d+)/.exec(this.#buffer.toString("latin1", 0, end))?.[1]);
      if (this.#buffer.length < end + 4 + length) break;
      const message = JSON.parse(this.#buffer.toString("utf8", end + 4, end + 4 + length)) as RawMessage;
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.messages.push(message);
      // Requests of the server (registrations) are granted.
      if (message.id !== undefined && message.method !== undefined) {
        this.send({ jsonrpc: "2.0", id: message.id, result: null });
      }
    }
    this.#wake();
  }

  #wake(): void {
    for (const each of this.#waiting.splice(0)) each();
  }
}

export function frame(body: string): string {
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
