import {
  type Program,
  type EvalError as StarlarkError,
  type StarlarkFunction,
  textOf,
  type Value,
} from "@ocuroot/starlark";
import type { JsonValue } from "../json/json.ts";
import type {
  EnvironmentModel,
  FunctionRef,
  InputModel,
  PackageEvaluation,
  PackageModel,
  PackageProblem,
} from "../model/package.ts";
import { fromJsonValue } from "../sdk/convert.ts";
import { describeType } from "../sdk/describeType.ts";
import { SdkFailureDetails } from "../sdk/failure.ts";
import { createContext, DoneValue, environmentDict, NextValue } from "../sdk/values.ts";
import { newestSdkVersion } from "../sdk/versions.ts";
import type { CompiledClosure } from "./compileClosure.ts";
import { contractProblems, dialectOf, functionRefOf } from "./contract.ts";
import { asEvalError, Evaluation, type EvaluationLimits, type EvaluationOptions } from "./evaluation.ts";
import { UnknownFunctionError } from "./functions.ts";
import { hasErrors, printPosition, problemOfError } from "./problems.ts";

/** What a work function is run with. */
export interface WorkInput {
  /** Values by name, without `environment`. */
  readonly inputs: Readonly<Record<string, JsonValue>>;
  /** Given for deploys, and for what they chain to with `next`. */
  readonly environment?: EnvironmentModel;
  /** `task/build`, `deploy/staging`: tells functions apart that one `def` or `lambda` made. */
  readonly work?: string;
  /** What is given here counts in place of the session's own. */
  readonly limits?: EvaluationLimits;
}

/** How a call of a work function ended. Plain data. */
export type WorkOutcome =
  | {
      readonly kind: "done";
      readonly outputs: Readonly<Record<string, JsonValue>>;
      readonly tags: readonly string[];
      readonly watch: readonly string[];
      readonly annotation: string | undefined;
    }
  | {
      readonly kind: "next";
      readonly fn: FunctionRef;
      readonly inputs: Readonly<Record<string, InputModel>>;
      readonly annotation: string | undefined;
    }
  | WorkFailure;

export interface WorkFailure {
  readonly kind: "failed";
  /** What failed: code, one sentence (further lines are details), place and calls. */
  readonly problem: PackageProblem;
  readonly message: string;
  /** As the interpreter prints it. */
  readonly traceback: string;
  /** Set when it was ended from outside. */
  readonly reason: "cancelled" | "steps" | "time" | "memory" | "interrupted" | undefined;
}

/**
 * A package file in a worker: evaluated once, its functions kept and run on demand. Needs no parser. Evaluating never
 * throws on what the user wrote; neither does running.
 */
export class PackageSession {
  readonly #evaluation: Evaluation;
  readonly #closure: CompiledClosure;
  #result: PackageEvaluation | undefined;
  #globals: ReadonlyMap<string, Value> = new Map();

  constructor(options: EvaluationOptions) {
    this.#closure = options.closure;
    this.#evaluation = new Evaluation("package", options);
  }

  /** Executes the file. A second call returns the same result. */
  evaluate(): PackageEvaluation {
    this.#result ??= this.#evaluate();
    return this.#result;
  }

  /** The same value with the secrets that the file has registered so far masked. */
  mask<T>(value: T): T {
    return this.#evaluation.mask(value);
  }

  /** The file's globals by name, for hosts such as the repl. */
  get globals(): ReadonlyMap<string, Value> {
    return this.#globals;
  }

  /**
   * Executes a piece of program over the evaluated file, for the repl: it sees the SDK of the file's version, the file's
   * globals, and `names`. Returns the globals it binds, not frozen. Throws EvalErrors.
   */
  interpret(program: Program, names: ReadonlyMap<string, Value> = new Map()): ReadonlyMap<string, Value> {
    const version = this.#evaluation.versionOf(this.#closure.main) ?? newestSdkVersion;
    return this.#evaluation.interpret(program, version, new Map([...this.#globals, ...names]));
  }

  /** Runs a work function to its end. */
  run(ref: FunctionRef, input: WorkInput): WorkOutcome {
    if (!this.evaluate().model)
      return this.#failed(this.#result?.problems.find(isError) as PackageProblem, "", undefined);
    try {
      const fn = this.#evaluation.functions.find(ref, this.#closure.main, input.work);
      return this.#runFunction(fn, input);
    } catch (error) {
      if (error instanceof UnknownFunctionError) {
        const message =
          !error.isAmbiguous && this.#isNested(ref)
            ? `\`${ref.name}\` (${ref.pos}) is defined inside another function, where it cannot be found again; it must be defined at the top level of a file`
            : error.message;
        const problem = { code: "package/unknown-function", severity: "error", message, position: undefined } as const;
        return this.#failed(problem, message, undefined);
      }
      const evalError = asEvalError(error);
      return this.#failed(problemOfError(evalError), evalError.traceback(), reasonOf(evalError));
    }
  }

