import { dirname, join, resolve } from "node:path";
import { version } from "../../../package.json";
import { statIfThere } from "../../host/files.ts";
import type { StopSignal } from "../../host/processes.ts";
import type { EnvironmentModel, PackageProblem } from "../../model/package.ts";
import { CompileCache, compileClosure } from "../../package/compileClosure.ts";
import { readEnvironments } from "../../release/environments.ts";
import { findRepositoryRoot, RepositoryError, storeOptions } from "../../release/repository.ts";
import { type Evaluated, ReplClient } from "../../repl/client.ts";
import { readHistory, writeHistory } from "../../repl/history.ts";
import { ReplPrompt } from "../../repl/prompt.ts";
import { WorkerLostError } from "../../runner/thread.ts";
import { openStateReaders } from "../../state/stores.ts";
import { type Places, problemLines } from "../../terminal/failure.ts";
import { type CliContext, withContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { openParser } from "../parser.ts";
import type { Ui } from "../ui.ts";

/** `repl`: a prompt with the SDK and a file's globals. Commands and requests are real; state is read, never written. */
export function repl(ui: Ui, args: readonly string[], options: { readonly command?: string }): Promise<number> {
  return withContext(ui, async (context) => {
    const path = sourceFile(ui, args[0] ?? ui.options.package);
    const root = await findRoot(ui, path ? dirname(path) : ui.cwd);
    const session = new Session(context, root);
    const client = await session.open(path);
    context.handleSignals();
    context.onStop((signal) => session.stop(client, signal));
    try {
      session.showProblems(await client.open().catch(lostError));
      if (context.isStopped) throw new CliError("interrupted", { exitCode: 130 });
      session.isReady = true;
      if (options.command === undefined) return await session.prompt(client, path);
      return await session.evaluate(client, "<command>", options.command);
    } finally {
      await client.close();
    }
  });
}

/** The file used up its thread. */
function lostError(error: unknown): never {
  if (error instanceof WorkerLostError) throw new CliError(`the file could not be evaluated: ${error.message}`);
  throw error;
}

/** The absolute path of a file that an argument names. */
function sourceFile(ui: Ui, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const path = resolve(ui.cwd, file);
  const stats = statIfThere(path);
  if (!stats) throw new CliError(`there is no file ${ui.shownPath(path)}`);
  if (stats.isDirectory()) throw new CliError(`${ui.shownPath(path)} is a folder; name a file in it`);
  if (!path.endsWith(".star"))
    throw new CliError(`${ui.shownPath(path)} is not a Starlark file; their names end in .star`);
  return path;
}

/** The repository's root; where there is none, the folder itself will do. */
async function findRoot(ui: Ui, folder: string): Promise<string> {
  try {
    return await findRepositoryRoot(folder, ui.io.env);
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    return folder;
  }
}

class Session {
  /** The file has been evaluated: what is printed now is what was asked for. */
  isReady = false;
  #count = 0;
  #hasFailed = false;
  #isEnded = false;
  #leave: () => void = () => {};

  constructor(
    private readonly context: CliContext,
    private readonly root: string,
  ) {}

  async open(path: string | undefined): Promise<ReplClient> {
    const { ui, workers } = this.context;
    const { root } = this;
    const parser = await openParser();
    const cache = new CompileCache();
    const none = join(root, "<repl>");
    // Without a file there is an empty one, of the newest SDK.
    const readText = (each: string) => (each === none ? "" : undefined);
    const closure = compileClosure({ parser, root, cache, file: path ?? none, ...(path ? {} : { readText }) });
    const source = { key: "repl", closure, root, environments: await this.#environments() };
    const onLine = (stream: string, line: string) => {
      if (!this.isReady) ui.note(line);
      else if (stream === "stderr") ui.complain(line);
      else ui.out(line);
    };
    return new ReplClient({ source, parser, root, cache, env: ui.io.env, secrets: workers.secrets, onLine });
  }

  /** Those in state as last seen. A repository that cannot be read is no reason to have no prompt. */
  async #environments(): Promise<readonly EnvironmentModel[]> {
    const { ui } = this.context;
    try {
      await findRepositoryRoot(this.root, ui.io.env);
    } catch {
      return [];
    }
    try {
      const { model, env } = await this.context.configuration(this.root);
      const stores = await openStateReaders(model.stores, this.root, storeOptions(env));
      const environments = await readEnvironments(stores.state);
      await stores.close();
      return environments;
    } catch (error) {
      ui.note(`${(error as Error).message}; there are no environments here`);
      return [];
    }
  }

  /** Ctrl-C ends what runs; other signals end the prompt, too. */
  stop(client: ReplClient, signal: StopSignal): void {
    client.stop(signal);
    if (signal === "SIGINT") return;
    this.#isEnded = true;
    this.#leave();
  }

  async prompt(client: ReplClient, path: string | undefined): Promise<number> {
    const { ui, workers } = this.context;
    const { stdin, stdout, env } = ui.io;
    const isTerminal = stdout.isTTY === true && (stdin as { readonly isTTY?: boolean }).isTTY === true;
    if (isTerminal) {
      const about = path ? ` · ${ui.shownPath(path)}` : "";
      ui.note(`Ocuroot ${version}, SDK ${client.version}${about} · help() for help, Ctrl-D to leave`);
    }
    const prompt = new ReplPrompt({
      stdin,
      terminal: isTerminal ? (stdout as NodeJS.WriteStream) : undefined,
      history: isTerminal ? readHistory(env) : [],
      completions: client,
      evaluate: async (text) => void (await this.evaluate(client, `<input ${++this.#count}>`, text)),
      keepHistory: (lines) => {
        if (isTerminal) writeHistory(env, lines, (line) => workers.secrets.mask(line) === line);
      },
    });
    this.#leave = () => prompt.close();
    await prompt.run();
    if (isTerminal) ui.io.stdout.write("\n");
    if (this.#isEnded) return 130;
    return this.#hasFailed && !isTerminal ? 1 : 0;
  }

  async evaluate(client: ReplClient, name: string, text: string): Promise<number> {
    const { ui } = this.context;
    const result = await client.evaluate(name, text);
    if (result.interrupted) {
      this.#hasFailed = true;
      const lost = "; it did not stop by itself, so what the inputs had set is gone";
      // The terminal has shown ^C.
      const gap = ui.io.stderr.isTTY === true ? "\n" : "";
      ui.complain(`${gap}interrupted${result.interrupted === "lost" ? lost : ""}`);
      return 130;
    }
    const problems = [...(result.problems ?? []), ...(result.problem ? [result.problem] : [])];
    this.showProblems(problems, client);
    if (problems.length > 0) this.#hasFailed = true;
    else this.#showValue(result);
    return problems.length > 0 ? 1 : 0;
  }

  #showValue({ shown, json }: Evaluated): void {
    const { ui } = this.context;
    if (shown === undefined) return;
    if (ui.options.json) ui.outJson(json === undefined ? { repr: shown } : { repr: shown, value: json });
    else ui.out(shown);
  }

  showProblems(problems: readonly PackageProblem[], client?: ReplClient): void {
    const { ui } = this.context;
    const files = ui.places(this.root);
    const places: Places = {
      shown: (file) => (file.startsWith("<") ? file : files.shown(file)),
      path: (file) => files.path(file),
      text: (file) => client?.textOf(file),
    };
    for (const problem of problems) {
      if (problem.severity === "information") continue;
      // The code of an input may hold a secret, too.
      const lines = problemLines(problem, places, ui.messageColors);
      ui.complain(...lines.map((line) => this.context.workers.secrets.mask(line)));
    }
  }
}
