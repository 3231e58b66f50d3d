import { Dict } from "../values/dict.ts";
import { type KeywordArguments, required, type StarlarkFunction } from "../values/functions.ts";
import { pulse } from "../values/pulse.ts";
import { quote } from "../values/quote.ts";
import { Tuple } from "../values/tuple.ts";
import { Failure, type Value } from "../values/value.ts";

/** Distributes the arguments of a call over the slots of a function, `*args` and `**kwargs` last. */
export function bindArguments(fn: StarlarkFunction, args: readonly Value[], kwargs: KeywordArguments): Value[] {
  const { code } = fn;
  const { slotNames, positionalCount, hasArgs, hasKwargs } = code;
  if (slotNames.length === 0 && !hasArgs && !hasKwargs) {
    const given = args.length + kwargs.length;
    if (given > 0) throw new Failure(`function ${code.name} accepts no arguments (${given} given)`);
    return [];
  }
  if (args.length > positionalCount && !hasArgs) throw tooManyArguments(fn, args.length);

  const slots: (Value | undefined)[] = args.slice(0, positionalCount);
  while (slots.length < slotNames.length) slots.push(undefined);
  const rest = hasKwargs ? new Dict() : undefined;
  for (const [name, value] of kwargs) {
    pulse();
    bindKeyword(fn, slots, rest, name, value);
  }
  fillDefaults(fn, slots);

  if (hasArgs) slots.push(new Tuple(args.slice(positionalCount)));
  if (rest) slots.push(rest);
  return slots as Value[];
}

function bindKeyword(
  fn: StarlarkFunction,
  slots: (Value | undefined)[],
  rest: Dict | undefined,
  name: string,
  value: Value,
): void {
  const index = fn.code.slotNames.indexOf(name);
  if (index >= 0 ? slots[index] !== undefined : rest?.has(name)) {
    throw new Failure(`function ${fn.name} got multiple values for parameter ${quote(name)}`);
  }
  if (index >= 0) slots[index] = value;
  else if (rest) rest.set(name, value);
  else throw new Failure(`function ${fn.name} got an unexpected keyword argument ${quote(name)}`);
}

function fillDefaults(fn: StarlarkFunction, slots: (Value | undefined)[]): void {
  const { slotNames } = fn.code;
  const firstDefault = slotNames.length - fn.defaults.length;
  const missing: string[] = [];
  for (let i = 0; i < slotNames.length; i++) {
    if (slots[i] !== undefined) continue;
    const value = i < firstDefault ? required : fn.defaults[i - firstDefault];
    if (value === required) missing.push(slotNames[i] as string);
    else slots[i] = value;
  }
  if (missing.length > 0) {
    const s = missing.length > 1 ? "s" : "";
    throw new Failure(`function ${fn.name} missing ${missing.length} argument${s} (${missing.join(", ")})`);
  }
}

function tooManyArguments(fn: StarlarkFunction, given: number): Failure {
  const { slotNames, positionalCount } = fn.code;
  const keywordOnly = slotNames.length - positionalCount;
  const atMost = fn.defaults.length > keywordOnly ? "at most " : "";
  const s = positionalCount === 1 ? "" : "s";
  return new Failure(
    `function ${fn.name} accepts ${atMost}${positionalCount} positional argument${s} (${given} given)`,
  );
}
