/** Values that `--test-builtins` predeclares: checks of errors, and values such as an embedding application adds. */
import {
  type BinaryOperatorName,
  BuiltinFunction,
  bytesOf,
  call,
  EvalError,
  Failure,
  type Frame,
  freeze,
  List,
  type MapKey,
  makeStruct,
  NativeModule,
  NoSuchAttribute,
  StarlarkValue,
  Struct,
  str,
  textOf,
  unpackArguments,
  unpackPositional,
  type Value,
  type ValueIterator,
} from "../src/index.ts";

/** Writes one line of a program's output. */
export type WriteLine = (line: string) => void;

export function makeTestBuiltins(write: WriteLine): Map<string, Value> {
  return new Map<string, Value>([
    ["error", makeError(write)],
    ["catch", catchError],
    ["module", makeModule],
    ["struct", makeStruct],
    ["_freeze", freezeValue],
    ["hasfields", makeHasFields],
    ["fibonacci", new Fibonacci()],
    ["gensym", gensym],
  ]);
}

/** JSON that no reader can mistake for several lines, whatever it takes for the end of a line. */
export function toAsciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export function positionText({ file, line, column }: Frame): string {
  return `${file}:${line}:${column}`;
}

function makeError(write: WriteLine): Value {
  return new BuiltinFunction("error", (thread, args, kwargs) => {
    const [value] = unpackPositional("error", args, kwargs, 1, "value");
    const report = { msg: textOf(str(value as Value)), stack: thread.callStack().map(positionText) };
    write(`!error ${toAsciiJson(report)}`);
    return null;
  });
}

const catchError = new BuiltinFunction("catch", (thread, args, kwargs) => {
  const [fn] = unpackPositional("catch", args, kwargs, 1, "callable");
  try {
    call(thread, fn as Value, []);
    return null;
  } catch (error) {
    if (!(error instanceof EvalError) || error.isInternal || error.reason) throw error;
    return bytesOf(error.message);
  }
});

const makeModule = new BuiltinFunction("module", (_thread, args, kwargs) => {
  const [name] = unpackPositional("module", args, [], 1, "string");
  return new NativeModule(name as string, new Map(kwargs));
});

const freezeValue = new BuiltinFunction("freeze", (_thread, args, kwargs) => {
  const [value] = unpackPositional("freeze", args, kwargs, 1, "value");
  freeze(value as Value);
  return value as Value;
});

class HasFields extends StarlarkValue {
  override readonly typeName = "hasfields";
  private readonly fields = new Map<string, Value>();
  private isFrozen = false;

  override toStarlarkString(): string {
    return this.typeName;
  }

  override mapKey(): MapKey {
    return this;
  }

  override freeze(): void {
    if (this.isFrozen) return;
    this.isFrozen = true;
    for (const value of this.fields.values()) freeze(value);
  }

  override attribute(name: string): Value | undefined {
    return this.fields.get(name);
  }

  override attributeNames(): string[] {
    return [...this.fields.keys()].sort();
  }

  override setAttribute(name: string, value: Value): void {
    if (this.isFrozen) throw new Failure("cannot set field on a frozen hasfields");
    if (name.startsWith("no")) throw new NoSuchAttribute(`no .${name} field`);
    this.fields.set(name, value);
  }

  override binary(operator: BinaryOperatorName, other: Value): Value | undefined {
    return operator === "+" && other instanceof List ? 42 : undefined;
  }
}

const makeHasFields = new BuiltinFunction("hasfields", (_thread, args, kwargs) => {
  unpackPositional("hasfields", args, kwargs, 0);
  return new HasFields();
});

class Fibonacci extends StarlarkValue {
  override readonly typeName = "fibonacci";

  override toStarlarkString(): string {
    return this.typeName;
  }

  override iterator(): ValueIterator {
    let [current, next] = [0n, 1n];
    return {
      next: () => {
        const value = current;
        [current, next] = [next, current + next];
        return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
      },
      done: () => {},
    };
  }
}

/** A kind of structs: calling it makes one. */
class StructKind extends BuiltinFunction {
  override readonly typeName = "symbol";

  constructor(name: string) {
    super(name, (_thread, args, kwargs) => {
      if (args.length > 0) throw new Failure(`${name}: unexpected positional arguments`);
      return new Struct(kwargs, this);
    });
  }

  override toStarlarkString(): string {
    return this.name;
  }

  override mapKey(): MapKey {
    throw new Failure(`unhashable: ${this.typeName}`);
  }
}

const gensym = new BuiltinFunction("gensym", (_thread, args, kwargs) => {
  const { name } = unpackArguments("gensym", args, kwargs, { name: "string" });
  return new StructKind(name);
});
