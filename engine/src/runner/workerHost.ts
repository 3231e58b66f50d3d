import { InterruptedError } from "../host/errors.ts";
import type { HostCaller, HttpRequest, HttpResponse, ShellRequest, ShellResult, SyncHost } from "../sdk/host.ts";
import { HostError } from "../sdk/host.ts";
import { BridgeError, type WorkerBridge } from "./bridge.ts";
import { type ShellReply, shellResult } from "./shellReply.ts";

/** The host as a worker sees it: every operation is done by the main thread while the worker waits. */
export class WorkerHost implements SyncHost {
  readonly #bridge: WorkerBridge;
  #caller: HostCaller | undefined;

  constructor(bridge: WorkerBridge) {
    this.#bridge = bridge;
  }

  connect(caller: HostCaller): void {
    this.#caller = caller;
  }

  shell(request: ShellRequest): ShellResult {
    return shellResult(this.#ask("shell", request, this.#caller?.position()) as ShellReply);
  }

  http(request: HttpRequest): HttpResponse {
    return this.#ask("http", request) as HttpResponse;
  }

  readFile(path: string): Uint8Array {
    return this.#ask("readFile", path) as Uint8Array;
  }

  writeFile(path: string, content: Uint8Array): void {
    this.#ask("writeFile", path, content);
  }

  readDir(path: string): readonly string[] {
    return this.#ask("readDir", path) as string[];
  }

  isDir(path: string): boolean {
    return this.#ask("isDir", path) as boolean;
  }

  env(): Readonly<Record<string, string>> {
    return this.#ask("env") as Record<string, string>;
  }

  os(): string {
    return this.#ask("os") as string;
  }

  arch(): string {
    return this.#ask("arch") as string;
  }

  print(text: string): void {
    this.#bridge.notify("print", text, this.#caller?.position());
  }

  registerSecret(value: string): void {
    this.#bridge.notify("secret", value);
  }

  #ask(method: string, ...args: unknown[]): unknown {
    try {
      return this.#bridge.call(method, ...args);
    } catch (error) {
      if (error instanceof BridgeError && error.name === "InterruptedError") throw new InterruptedError();
      // What the main thread refused is an error of the Starlark call that asked for it.
      if (error instanceof BridgeError) throw new HostError(error.message, { cause: error });
      throw error;
    }
  }
}