  #evaluate(): PackageEvaluation {
    const { problems, main } = this.#closure;
    if (hasErrors(problems)) return { model: undefined, problems };
    const globals = this.#evaluation.execute();
    // Masked once more: a secret may have been registered after it was mentioned.
    const all = this.#evaluation.mask([...problems, ...this.#evaluation.problems]);
    if (!globals) return { model: undefined, problems: all.map((problem) => withSkipped(problem, all)) };
    this.#globals = globals.globals;
    all.push(...this.#evaluation.declarations.finalProblems());
    return { model: hasErrors(all) ? undefined : this.#model(main), problems: all };
  }

  #model(file: string): PackageModel {
    const { declarations } = this.#evaluation;
    return {
      file,
      sdkVersion: this.#evaluation.versionOf(file) as string,
      phases: declarations.phases(),
      functions: declarations.functions(),
      registered: declarations.registered(),
      modules: this.#evaluation.loadedFiles(),
    };
  }

  #runFunction(fn: StarlarkFunction, input: WorkInput): WorkOutcome {
    const { environment, inputs, limits } = input;
    const given = Object.keys(inputs);
    const optional = environment && !given.includes("environment") ? ["environment"] : [];
    const [mismatch] = contractProblems(fn, given, optional);
    if (mismatch)
      return this.#failed({ ...mismatch, severity: "error", position: fn.position }, mismatch.message, undefined);
    const { args, kwargs } = bindInputs(fn, input);
    const options = { ...(limits && { limits }), givesEnvironment: environment !== undefined };
    return this.#outcome(fn, this.#evaluation.call(fn, args, kwargs, options), input);
  }

  #outcome(fn: StarlarkFunction, value: Value, input: WorkInput): WorkOutcome {
    if (value === null) return { kind: "done", outputs: {}, tags: [], watch: [], annotation: undefined };
    if (value instanceof DoneValue) {
      const { outputs, tags, watch, annotation } = value;
      return { kind: "done", outputs, tags, watch, annotation };
    }
    if (value instanceof NextValue) {
      const { annotation } = value;
      if (this.#evaluation.functions.canFind(value.fn)) {
        return { kind: "next", fn: functionRefOf(value.fn), inputs: value.inputs, annotation };
      }
      // Nobody else could find a function that this run has made; its inputs are there, so it goes on at once.
      const values = Object.entries(value.inputs).map(
        ([name, model]) => [name, (model.value === undefined ? model.default : model.value) as JsonValue] as const,
      );
      return this.#runFunction(value.fn, { ...input, inputs: Object.fromEntries(values) });
    }
    const message = `\`${textOf(fn.name)}\` (${printPosition(fn.position)}) returned ${describeType(value)}; a work function returns done(...), next(...) or nothing`;
    return this.#failed(
      { code: "sdk/bad-result", severity: "error", message, position: fn.position },
      message,
      undefined,
    );
  }

  #isNested({ name, pos }: FunctionRef): boolean {
    return [...this.#closure.files.values()].some(({ program }) =>
      program.functions.some(
        (fn) =>
          !fn.isTopLevel &&
          textOf(fn.name) === name &&
          printPosition({ file: program.filename, line: fn.line, column: fn.column }) === pos,
      ),
    );
  }

  #failed(problem: PackageProblem, traceback: string, reason: WorkFailure["reason"]): WorkFailure {
    const masked = this.#evaluation.mask(problem);
    const text = this.#evaluation.mask(traceback) || masked.message;
    return { kind: "failed", problem: masked, message: masked.message, traceback: text, reason };
  }
}

/** The arguments of a work function, in its dialect. */
function bindInputs(fn: StarlarkFunction, input: WorkInput): { args: Value[]; kwargs: [string, Value][] } {
  const values = Object.entries(input.inputs).map(([name, value]): [string, Value] => [name, fromJsonValue(value)]);
  if (dialectOf(fn) === "ctx") {
    const context = createContext(textOf(fn.name), new Map(values), input.environment);
    return fn.parameters[0]?.kind === "keywordOnly"
      ? { args: [], kwargs: [["ctx", context]] }
      : { args: [context], kwargs: [] };
  }
  const takes = fn.parameters.some(({ name, kind }) => name === "environment" || kind === "kwargs");
  if (input.environment && takes && !("environment" in input.inputs)) {
    values.push(["environment", environmentDict(input.environment)]);
  }
  return { args: [], kwargs: values };
}

function reasonOf(error: StarlarkError): WorkFailure["reason"] {
  const isInterrupted = error.cause instanceof SdkFailureDetails && error.cause.code === "host/interrupted";
  return isInterrupted ? "interrupted" : error.reason;
}

/** What a preview left out may be why the rest went wrong. */
function withSkipped(problem: PackageProblem, all: readonly PackageProblem[]): PackageProblem {
  if (problem.severity !== "error") return problem;
  const skipped = all.flatMap(({ code, message, position }) =>
    code === "preview/skipped" && position ? [{ message, position }] : [],
  );
  return skipped.length === 0 ? problem : { ...problem, related: [...(problem.related ?? []), ...skipped] };
}

function isError({ severity }: PackageProblem): boolean {
  return severity === "error";
}
