import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import * as esbuild from "esbuild";
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { connect } from "../src/connection/connection.ts";
import { StreamReader } from "../src/connection/streamReader.ts";
import { uriOfPath } from "../src/paths.ts";
import type { PhaseGraph, PhaseGraphChangedParams, StateChangedParams } from "../src/protocol/index.ts";
import { startServer } from "../src/server.ts";
import { loadParser, makeFolder, root } from "./harness.ts";

let bundle: Promise<string> | undefined;

/** The preview's thread, bundled as it ships, with its assets beside it. */
export function bundleWorker(): Promise<string> {
  bundle ??= (async () => {
    const folder = makeFolder();
    const outfile = join(folder, "previewWorker.cjs");
    await esbuild.build({
      entryPoints: [join(root, "server/src/preview/worker.ts")],
      outfile,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "silent",
      define: { "import.meta.url": "__bundleUrl" },
      banner: { js: 'const __bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    });
    copyFileSync(require.resolve("web-tree-sitter/web-tree-sitter.wasm"), join(folder, "web-tree-sitter.wasm"));
    copyFileSync(join(root, "grammars/tree-sitter-starlark.wasm"), join(folder, "tree-sitter-starlark.wasm"));
    return outfile;
  })();
  return bundle;
}

/** A client that talks to a server in this process over a pair of streams. */
export class TestClient {
  readonly diagnostics = new Map<string, PublishDiagnosticsParams>();
  readonly graphs = new Map<string, PhaseGraph>();
  readonly stateChanges: string[] = [];
  /** What the server asked to be asked for again. */
  readonly refreshes: string[] = [];
  readonly logged: string[] = [];
  initialized: InitializeResult | undefined;
  #waiting: { readonly test: () => boolean; readonly done: () => void }[] = [];
  #versions = new Map<string, number>();

  private constructor(readonly connection: ProtocolConnection) {}

  static async start(
    folder: string,
    options: {
      readonly trusted?: boolean;
      readonly clientName?: string;
      readonly encodings?: readonly string[];
      /** Besides those that it always has. */
      readonly capabilities?: Readonly<Record<string, object>>;
      readonly initialization?: Readonly<Record<string, unknown>>;
    } = {},
  ): Promise<TestClient> {
    const toServer = new PassThrough();
    const toClient = new PassThrough();
    const server = connect({
      reader: new StreamReader(toServer),
      writer: new StreamMessageWriter(toClient),
    });
    startServer(server, { parser: await loadParser(), previewWorker: await bundleWorker() });
    const client = new TestClient(
      createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer), undefined),
    );
    client.#listen();
    client.initialized = await client.connection.sendRequest<InitializeResult>("initialize", {
      processId: null,
      clientInfo: { name: options.clientName ?? "Visual Studio Code" },
      rootUri: uriOfPath(folder),
      workspaceFolders: [{ uri: uriOfPath(folder), name: "test" }],
      capabilities: {
        ...options.capabilities,
        workspace: { didChangeWatchedFiles: { dynamicRegistration: true }, ...options.capabilities?.workspace },
        ...(options.encodings === undefined ? {} : { general: { positionEncodings: options.encodings } }),
      },
      initializationOptions: { trusted: options.trusted ?? true, ...options.initialization },
    });
    await client.connection.sendNotification("initialized", {});
    return client;
  }

  async open(path: string, text: string): Promise<string> {
    const uri = uriOfPath(path);
    this.#versions.set(uri, 1);
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "ocuroot", version: 1, text },
    });
    return uri;
  }

  /** Replaces the whole text. */
  async change(uri: string, text: string): Promise<number> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
    return version;
  }

  /** Waits until the test holds; looked at again after each message. */
  async until(test: () => boolean, what: string, timeout = 8_000): Promise<void> {
    if (test()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), timeout);
      this.#waiting.push({
        test,
        done: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
  }

  /** The diagnostics of a document at a version (or later), when they satisfy the test. */
  async diagnosticsOf(
    uri: string,
    test: (diagnostics: readonly Diagnostic[]) => boolean = () => true,
    version = 1,
    timeout?: number,
  ): Promise<Diagnostic[]> {
    const ready = (): boolean => {
      const found = this.diagnostics.get(uri);
      return found !== undefined && (found.version ?? 0) >= version && test(found.diagnostics);
    };
    await this.until(
      ready,
      `diagnostics of ${uri}; there are ${JSON.stringify(this.diagnostics.get(uri)?.diagnostics.map((each) => each.message))}`,
      timeout,
    );
    return this.diagnostics.get(uri)?.diagnostics ?? [];
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest("shutdown");
    this.connection.dispose();
  }

  #listen(): void {
    this.connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.diagnostics.set(params.uri, params);
      this.#look();
    });
    this.connection.onNotification("ocuroot/phaseGraphChanged", ({ uri, graph }: PhaseGraphChangedParams) => {
      this.graphs.set(uri, graph);
      this.#look();
    });
    this.connection.onNotification("ocuroot/stateChanged", ({ repositories }: StateChangedParams) => {
      this.stateChanges.push(...repositories);
      this.#look();
    });
    this.connection.onNotification(
      "window/logMessage",
      ({ message }: { message: string }) => void this.logged.push(message),
    );
    for (const method of ["inlayHint", "codeLens", "diagnostic"]) {
      this.connection.onRequest(`workspace/${method}/refresh`, () => {
        this.refreshes.push(method);
        this.#look();
        return null;
      });
    }
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.listen();
  }

  #look(): void {
    this.#waiting = this.#waiting.filter((each) => {
      if (!each.test()) return true;
      each.done();
      return false;
    });
  }
}
