import type { Thread } from "../eval/thread.ts";
import { freeze, type MapKey, StarlarkValue, type Value } from "./value.ts";

/** `[name, value]` pairs; names are byte strings. */
export type KeywordArguments = [string, Value][];

export type ParameterKind = "positional" | "keywordOnly" | "args" | "kwargs";

export interface ParameterInfo {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly hasDefault: boolean;
}

/** Where something stands; line and column count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What all functions made by one `def` (or `lambda`) in one loaded module share. */
export interface FunctionCode {
  /** A byte string; "lambda" if it has no name, "<toplevel>" for a file. */
  readonly name: string;
  readonly position: SourcePosition;
  /** In the order of the def. */
  readonly parameters: readonly ParameterInfo[];
  /** Names of the slots: positional, then keyword-only parameters. Then come `*args` and `**kwargs`, if any. */
  readonly slotNames: readonly string[];
  /** How many of the slots can be passed by position. */
  readonly positionalCount: number;
  readonly hasArgs: boolean;
  readonly hasKwargs: boolean;
  readonly isLambda: boolean;
  readonly isTopLevel: boolean;
  /** The docstring, a byte string. */
  readonly doc: string;
  /** The number of arguments a plain call must have to need no binding: -1 if every call needs it. */
  readonly plainArity: number;
  /** Line and column of each place in the program that frames can be at. */
  readonly places: Int32Array;
  readonly allowsRecursion: boolean;
  /** How many calls are under way. */
  active: number;
}

/** The JavaScript form of a function: all slots are passed. */
export type Implementation = (thread: Thread, ...slots: Value[]) => Value;

/** A required keyword-only parameter's entry in `defaults`. */
export const required = undefined;

export class StarlarkFunction extends StarlarkValue {
  override readonly typeName = "function";
  readonly arity: number;

  constructor(
    readonly code: FunctionCode,
    readonly implementation: Implementation,
    /** Values of the last slots; `required` where there is none. */
    readonly defaults: readonly (Value | undefined)[],
    /** The values of the variables of enclosing functions that it uses. */
    private readonly captured: (() => (Value | undefined)[]) | undefined,
  ) {
    super();
    this.arity = code.plainArity;
  }

  get name(): string {
    return this.code.name;
  }

  /** Where its `def` or `lambda` stands. */
  get position(): SourcePosition {
    return this.code.position;
  }

  get parameters(): readonly ParameterInfo[] {
    return this.code.parameters;
  }

  get isLambda(): boolean {
    return this.code.isLambda;
  }

  /** Defined by a `def` that is in no function. */
  get isTopLevel(): boolean {
    return this.code.isTopLevel;
  }

  get doc(): string {
    return this.code.doc;
  }

  override toStarlarkString(): string {
    return `<function ${this.name}>`;
  }

  override mapKey(): MapKey {
    return this;
  }

  override freeze(): void {
    for (const value of this.defaults) if (value !== undefined) freeze(value);
    if (!this.captured || this.isFreezing) return;
    this.isFreezing = true; // A function may reach itself through its variables.
    for (const value of this.captured()) if (value !== undefined) freeze(value);
    this.isFreezing = false;
  }

  private isFreezing = false;
}

export type BuiltinImplementation = (thread: Thread, args: Value[], kwargs: KeywordArguments) => Value;

/** A function written in TypeScript. `receiver` is set for a method taken from a value (`x.append`). */
export class BuiltinFunction extends StarlarkValue {
  override readonly typeName: string = "builtin_function_or_method";

  constructor(
    readonly name: string,
    readonly implementation: BuiltinImplementation,
    readonly receiver?: Value,
    private readonly receiverType = "",
  ) {
    super();
  }

  override toStarlarkString(): string {
    if (this.receiver === undefined) return `<built-in function ${this.name}>`;
    return `<built-in method ${this.name} of ${this.receiverType} value>`;
  }

  override mapKey(): MapKey {
    return this;
  }

  override freeze(): void {
    if (this.receiver !== undefined) freeze(this.receiver);
  }
}

/** See `Method`. */
export type Shortcut<Receiver> = (receiver: Receiver, a?: Value, b?: Value) => Value | undefined;

/** A method of a built-in type, before it is bound to a value. It is no Starlark value itself. */
export class Method<Receiver = Value> {
  constructor(
    readonly name: string,
    readonly call: (receiver: Receiver, args: Value[], kwargs: KeywordArguments, thread: Thread) => Value,
    /**
     * Does frequent calls with up to two arguments, given by position, without a list of them; undefined, and nothing
     * done, when a call is not one of those.
     */
    readonly shortcut?: Shortcut<Receiver>,
  ) {}
}

export function isCallable(value: Value): value is StarlarkFunction | BuiltinFunction {
  return value instanceof StarlarkFunction || value instanceof BuiltinFunction;
}
