import { goArch, goOs, shellEnvironment } from "../sdk/environment.ts";
import type { HttpResponse, ShellResult, SyncHost } from "../sdk/host.ts";

/**
 * For an evaluation in the main thread, which cannot wait: it knows what needs no waiting, and notes when more was asked
 * for. Then the result is worth nothing, and a worker must evaluate.
 */
export class InlineHost implements SyncHost {
  readonly printed: string[] = [];
  readonly secrets: string[] = [];
  readonly #env: Readonly<Record<string, string | undefined>>;
  #needsWorker = false;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  get needsWorker(): boolean {
    return this.#needsWorker;
  }

  shell(): ShellResult {
    return this.#refuse();
  }

  http(): HttpResponse {
    return this.#refuse();
  }

  readFile(): Uint8Array {
    return this.#refuse();
  }

  writeFile(): void {
    this.#refuse();
  }

  readDir(): readonly string[] {
    return this.#refuse();
  }

  isDir(): boolean {
    return this.#refuse();
  }

  env(): Readonly<Record<string, string>> {
    return shellEnvironment(this.#env);
  }

  os(): string {
    return goOs();
  }

  arch(): string {
    return goArch();
  }

  print(text: string): void {
    this.printed.push(text);
  }

  registerSecret(value: string): void {
    this.secrets.push(value);
  }

  #refuse(): never {
    this.#needsWorker = true;
    throw new Error("this needs a worker");
  }
}
