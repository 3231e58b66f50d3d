/** Checks and picks apart the arguments of built-in functions, with the messages of the Go implementation. */
import { nearestName } from "../spell.ts";
import { Dict } from "../values/dict.ts";
import { Float } from "../values/float.ts";
import { isCallable, type KeywordArguments } from "../values/functions.ts";
import { toInt64 } from "../values/ints.ts";
import { isIterable } from "../values/iterate.ts";
import { List } from "../values/list.ts";
import { quote } from "../values/quote.ts";
import { Failure, type Int, type StarlarkValue, typeOf, type Value } from "../values/value.ts";

/** What each type of argument is given as. */
interface ArgumentTypes {
  value: Value;
  string: string;
  bool: boolean;
  int: Int;
  float: number;
  list: List;
  dict: Dict;
  callable: Value;
  iterable: StarlarkValue;
}

export type ArgumentType = keyof ArgumentTypes;

function convert(value: Value, type: ArgumentType): ArgumentTypes[ArgumentType] {
  switch (type) {
    case "value":
      return value;
    case "string":
      if (typeof value === "string") return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "int":
      return toInt64(value);
    case "float":
      if (value instanceof Float) return value.value;
      break;
    case "list":
      if (value instanceof List) return value;
      break;
    case "dict":
      if (value instanceof Dict) return value;
      break;
    case "callable":
      if (isCallable(value)) return value;
      break;
    case "iterable":
      if (isIterable(value)) return value;
      break;
  }
  throw new Failure(`got ${typeOf(value)}, want ${type}`);
}

type Unpacked<Types extends readonly ArgumentType[]> = { [Index in keyof Types]: ArgumentTypes[Types[Index]] };

/**
 * Takes positional arguments only, at least `min` and at most as many as there are types. Those not given are
 * undefined.
 */
export function unpackPositional<const Types extends readonly ArgumentType[]>(
  name: string,
  args: readonly Value[],
  kwargs: KeywordArguments,
  min: number,
  ...types: Types
): Partial<Unpacked<Types>> {
  checkCount(name, args, kwargs, min, types.length);
  let result = args as unknown[]; // Most arguments are passed on as they are.
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as Value;
    const type = types[i] as ArgumentType;
    if (type === "value" || (type === "string" && typeof arg === "string")) continue;
    const converted = convertAt(name, i, arg, type);
    if (converted === arg) continue;
    if (result === args) result = args.slice();
    result[i] = converted;
  }
  return result as unknown as Partial<Unpacked<Types>>;
}

function convertAt(name: string, index: number, arg: Value, type: ArgumentType): ArgumentTypes[ArgumentType] {
  try {
    return convert(arg, type);
  } catch (error) {
    throw new Failure(`${name}: for parameter ${index + 1}: ${(error as Failure).message}`);
  }
}

function checkCount(name: string, args: readonly Value[], kwargs: KeywordArguments, min: number, max: number): void {
  if (kwargs.length > 0) throw new Failure(`${name}: unexpected keyword arguments`);
  if (args.length < min) {
    throw new Failure(`${name}: got ${args.length} arguments, want ${min < max ? "at least " : ""}${min}`);
  }
  if (args.length > max) {
    throw new Failure(`${name}: got ${args.length} arguments, want ${max > min ? "at most " : ""}${max}`);
  }
}

/** The same without types, for a method that takes no arguments. */
export function unpackNothing(name: string, args: readonly Value[], kwargs: KeywordArguments): void {
  checkCount(name, args, kwargs, 0, 0);
}

/**
 * Parameters by name: `name` is required, `name?` optional, `name??` optional and None counts as not given. The order
 * is that of positional arguments.
 */
export type ParameterSpec = Readonly<Record<string, ArgumentType>>;

type Bound<Spec extends ParameterSpec> = {
  [Name in keyof Spec as Name extends `${string}?` ? never : Name]: ArgumentTypes[Spec[Name]];
} & {
  [Name in keyof Spec as Name extends `${infer Base}??` ? Base : Name extends `${infer Base}?` ? Base : never]?:
    | ArgumentTypes[Spec[Name]]
    | undefined;
};

/** Takes positional and keyword arguments; the result has one property for each parameter that was given. */
export function unpackArguments<const Spec extends ParameterSpec>(
  name: string,
  args: readonly Value[],
  kwargs: KeywordArguments,
  spec: Spec,
): Bound<Spec> {
  const parameters = Object.entries(spec).map(([text, type]) => ({
    text,
    name: text.replace(/\?+$/, ""),
    skipsNone: text.endsWith("??"),
    isOptional: text.endsWith("?"),
    type,
    isGiven: false,
  }));
  if (args.length > parameters.length) {
    throw new Failure(`${name}: got ${args.length} arguments, want at most ${parameters.length}`);
  }
  const result: Record<string, unknown> = {};
  const bind = (parameter: (typeof parameters)[number], value: Value, shownName: string): void => {
    if (parameter.isGiven) throw new Failure(`${name}: got multiple values for keyword argument ${shownName}`);
    parameter.isGiven = true;
    if (parameter.skipsNone && value === null) return;
    try {
      result[parameter.name] = convert(value, parameter.type);
    } catch (error) {
      throw new Failure(`${name}: for parameter ${shownName}: ${(error as Failure).message}`);
    }
  };
  for (const [i, arg] of args.entries()) bind(parameters[i]!, arg, parameters[i]!.name);
  for (const [keyword, value] of kwargs) {
    const parameter = parameters.find((each) => each.name === keyword);
    if (!parameter) throw unexpected(name, keyword, parameters);
    bind(parameter, value, quote(keyword));
  }
  for (const parameter of parameters) {
    if (parameter.isOptional) break;
    if (!parameter.isGiven) throw new Failure(`${name}: missing argument for ${parameter.text}`);
  }
  return result as Bound<Spec>;
}

/** The Go implementation looks for a near name among the first half of the parameters only. */
function unexpected(name: string, keyword: string, parameters: readonly { name: string }[]): Failure {
  const candidates = parameters.slice(0, Math.ceil(parameters.length / 2)).map((parameter) => parameter.name);
  const nearest = nearestName(keyword, candidates);
  const hint = nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
  return new Failure(`${name}: unexpected keyword argument ${quote(keyword)}${hint}`);
}
