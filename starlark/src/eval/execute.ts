import { universe } from "../builtins/universe.ts";
import { type Constant, type FunctionInfo, type Program, programVersion } from "../compile/program.ts";
import { Bytes } from "../values/bytes.ts";
import { Float } from "../values/float.ts";
import type { FunctionCode, Implementation, KeywordArguments } from "../values/functions.ts";
import { bytesOf, textOf } from "../values/text.ts";
import { Failure, freeze, type Value } from "../values/value.ts";
import { runtime } from "./runtime.ts";
import type { Thread } from "./thread.ts";

/** What a file left behind when it was executed. Names are ordinary text. */
export interface ModuleGlobals {
  readonly filename: string;
  readonly globals: ReadonlyMap<string, Value>;
}

/** What the source of a compiled program evaluates to. */
interface Instance {
  readonly main: Implementation;
  /** Gives the globals the values they start with. */
  readonly preset: (values: (Value | undefined)[]) => void;
  /** The values of the program's globals, in its order; undefined for those that are not set yet. */
  readonly globals: () => (Value | undefined)[];
}

type Factory = (
  support: typeof runtime,
  codes: readonly FunctionCode[],
  constants: readonly Value[],
  universal: (name: string) => Value,
  predeclared: (name: string) => Value,
) => Instance;

/** Compiling the JavaScript again for a program that is executed again would cost much of the run. */
const factories = new WeakMap<Program, Factory>();

function factoryOf(program: Program): Factory {
  let factory = factories.get(program);
  if (!factory) {
    if (program.version !== programVersion) {
      throw new Error(`${program.filename} was compiled for another version of the interpreter`);
    }
    const parameters = ["runtime", "codes", "constants", "universal", "predeclared"];
    factory = new Function(...parameters, program.source) as Factory;
    factories.set(program, factory);
  }
  return factory;
}

export interface ExecuteOptions {
  /** Whether the globals are frozen at the end; they are if it is left out. */
  readonly freeze?: boolean;
  /** Values that globals have before the file assigns to them, as at a prompt. */
  readonly initialGlobals?: ReadonlyMap<string, Value>;
}

/** Executes a file from top to bottom and freezes its globals. Errors are EvalErrors. */
export function execute(
  program: Program,
  thread: Thread,
  predeclared: ReadonlyMap<string, Value>,
  options: ExecuteOptions = {},
): ModuleGlobals {
  return thread.guard(() => {
    const codes = program.functions.map((info) => makeCode(program, info));
    const instance = factoryOf(program)(
      runtime,
      codes,
      program.constants.map(makeConstant),
      (name) => need(universe.get(name), name),
      (name) => need(predeclared.get(textOf(name)), name),
    );
    const { initialGlobals } = options;
    if (initialGlobals) instance.preset(program.globals.map((name) => initialGlobals.get(textOf(name))));
    try {
      instance.main(thread);
    } finally {
      if (options.freeze !== false) for (const value of instance.globals()) if (value !== undefined) freeze(value);
    }
    return { filename: program.filename, globals: collect(program, instance) };
  });
}

function need(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Failure(`internal error: predeclared variable ${name} is uninitialized`);
  return value;
}

function collect(program: Program, instance: Instance): Map<string, Value> {
  const globals = new Map<string, Value>();
  const values = instance.globals();
  for (const [index, name] of program.globals.entries()) {
    const value = values[index];
    if (value !== undefined) globals.set(textOf(name), value);
  }
  return globals;
}

function makeCode(program: Program, info: FunctionInfo): FunctionCode {
  const isPlain = !info.hasArgs && !info.hasKwargs && info.slotNames.length === info.positionalCount;
  return {
    name: info.name,
    position: { file: program.filename, line: info.line, column: info.column },
    parameters: info.parameters,
    slotNames: info.slotNames,
    positionalCount: info.positionalCount,
    hasArgs: info.hasArgs,
    hasKwargs: info.hasKwargs,
    isLambda: info.isLambda,
    isTopLevel: info.isTopLevel,
    doc: info.doc,
    plainArity: isPlain ? info.positionalCount : -1,
    places: program.places,
    allowsRecursion: program.allowsRecursion,
    active: 0,
  };
}

function makeConstant(constant: Constant): Value {
  return constant.kind === "float" ? new Float(constant.value) : new Bytes(constant.value);
}

/** Calls a function from outside of a running program, or from a host function that wants to catch its errors. */
export function call(thread: Thread, fn: Value, args: Value[], kwargs: readonly [string, Value][] = []): Value {
  const keywords: KeywordArguments = kwargs.map(([name, value]) => [bytesOf(name), value]);
  return thread.guard(() => thread.invoke(fn, args, keywords));
}
