/** What commands share: the repository they are about, evaluation of its files, and cleaning up. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StopSignal } from "../host/processes.ts";
import type { PackageEvaluation, PackageModel, PackageProblem } from "../model/package.ts";
import type { RepositoryModel } from "../model/repository.ts";
import { CompileCache, type CompiledClosure, compileClosure, mentions } from "../package/compileClosure.ts";
import { evaluatePackage } from "../package/evaluatePackage.ts";
import { evaluateRepository, repositoryFile } from "../package/repository.ts";
import { readEnvironments } from "../release/environments.ts";
import {
  openRepository,
  type Repository,
  type RepositoryConfiguration,
  RepositoryError,
  readConfiguration,
} from "../release/repository.ts";
import type { LineListener, WorkCaller } from "../runner/caller.ts";
import { InlineHost } from "../runner/inlineHost.ts";
import type { RepositorySource } from "../runner/jobs.ts";
import { Workers } from "../runner/workers.ts";
import { PreviewHost } from "../sdk/previewHost.ts";
import { whileWanted } from "../state/interruption.ts";
import { StoreError } from "../state/store.ts";
import { problemLines } from "../terminal/failure.ts";
import { findStoreCheckout, openStoreCheckout } from "../work/storeCheckout.ts";
import { CliError } from "./errors.ts";
import { openParser } from "./parser.ts";
import type { Ui } from "./ui.ts";

/** A package file, evaluated for real: its top level has run, and its functions can be called. */
export interface EvaluatedPackage {
  readonly model: PackageModel;
  readonly caller: WorkCaller;
}

/** Steps that `repo.ocu.star` may take in the main thread; a longer evaluation is left to a worker, which can be stopped. */
const inlineSteps = 100_000;

export class CliContext {
  readonly ui: Ui;
  readonly workers: Workers;
  readonly #cache = new CompileCache();
  readonly #onStop = new Set<(signal: StopSignal) => void>();
  #stopSignal: StopSignal | undefined;
  #handlesSignals = false;
  #toldStop: object | undefined;
  #end: (error: CliError) => void = () => {};
  /** Aborted when nothing is waited for any more: no remote, no lock. */
  readonly #patience = new AbortController();
  #repository: Repository | undefined;
  #isStoreCheckout = false;
  #hasToldOfDefaultStore = false;

  /** Sandboxed: files are evaluated without commands, requests and writes. */
  constructor(
    ui: Ui,
    readonly isSandboxed = false,
  ) {
    this.ui = ui;
    this.workers = new Workers(ui.io.env);
  }

  /**
   * From now on Ctrl-C and SIGTERM stop what this command runs, in order, instead of the command: before a release runs,
   * the evaluation; then what `onStop` gives.
   */
  handleSignals(): void {
    this.#handlesSignals = true;
  }

  /** Says that a package file is going to be evaluated. */
  warm(): void {
    this.workers.warm();
  }

  /** Whether who asks is the first to tell that everything is being stopped. */
  isFirstStop(asking: object): boolean {
    this.#toldStop ??= asking;
    return this.#toldStop === asking;
  }

  /** Acts for the command; what it waits for is given up with it. */
  async act(command: () => Promise<number>): Promise<number> {
    const { signal } = this.#patience;
    try {
      return await whileWanted({ signal, onWaiting: (text) => this.ui.note(text) }, command);
    } catch (error) {
      const isGivenUp = signal.aborted && error instanceof StoreError;
      throw isGivenUp ? new CliError(error.message, { exitCode: 130 }) : error;
    }
  }

  /** Whether a signal came. */
  get isStopped(): boolean {
    return this.#stopSignal !== undefined;
  }

