/** The prompt's side of a session: compiles inputs, has them run in a worker thread, and can end them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { universeNames } from "@ocuroot/starlark";
import { InterruptedError } from "../host/errors.ts";
import { NodeHost } from "../host/nodeHost.ts";
import { ProcessGroups, type StopSignal } from "../host/processes.ts";
import type { PackageProblem } from "../model/package.ts";
import type { LineListener } from "../runner/caller.ts";
import { hostCalls } from "../runner/hostCalls.ts";
import type { Job, JobResult, PackageSource } from "../runner/jobs.ts";
import { WorkerLostError, WorkerThread } from "../runner/thread.ts";
import { newestSdkVersion, predeclaredNames } from "../sdk/versions.ts";
import type { SecretMask } from "../secrets.ts";
import { compileInput, type InputContext, loadStatements } from "./compileInput.ts";
import type { ReplAttribute, ReplReply, ReplRequest } from "./messages.ts";

export interface ReplOptions extends Omit<InputContext, "names" | "file" | "version"> {
  readonly source: PackageSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: SecretMask;
  readonly onLine: LineListener;
}

export type Evaluated = Omit<Extract<ReplReply, { kind: "ran" }>, "kind" | "names"> & {
  /** Problems found before anything ran. */
  readonly problems?: readonly PackageProblem[];
  /** It was ended by a signal. `lost`: with all that the inputs had bound. */
  readonly interrupted?: "stopped" | "lost";
};

export class ReplClient {
  readonly #options: ReplOptions;
  #thread = new WorkerThread<Job, JobResult>();
  #names: ReadonlySet<string> = new Set();
  #running: { readonly groups: ProcessGroups; readonly abort: AbortController } | undefined;
  readonly #texts = new Map<string, string>();

  constructor(options: ReplOptions) {
    this.#options = options;
    process.on("exit", this.#killCommands);
  }

  get version(): string {
    const { closure } = this.#options.source;
    return closure.files.get(closure.main)?.sdkVersion ?? newestSdkVersion;
  }

  /** Names that an input can use. */
  get names(): string[] {
    const hidden = new Set(["set"]);
    const all = [...universeNames, ...predeclaredNames(this.version), ...this.#names];
    return [...new Set(all)].filter((name) => !hidden.has(name)).sort();
  }

  /** The text of an input, by the name that errors have. */
  textOf(name: string): string | undefined {
    return this.#texts.get(name);
  }

  /** Evaluates the file. Returns its problems. */
  async open(): Promise<readonly PackageProblem[]> {
    const reply = await this.#ask({ kind: "open", source: this.#options.source });
    if (reply.kind !== "opened") throw new Error(`unexpected ${reply.kind}`);
    this.#names = new Set(reply.names);
    const { parser, source } = this.#options;
    const { main, files } = source.closure;
    // What a file loads is its own; at its prompt it is there.
    const loads = files.get(main)?.loads.size ? loadStatements(parser, this.#fileText(main)) : "";
    if (loads !== "" && !reply.problems.some(({ severity }) => severity === "error")) await this.evaluate(main, loads);
    return this.#masked(reply.problems);
  }

  /** Runs an input, called `name` in errors. */
  async evaluate(name: string, text: string): Promise<Evaluated> {
    this.#texts.set(name, text);
    const { source, ...rest } = this.#options;
    const compiled = compileInput(name, text, {
      ...rest,
      file: source.closure.main,
      version: this.version,
      names: this.#names,
    });
    if (!compiled.ok) return { problems: this.#masked(compiled.problems) };
    try {
      const reply = await this.#ask({ kind: "run", input: compiled.input });
      if (reply.kind !== "ran") throw new Error(`unexpected ${reply.kind}`);
      const { kind: _, names, ...ran } = reply;
      this.#names = new Set(names);
      const isStopped = this.#running?.groups.isStopping === true && ran.problem !== undefined;
      return isStopped ? { interrupted: "stopped" } : this.#masked(ran);
    } catch (error) {
      if (!(error instanceof WorkerLostError)) throw error;
      return await this.#reopen(error);
    }
  }

  /** The attributes of what a dotted name stands for; none while something runs. */
  async attributes(path: readonly string[]): Promise<readonly ReplAttribute[]> {
    const reply = await this.#ask({ kind: "attributes", path });
    return reply.kind === "attributes" ? reply.attributes : [];
  }

  /** Ends what runs: commands get the signal, requests are given up, functions stop. */
  stop(signal: StopSignal): void {
    if (!this.#running) return;
    if (this.#running.groups.isStopping) this.#running.groups.kill();
    this.#running.groups.stop(signal);
    this.#running.abort.abort(new InterruptedError());
    this.#thread.cancel();
  }

  async close(): Promise<void> {
    process.off("exit", this.#killCommands);
    this.#killCommands();
    await this.#thread.end();
  }

  readonly #killCommands = () => this.#running?.groups.kill();

  async #ask(request: ReplRequest): Promise<ReplReply> {
    const { env, secrets, onLine } = this.#options;
    const groups = new ProcessGroups();
    const abort = new AbortController();
    this.#running = { groups, abort };
    const host = new NodeHost({ env, groups, signal: abort.signal });
    const result = await this.#thread.run({ kind: "repl", request }, hostCalls(host, secrets, onLine));
    if (result.kind === "repl") return result.reply;
    throw new Error(result.kind === "fault" ? result.problem.message : `unexpected ${result.kind}`);
  }

  #fileText(path: string): string {
    try {
      return readFileSync(join(this.#options.root, path), "utf8");
    } catch {
      return ""; // Gone since it was compiled.
    }
  }

  /** After a thread was lost: a new one, with the file's names only. */
  async #reopen(error: WorkerLostError): Promise<Evaluated> {
    const wasStopped = this.#running?.groups.isStopping === true;
    this.#thread = new WorkerThread();
    await this.open();
    if (wasStopped) return { interrupted: "lost" };
    const message = `${error.message}; what the inputs had set is gone`;
    return { problem: { code: "repl/lost", severity: "error", message, position: undefined } };
  }

  #masked<T>(value: T): T {
    return this.#options.secrets.maskDeep(value);
  }
}
