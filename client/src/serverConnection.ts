import { type InitializationOptions, trustGrantedNotification } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import type { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import { SettingsMiddleware } from "./middleware.ts";
import { previewSetting } from "./settings.ts";

/** How the language server is doing. */
export type ServerState =
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  | { readonly kind: "stopped"; readonly reason?: string };

type Handler = (params: unknown) => void;

/**
 * The language server: started by the editor's own runtime, asked by method and parameters. Requests made while it is not
 * there answer undefined; whoever shows data shows its absence.
 */
export class ServerConnection implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly handlers: [method: string, handler: Handler][] = [];
  private readonly stateEmitter = new vscode.EventEmitter<ServerState>();
  private readonly settings = new SettingsMiddleware();
  private current: ServerState = { kind: "stopped" };
  /** Starts and stops follow each other, never overlap. */
  private queue: Promise<void> = Promise.resolve();

  /** Fires with each new state. */
  readonly onDidChangeState = this.stateEmitter.event;

  constructor(
    private readonly modulePath: string,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.settings.onDidChangeLenses(() => this.refreshLenses());
  }

  get state(): ServerState {
    return this.current;
  }

  /** Starts the server. A failure is the new state, not an exception. */
  start(): Promise<void> {
    return this.enqueue(() => this.startNow());
  }

  /** Stops the server, then starts it again. */
  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  /** The server's answer; undefined when it is not running or cannot tell. Failures are logged. */
  async request<T>(method: string, params: object, token?: vscode.CancellationToken): Promise<T | undefined> {
    const client = this.client;
    if (!client?.isRunning()) return undefined;
    try {
      return await (token ? client.sendRequest<T>(method, params, token) : client.sendRequest<T>(method, params));
    } catch (error) {
      if (!token?.isCancellationRequested) this.output.warn(`${method}: ${errorText(error)}`);
      return undefined;
    }
  }

  /** As `request`, but says why there is no answer. */
  async demand<T>(method: string, params: object): Promise<T> {
    const client = this.client;
    if (!client?.isRunning()) throw new Error("The Ocuroot language server is not running.");
    return await client.sendRequest<T>(method, params);
  }

  /** Calls `handler` for each notification of the server, also after a restart. */
  onNotification<T>(method: string, handler: (params: T) => void): void {
    const entry: [string, Handler] = [method, handler as Handler];
    this.handlers.push(entry);
    this.client?.onNotification(...entry);
  }

  /** Tells the server that the workspace is trusted now. */
  grantTrust(): void {
    const client = this.client;
    if (client?.isRunning()) void client.sendNotification(trustGrantedNotification, {});
  }

  dispose(): void {
    this.stateEmitter.dispose();
    this.settings.dispose();
    void this.enqueue(() => this.stopNow());
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step, step);
    return this.queue;
  }

  private async startNow(): Promise<void> {
    if (this.client) return;
    this.become({ kind: "starting" });
    // Loaded only now: it is the larger part of this extension, and nothing that is registered before needs it.
    const { LanguageClient, State, TransportKind } = await import("vscode-languageclient/node");
    const run = { module: this.modulePath, transport: TransportKind.ipc };
    const server: ServerOptions = { run, debug: { ...run, options: { execArgv: ["--nolazy", "--inspect=6019"] } } };
    const client = new LanguageClient("ocuroot", "Ocuroot", server, this.clientOptions());
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Running) {
        // Trust may have been granted while the server was starting; telling it twice does no harm.
        if (vscode.workspace.isTrusted) this.grantTrust();
        this.become({ kind: "running" });
      } else if (newState === State.Starting) this.become({ kind: "starting" });
      else this.become({ kind: "stopped", reason: "The language server ended." });
    });
    for (const [method, handler] of this.handlers) client.onNotification(method, handler);
    try {
      await client.start();
    } catch (error) {
      this.client = undefined;
      this.output.error(`The language server did not start: ${errorText(error)}`);
      this.become({ kind: "stopped", reason: "The language server did not start." });
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    try {
      await client.dispose(2000);
    } catch (error) {
      this.output.warn(`The language server did not stop cleanly: ${errorText(error)}`);
    }
  }

  private become(state: ServerState): void {
    this.current = state;
    this.stateEmitter.fire(state);
  }

  private refreshLenses(): void {
    for (const document of vscode.workspace.textDocuments) {
      const provider = this.client?.getFeature("textDocument/codeLens")?.getProvider(document);
      provider?.onDidChangeCodeLensEmitter.fire();
    }
  }

  private clientOptions(): LanguageClientOptions {
    // Asked for at each start, also one after a crash.
    const initializationOptions = (): InitializationOptions => ({
      trusted: vscode.workspace.isTrusted,
      // Changes follow by themselves; this one is needed with the first hints.
      settings: {
        "inlayHints.values": vscode.workspace.getConfiguration("ocuroot").get<boolean>("inlayHints.values", false),
        "preview.enable": previewSetting(),
        "lint.workspace": vscode.workspace.getConfiguration("ocuroot").get<boolean>("lint.workspace", true),
      },
    });
    return {
      documentSelector: [
        { scheme: "file", language: "ocuroot" },
        { scheme: "file", pattern: "**/*.star" },
        { scheme: "untitled", language: "ocuroot" },
      ],
      initializationOptions,
      outputChannel: this.output,
      synchronize: { configurationSection: "ocuroot" },
      middleware: this.settings.middleware,
      markdown: { isTrusted: { enabledCommands: hoverCommands }, supportHtml: false },
    };
  }
}

/** Commands that a hover of ours may link to. */
const hoverCommands = ["ocuroot.showLog", "ocuroot.openStateDocument", "ocuroot.setState", "ocuroot.previewPhases"];

/** One line of an unknown error. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
