import { join, posix } from "node:path";
import {
  type Budget,
  call,
  execute,
  freeze,
  type ModuleGlobals,
  type Program,
  EvalError as StarlarkError,
  type StarlarkFunction,
  Thread,
  type Value,
} from "@ocuroot/starlark";
import type { EnvironmentModel, PackageProblem, SourcePosition } from "../model/package.ts";
import { createPredeclared } from "../sdk/backend/index.ts";
import { SdkFailure } from "../sdk/failure.ts";
import type { SyncHost } from "../sdk/host.ts";
import type { CallProblem, DeclaredInputs, SdkSession } from "../sdk/session.ts";
import { SecretMask } from "../secrets.ts";
import type { CompiledClosure, CompiledFile } from "./compileClosure.ts";
import { contractProblems, functionRefOf } from "./contract.ts";
import { PackageDeclarations } from "./declarations.ts";
import { FunctionTable } from "./functions.ts";
import { printPosition, problemOfError } from "./problems.ts";
import { RepositorySettings } from "./repositorySettings.ts";

/** What ends an evaluation early. */
export interface EvaluationLimits {
  readonly budget?: Budget;
  /** On a SharedArrayBuffer; anything but 0 in its first element cancels. */
  readonly cancelFlag?: Int32Array;
}

export interface EvaluationOptions {
  readonly closure: CompiledClosure;
  /** Absolute path of the repository root. */
  readonly root: string;
  readonly host: SyncHost;
  /** Those in state. */
  readonly environments?: readonly EnvironmentModel[];
  /** Absolute; the file's own folder when left out. */
  readonly folder?: string;
  readonly limits?: EvaluationLimits;
}

/**
 * One file being evaluated, and its functions being run afterwards: what package files and `repo.ocu.star` have in common.
 * It holds the interpreter's threads, loads modules (each once), and keeps problems and secrets.
 */
export class Evaluation implements SdkSession {
  readonly host: SyncHost;
  readonly folder: string;
  readonly environments: readonly EnvironmentModel[];
  readonly functions = new FunctionTable();
  readonly declarations: PackageDeclarations;
  readonly settings: RepositorySettings;
  readonly problems: PackageProblem[] = [];
  readonly secrets = new SecretMask();
  readonly #closure: CompiledClosure;
  /** Files that came after the closure, by path. */
  readonly #added = new Map<string, CompiledFile>();
  readonly #modules = new Map<string, ModuleGlobals>();
  readonly #predeclared = new Map<string, Map<string, Value>>();
  readonly #limits: EvaluationLimits;
  #isEvaluating = false;
  #caller: Thread | undefined;
  /** Whether what `next` continues with receives the environment, too. */
  #givesEnvironment = false;

