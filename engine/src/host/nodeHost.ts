import { goArch, goOs, shellEnvironment } from "../sdk/environment.ts";
import type { HttpRequest, HttpResponse, ShellRequest, ShellResult } from "../sdk/host.ts";
import { isHostFolder, readHostFile, readHostFolder, writeHostFile } from "./files.ts";
import type { ProcessGroups } from "./processes.ts";
import { type OutputStream, runShell } from "./shell.ts";

export interface NodeHostOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly groups: ProcessGroups;
  /** Aborted when all work stops: requests under way end. */
  readonly signal?: AbortSignal;
}

/** The operations of `SyncHost`, done asynchronously by the main thread; workers wait for them. */
export class NodeHost {
  readonly #options: NodeHostOptions;

  constructor(options: NodeHostOptions) {
    this.#options = options;
  }

  shell(
    request: ShellRequest,
    onLine: (stream: OutputStream, line: string) => void,
    onStart?: (pid: number, command: string) => () => void,
  ): Promise<ShellResult> {
    const { groups, env } = this.#options;
    return runShell(request, { groups, env, onLine: request.mute ? undefined : onLine, onStart });
  }

  async http(request: HttpRequest): Promise<HttpResponse> {
    // Most releases make no requests: what they need is not loaded.
    const { sendHttp } = await import("./http.ts");
    return await sendHttp(request, this.#options);
  }

  readFile(path: string): Promise<Uint8Array> {
    return readHostFile(path);
  }

  writeFile(path: string, content: Uint8Array): Promise<void> {
    return writeHostFile(path, content);
  }

  readDir(path: string): Promise<string[]> {
    return readHostFolder(path);
  }

  isDir(path: string): Promise<boolean> {
    return isHostFolder(path);
  }

  env(): Record<string, string> {
    return shellEnvironment(this.#options.env);
  }

  os(): string {
    return goOs();
  }

  arch(): string {
    return goArch();
  }
}