  /** Calls back for each signal, also for one that came before, until what it returns is called. */
  onStop(act: (signal: StopSignal) => void): () => void {
    this.#onStop.add(act);
    if (this.#stopSignal) act(this.#stopSignal);
    return () => this.#onStop.delete(act);
  }

  /** Listens to signals until `close`. Rejects when one ends the command. */
  async untilSignal(): Promise<never> {
    for (const [signal, handler] of this.#signalHandlers) this.ui.io.signals.on(signal, handler);
    return await new Promise((_, reject) => {
      this.#end = reject;
    });
  }

  readonly #signalHandlers: ReadonlyMap<StopSignal | "SIGHUP", () => void> = new Map([
    ["SIGINT", () => this.#stop("SIGINT")],
    ["SIGTERM", () => this.#stop("SIGTERM")],
    // The terminal is gone: end as orderly as can be.
    ["SIGHUP", () => this.#stop("SIGTERM")],
  ]);

  #stop(signal: StopSignal): void {
    const isSecond = this.#stopSignal !== undefined;
    this.#stopSignal = signal;
    // While a release runs, what becomes of it is still recorded; the second time not even that is waited for.
    if (isSecond || this.#onStop.size === 0) this.#patience.abort();
    if (!this.#handlesSignals) {
      this.workers.kill();
      this.#end(new CliError("interrupted", { exitCode: 130 }));
      return;
    }
    if (this.#onStop.size > 0) for (const act of [...this.#onStop]) act(signal);
    else if (isSecond) this.workers.kill();
    else this.workers.stop(signal);
  }

  /** Opens the repository that holds the folder. */
  async repository(folder: string = this.ui.cwd): Promise<Repository> {
    const { env } = this.ui.io;
    const store = findStoreCheckout(folder);
    this.#isStoreCheckout = store !== undefined;
    this.#repository = await this.#found(() =>
      store
        ? openStoreCheckout(store, env, (text) => this.#evaluateText(text))
        : openRepository(
            folder,
            env,
            (root) => this.#settings(root),
            (text) => this.ui.complain(text),
          ),
    );
    return this.#repository;
  }

  /** What configures the repository that holds the folder. Its stores stay closed, in whatever state they are. */
  configuration(folder: string = this.ui.cwd): Promise<RepositoryConfiguration> {
    return this.#found(() => readConfiguration(folder, this.ui.io.env, (root) => this.#settings(root)));
  }

  async #found<T>(find: () => Promise<T>): Promise<T> {
    try {
      return await find();
    } catch (error) {
      if (this.#stopSignal) throw new CliError("interrupted", { exitCode: 130 });
      if (!(error instanceof RepositoryError)) throw error;
      const root = error.root ?? this.ui.cwd;
      this.showProblems(error.problems, root);
      throw new CliError(error.message);
    }
  }

  #settings(root: string) {
    return this.isSandboxed ? this.#previewSettings(root) : this.#evaluateSettings(root);
  }

  /** Whether the repository is known from state only, and has no files here. */
  get isStoreCheckout(): boolean {
    return this.#isStoreCheckout;
  }

  /** Compiles a file and everything it loads; problems are in the result. */
  async compile(root: string, file: string): Promise<CompiledClosure> {
    return compileClosure({ parser: await openParser(), root, file, cache: this.#cache });
  }

  /** Evaluates a package file with the environments in state. Shows its problems; throws CliError when it has errors. */
  async evaluate(repository: Repository, file: string): Promise<EvaluatedPackage> {
    const { root } = repository;
    const closure = await this.compile(root, file);
    // They may be many, or damaged: not read for a file that does not ask for them.
    const environments = mentions(closure, "environments") ? await readEnvironments(repository.state) : [];
    const source = { key: `${root}\n${file}`, closure, root, environments };
    const { evaluation, caller } = await this.workers.evaluatePackage(source, this.#shownLine);
    if (this.#stopSignal) throw new CliError("interrupted", { exitCode: 130 });
    this.showProblems(evaluation.problems, repository.root);
    if (!evaluation.model) throw new CliError(`${this.ui.shownPath(join(repository.root, file))} cannot be released`);
    return { model: evaluation.model, caller };
  }

  /** Whether a package file may register environments: it, or what it loads, names the function. */
  async mayRegister({ root }: Repository, file: string): Promise<boolean> {
    return mentions(await this.compile(root, file), "register_environment");
  }

  /** Evaluates a package file without doing anything to the world. */
  async preview(repository: Repository, file: string): Promise<PackageEvaluation> {
    const { root } = repository;
    const parser = await openParser();
    const asksForThem = mentions(await this.compile(root, file), "environments");
    const environments = asksForThem ? await readEnvironments(repository.state) : [];
    return evaluatePackage({ parser, root, file, cache: this.#cache, environments, host: this.#previewHost(root) });
  }

  /** Calls the trigger of a `repo.ocu.star` whose text is given, with a commit. Returns what went wrong, if anything. */
  async trigger(about: {
    readonly root: string;
    /** Where its commands start. */
    readonly folder: string;
    readonly text: string;
    readonly commit: string;
  }): Promise<PackageProblem | undefined> {
    const { root, folder, text, commit } = about;
    return await this.workers.trigger(await this.#recordedSource(root, folder, text), commit, this.#shownLine);
  }

  /** Evaluates a configuration that state has, where there is no source: its commands start in the current folder. */
  async #evaluateText(text: string): Promise<RepositoryModel | undefined> {
    const { cwd } = this.ui;
    const source = await this.#recordedSource(cwd, cwd, text);
    const { model, problems } = await this.workers.evaluateRepository(source, this.#printedLine);
    this.showProblems(problems, cwd);
    return model;
  }

  /** A `repo.ocu.star` that is not on disk. */
  async #recordedSource(root: string, folder: string, text: string): Promise<RepositorySource> {
    const path = join(root, repositoryFile);
    const readText = (asked: string) => (asked === path ? text : undefined);
    const closure = compileClosure({ parser: await openParser(), root, file: path, readText });
    return { closure, root, folder, source: text, variables: this.ui.io.env };
  }

  /** Tells of an error that ends nothing, such as that of one page. Our own stack is for those who look for a fault of ours. */
  readonly complainOf = (error: unknown): void => {
    const { env } = this.ui.io;
    const text = error instanceof Error ? (env.OCUROOT_DEBUG && error.stack) || error.message : String(error);
    this.ui.complain(`error: ${this.workers.secrets.mask(text)}`);
  };

  /** Prints problems on stderr, errors first to be seen. */
  showProblems(problems: readonly PackageProblem[], root: string): void {
    const places = this.ui.places(root);
    for (const problem of problems) {
      if (problem.severity === "information") continue;
      this.ui.complain(...problemLines(this.workers.secrets.maskDeep(problem), places, this.ui.messageColors));
    }
  }

  /** Says once where state is kept when nobody has said it. */
  tellOfDefaultStore(repository: Repository): void {
    if (!repository.isNewDefault || this.#hasToldOfDefaultStore) return;
    this.#hasToldOfDefaultStore = true;
    this.ui.note(
      "State is kept in .ocuroot/store, out of git's sight; call store.set(...) in repo.ocu.star to share it.",
    );
  }

  async close(): Promise<void> {
    for (const [signal, handler] of this.#signalHandlers) this.ui.io.signals.off(signal, handler);
    await this.workers.close();
    await this.#repository?.close();
  }

  /** What `print` and commands at top level say is for the one who waits, not a result. */
  readonly #shownLine: LineListener = (_, line) => this.ui.note(line);

  /** For `repo.ocu.star`, which is evaluated by every command: what its commands say would only be noise. */
  readonly #printedLine: LineListener = (stream, line) => {
    if (stream === "print") this.ui.note(line);
  };

  async #previewSettings(root: string) {
    const parser = await openParser();
    const { env } = this.ui.io;
    return evaluateRepository({
      parser,
      root,
      folder: root,
      cache: this.#cache,
      host: this.#previewHost(root),
      variables: env,
    });
  }

  #previewHost(root: string): PreviewHost {
    const onPrint = (text: string) => this.#shownLine("print", text);
    return new PreviewHost({ root, isTrusted: true, env: this.ui.io.env, onPrint });
  }

  /** Most repositories only name things: then no worker is needed, and the command starts faster. */
  async #evaluateSettings(root: string) {
    const { env } = this.ui.io;
    const host = new InlineHost(env);
    const limits = { budget: { steps: inlineSteps } };
    const shared = { root, folder: root, variables: env };
    const evaluation = evaluateRepository({ ...shared, parser: await openParser(), cache: this.#cache, host, limits });
    if (host.needsWorker || evaluation.problems.some(({ code }) => code.startsWith("evaluation/"))) {
      return await this.workers.evaluateRepository(
        { ...shared, ...(await this.#repositoryFile(root)) },
        this.#printedLine,
      );
    }
    for (const secret of host.secrets) this.workers.secrets.register(secret);
    for (const text of host.printed) this.#shownLine("print", text);
    return evaluation;
  }

  async #repositoryFile(root: string) {
    const path = join(root, "repo.ocu.star");
    if (!existsSync(path)) return { closure: undefined, source: "" };
    return { closure: await this.compile(root, path), source: readFileSync(path, "utf8") };
  }
}

/** Runs a command with a context that is closed afterwards. */
export async function withContext(
  ui: Ui,
  act: (context: CliContext) => Promise<number>,
  options: { readonly isSandboxed?: boolean } = {},
): Promise<number> {
  const context = new CliContext(ui, options.isSandboxed);
  try {
    return await Promise.race([context.act(() => act(context)), context.untilSignal()]);
  } finally {
    await context.close();
  }
}