  constructor(
    readonly place: "package" | "repository",
    options: EvaluationOptions,
  ) {
    const { closure, root, host, environments = [], limits = {} } = options;
    this.#closure = closure;
    this.#limits = limits;
    this.host = host;
    this.folder = options.folder ?? join(root, posix.dirname(closure.main));
    this.environments = environments.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.declarations = new PackageDeclarations(this, this.functions);
    this.settings = new RepositorySettings(this);
    host.connect?.({
      note: (code, message) => this.#note(code, message),
      position: () => (this.#caller === undefined ? undefined : printPosition(this.position(this.#caller))),
    });
  }

  get isEvaluating(): boolean {
    return this.#isEvaluating;
  }

  /** Executes the file's top level. What it fails with becomes a problem, and the result is undefined. */
  execute(): ModuleGlobals | undefined {
    this.#isEvaluating = true;
    try {
      return this.#execute(this.#file(this.#closure.main), this.#thread());
    } catch (error) {
      this.problems.push(this.mask(problemOfError(asEvalError(error))));
      return undefined;
    } finally {
      this.#isEvaluating = false;
    }
  }

  /** Calls one of the file's functions. Throws EvalErrors. */
  call(fn: StarlarkFunction, args: Value[], kwargs: [string, Value][], options: CallOptions = {}): Value {
    this.#givesEnvironment = options.givesEnvironment ?? false;
    const value = call(this.#thread({ ...this.#limits, ...options.limits }), fn, args, kwargs);
    freeze(value);
    return value;
  }

  /**
   * Executes a program that is none of the files. It sees the SDK and `names`, which it may also assign to; `files` are
   * those that it loads, and itself. Throws EvalErrors.
   */
  interpret(
    program: Program,
    version: string,
    names: ReadonlyMap<string, Value>,
    files: Iterable<CompiledFile> = [],
  ): ReadonlyMap<string, Value> {
    for (const file of files) if (!this.#closure.files.has(file.path)) this.#added.set(file.path, file);
    const predeclared = new Map([...this.#predeclaredOf(version), ...names]);
    return execute(program, this.#thread(), predeclared, { freeze: false, initialGlobals: names }).globals;
  }

  /** Files that were loaded, directly or not. */
  loadedFiles(): string[] {
    return [...this.#closure.files.keys()].filter((path) => path !== this.#closure.main).sort();
  }

  position(thread: Thread): SourcePosition {
    const frame = thread.callStack().at(-1);
    if (!frame) return { file: this.#closure.main, line: 1, column: 1 };
    return { file: frame.file, line: frame.line, column: frame.column };
  }

  versionOf(file: string): string | undefined {
    return this.#closure.files.get(file)?.sdkVersion;
  }

  report(thread: Thread, { code, severity, message, related = [] }: CallProblem): void {
    if (severity === "error" && !this.#isEvaluating) throw new SdkFailure(code, message, related);
    const stack = thread.callStack();
    const position = this.position(thread);
    const problem = this.mask({ code, severity, message, position, stack, ...(related.length > 0 ? { related } : {}) });
    // A call in a loop, as for every environment, has its problem once.
    const isKnown = this.problems.some(
      (known) => known.message === problem.message && known.position && samePosition(known.position, position),
    );
    if (!isKnown) this.problems.push(problem);
  }

  checkNext(thread: Thread, fn: StarlarkFunction, inputs: DeclaredInputs): void {
    const optional = this.#givesEnvironment ? ["environment"] : [];
    for (const { code, message } of contractProblems(fn, Object.keys(inputs), optional)) {
      this.report(thread, { code, severity: "error", message: `next: ${message}` });
    }
    const waits = Object.values(inputs).some(({ ref }) => ref !== undefined);
    if (!waits || this.functions.canFind(fn)) return;
    const { name, pos } = functionRefOf(fn);
    this.report(thread, {
      code: "sdk/not-top-level",
      severity: "error",
      message: `next: \`${name}\` (${pos}) must be defined at the top level of a file: its inputs may have to be waited for, and a function inside another one cannot be found again then`,
    });
  }

  registerSecret(value: string): void {
    this.secrets.register(value);
    this.host.registerSecret(value);
  }

  enter(thread: Thread): void {
    this.#caller = thread;
  }

  mask<T>(value: T): T {
    return this.secrets.maskDeep(value);
  }

  #note(code: string, message: string): void {
    const thread = this.#caller;
    if (thread) this.report(thread, { code, severity: "information", message });
  }

  #thread(limits: EvaluationLimits = this.#limits): Thread {
    return new Thread({
      print: (thread, text) => {
        this.enter(thread);
        this.host.print(this.secrets.mask(text));
      },
      load: (thread, module) => this.#load(thread, module),
      ...(limits.budget && { budget: limits.budget }),
      ...(limits.cancelFlag && { cancelFlag: limits.cancelFlag }),
    });
  }

  /** Modules run on the thread that loads them: they share its budget, and their errors carry the whole stack. */
  #load(thread: Thread, module: string): ReadonlyMap<string, Value> {
    const loader = this.#file(this.position(thread).file);
    const path = loader.loads.get(module);
    if (path === undefined) throw new Error(`${module} was not there when ${loader.path} was compiled`);
    return (this.#modules.get(path) ?? this.#execute(this.#file(path), thread)).globals;
  }

  #execute(file: CompiledFile, thread: Thread): ModuleGlobals {
    const globals = execute(file.program, thread, this.#predeclaredOf(file.sdkVersion));
    this.#modules.set(file.path, globals);
    this.functions.addGlobals(globals.globals);
    return globals;
  }

  #predeclaredOf(version: string): Map<string, Value> {
    let predeclared = this.#predeclared.get(version);
    if (!predeclared) {
      predeclared = createPredeclared(version, this);
      this.#predeclared.set(version, predeclared);
    }
    return predeclared;
  }

  #file(path: string): CompiledFile {
    const file = this.#closure.files.get(path) ?? this.#added.get(path);
    if (!file) throw new Error(`${path} has not been compiled`);
    return file;
  }
}

function samePosition(a: SourcePosition, b: SourcePosition): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

export interface CallOptions {
  readonly limits?: EvaluationLimits;
  readonly givesEnvironment?: boolean;
}

/** Everything that leaves the interpreter is an EvalError; anything else is a fault of ours and keeps its message. */
export function asEvalError(error: unknown): StarlarkError {
  if (error instanceof StarlarkError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StarlarkError(message, [], undefined, { cause: error, isInternal: true });
}
