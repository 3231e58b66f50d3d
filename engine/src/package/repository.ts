import { existsSync } from "node:fs";
import { join } from "node:path";
import { bytesOf } from "@ocuroot/starlark";
import type { PackageProblem } from "../model/package.ts";
import type { RepositoryEvaluation, RepositoryModel } from "../model/repository.ts";
import { newestSdkVersion } from "../sdk/versions.ts";
import { type CompiledClosure, type CompileOptions, compileClosure } from "./compileClosure.ts";
import { functionRefOf } from "./contract.ts";
import { asEvalError, Evaluation, type EvaluationOptions } from "./evaluation.ts";
import { hasErrors, problemOfError } from "./problems.ts";
import { SettingError, type Variables } from "./repositorySettings.ts";
import { readSource } from "./source.ts";

/** Name of the file that configures a repository and marks its root. */
export const repositoryFile = "repo.ocu.star";

export interface RepositoryOptions extends Omit<CompileOptions, "file">, Omit<EvaluationOptions, "closure" | "root"> {
  /** Environment variables, for `OCU_CFG_…`. */
  readonly variables: Variables;
}

/** Compiles and evaluates `repo.ocu.star`. A repository without one has the default configuration. */
export function evaluateRepository(options: RepositoryOptions): RepositoryEvaluation {
  return openRepository(options).evaluate();
}

/** Like `evaluateRepository`, but keeps the functions, so that the trigger can be called. */
export function openRepository(options: RepositoryOptions): RepositorySession {
  const path = join(options.root, repositoryFile);
  const held = options.readText?.(path);
  const source = held === undefined && !existsSync(path) ? undefined : readSource(path, repositoryFile, () => held);
  const closure = source && compileClosure({ ...options, file: path });
  return new RepositorySession({ ...options, closure, source: source?.ok ? source.text : "" });
}

export interface RepositorySessionOptions extends Omit<EvaluationOptions, "closure"> {
  /** Undefined: there is no `repo.ocu.star`. */
  readonly closure: CompiledClosure | undefined;
  readonly source: string;
  readonly variables: Variables;
}

/** The repository's configuration, evaluated once; its trigger can be called afterwards. Needs no parser. */
export class RepositorySession {
  readonly #options: RepositorySessionOptions;
  readonly #evaluation: Evaluation;
  #result: RepositoryEvaluation | undefined;

  constructor(options: RepositorySessionOptions) {
    this.#options = options;
    const closure = options.closure ?? { main: repositoryFile, files: new Map(), problems: [] };
    this.#evaluation = new Evaluation("repository", { ...options, closure });
  }

  evaluate(): RepositoryEvaluation {
    this.#result ??= this.#evaluate();
    return this.#result;
  }

  /** Calls the trigger with a commit. Returns what went wrong, or undefined. */
  trigger(commit: string): PackageProblem | undefined {
    const ref = this.evaluate().model?.trigger;
    if (!ref) {
      const message = `${repositoryFile} sets no trigger`;
      return { code: "repository/no-trigger", severity: "error", message, position: undefined };
    }
    try {
      this.#evaluation.call(this.#evaluation.functions.find(ref, repositoryFile), [bytesOf(commit)], []);
      return undefined;
    } catch (error) {
      return this.#evaluation.mask(problemOfError(asEvalError(error)));
    }
  }

  #evaluate(): RepositoryEvaluation {
    const { closure } = this.#options;
    const problems = closure?.problems ?? [];
    if (hasErrors(problems)) return { model: undefined, problems };
    const globals = closure ? this.#evaluation.execute()?.globals : new Map();
    const all = [...problems, ...this.#evaluation.problems];
    if (!globals) return { model: undefined, problems: all };
    try {
      const model = this.#model(globals);
      return { model: hasErrors(all) ? undefined : model, problems: all };
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      const { code, message, position, related } = error;
      const place = position ?? (closure && { file: closure.main, line: 1, column: 1 });
      all.push({ code, severity: "error", message, position: place, ...(related && { related }) });
      return { model: undefined, problems: all };
    }
  }

  #model(globals: Parameters<Evaluation["settings"]["alias"]>[0]): RepositoryModel {
    const { settings, functions } = this.#evaluation;
    const { variables, source } = this.#options;
    const alias = settings.alias(globals, variables);
    const trigger = settings.trigger(globals);
    if (trigger) functions.add(trigger);
    return {
      sdkVersion: this.#evaluation.versionOf(repositoryFile) ?? newestSdkVersion,
      ...(alias === undefined ? {} : { alias }),
      stores: settings.stores(globals),
      remotes: settings.remotes(globals, variables),
      releaseIgnore: settings.releaseIgnore(globals, variables),
      ...(trigger && { trigger: functionRefOf(trigger) }),
      hasTrigger: trigger !== undefined,
      source,
    };
  }
}
