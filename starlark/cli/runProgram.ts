import {
  bytesOf,
  type DialectOptions,
  EvalError,
  execute,
  Failure,
  isStackOverflow,
  jsonModule,
  mathModule,
  type Program,
  Thread,
  timeModule,
  type Value,
} from "../src/index.ts";
import type { FrontEnd } from "./frontEnd.ts";
import type { ProgramProfile } from "./profile.ts";
import { makeTestBuiltins, positionText, type WriteLine } from "./testBuiltins.ts";

/** Where modules come from. */
export interface ModuleSource {
  /** Finds what `load(name)` in a file means. `key` is the same for the same module. Throws a Failure if there is none. */
  find(name: string, fromFile: string): { key: string; filename: string; read: () => string };
}

export interface RunOptions {
  readonly dialect: DialectOptions;
  readonly testBuiltins: boolean;
  readonly checkOnly: boolean;
  readonly wallMs?: number;
  readonly write: WriteLine;
  /** See `ThreadOptions`; it holds for parsing, too. */
  readonly passesStackOverflow?: boolean;
  /** Measures where the time goes. */
  readonly profile?: ProgramProfile;
}

/** Why a program failed: in one line (or one for each static error), and as the command prints it. */
export interface RunFailure {
  readonly error: string;
  readonly trace: string;
}

const optionNames: Readonly<Record<string, keyof DialectOptions>> = {
  set: "set",
  while: "while",
  toplevelcontrol: "topLevelControl",
  globalreassign: "globalReassign",
  loadbindsglobally: "loadBindsGlobally",
  recursion: "recursion",
};

/** The dialect that `--option` names switch on; unknown names are ignored. */
export function dialectOf(names: Iterable<string>): DialectOptions {
  const dialect: Partial<Record<keyof DialectOptions, boolean>> = {};
  for (const name of names) {
    const option = optionNames[name];
    if (option) dialect[option] = true;
  }
  return dialect;
}

class StaticErrors extends Error {}

/** Bytes. A list that grows and grows must be noticed before JavaScript, which then ends the process, cannot hold it. */
const memoryLimit = 700_000_000;

/** Runs one program and the modules it loads. */
export class ProgramRun {
  readonly predeclared: Map<string, Value>;
  private readonly modules = new Map<string, ReadonlyMap<string, Value> | "loading" | Failure>();
  private readonly deadline: number | undefined;

  constructor(
    private readonly frontEnd: FrontEnd,
    private readonly source: ModuleSource,
    private readonly options: RunOptions,
  ) {
    this.deadline = options.wallMs === undefined ? undefined : Date.now() + options.wallMs;
    this.predeclared = new Map<string, Value>([
      ["json", jsonModule],
      ["math", mathModule],
      ["time", timeModule],
      ...(options.testBuiltins ? makeTestBuiltins(options.write) : []),
    ]);
  }

  /** Undefined if all went well. */
  run(filename: string, text: string): RunFailure | undefined {
    return this.attempt(() => {
      const program = this.prepare(filename, text);
      if (!this.options.checkOnly) this.execute(program);
    });
  }

  attempt(run: () => void): RunFailure | undefined {
    try {
      run();
      return undefined;
    } catch (error) {
      if (this.options.passesStackOverflow && isStackOverflow(error)) throw error;
      return describe(error);
    }
  }

  prepare(filename: string, text: string, globals: ReadonlyMap<string, Value> = new Map()): Program {
    const { program, errors } = this.newThread(filename).limit((look) =>
      this.frontEnd.prepare(filename, text, {
        dialect: this.options.dialect,
        isPredeclared: (name) => globals.has(name) || this.predeclared.has(name),
        look,
      }),
    );
    if (errors !== undefined) throw new StaticErrors(errors);
    return this.options.profile?.register(program) ?? program;
  }

  execute(program: Program, globals?: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    const names = new Map([...this.predeclared, ...(globals ?? [])]);
    const options = globals ? { freeze: false, initialGlobals: globals } : {};
    return execute(program, this.newThread(program.filename), names, options).globals;
  }

  private newThread(filename: string): Thread {
    return new Thread({
      print: (_thread, text) => this.options.write(text),
      load: (_thread, name) => this.load(name, filename),
      dialect: this.options.dialect,
      passesStackOverflow: this.options.passesStackOverflow ?? false,
      budget: {
        memory: memoryLimit,
        ...(this.deadline === undefined ? {} : { wallMs: Math.max(this.deadline - Date.now(), 0) }),
      },
    });
  }

  private load(name: string, fromFile: string): ReadonlyMap<string, Value> {
    const { key, filename, read } = this.source.find(name, fromFile);
    const known = this.modules.get(key);
    if (known === "loading") throw new Failure("cycle in load graph");
    if (known instanceof Failure) throw known;
    if (known) return known;
    this.modules.set(key, "loading");
    try {
      const globals = this.execute(this.prepare(filename, read()));
      this.modules.set(key, globals);
      return globals;
    } catch (error) {
      if (!(error instanceof EvalError || error instanceof StaticErrors || error instanceof Failure)) throw error;
      if (error instanceof EvalError && (error.isInternal || error.reason)) throw error;
      const message = error instanceof Failure ? error.message : bytesOf(firstLine(error.message));
      const failure = new Failure(message, { cause: error });
      this.modules.set(key, failure);
      throw failure;
    }
  }
}

function firstLine(message: string): string {
  return message.split("\n")[0] as string;
}

function describe(error: unknown): RunFailure {
  if (error instanceof StaticErrors) return { error: error.message, trace: error.message };
  if (error instanceof EvalError) {
    const innermost = error.frames.at(-1);
    const trace = error.traceback();
    return { error: innermost ? `${positionText(innermost)}: ${error.message}` : error.message, trace };
  }
  if (error instanceof RangeError) {
    const message = "excessive nesting";
    return { error: message, trace: message };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { error: message, trace: message };
}
