import { typeOf, type Value } from "@ocuroot/starlark";
import { nearest } from "../nearest.ts";
import type { SdkFunction, SdkParameter } from "./catalog.ts";
import { SdkFailure } from "./failure.ts";
import { isOfType } from "./types.ts";

/** The arguments of one call, by parameter. */
export class BoundArguments {
  readonly #values: ReadonlyMap<string, Value>;

  constructor(values: ReadonlyMap<string, Value>) {
    this.#values = values;
  }

  /** The argument, or undefined when it was left out (or given as None where None is no value). */
  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** A required argument. */
  need(name: string): Value {
    const value = this.#values.get(name);
    if (value === undefined) throw new RangeError(`no parameter ${name}`);
    return value;
  }
}

/**
 * Binds the arguments of a call to the parameters that the catalog lists. The editor checks calls by the same list, so
 * the two cannot differ. Throws an SdkFailure in the wording of the Go implementation.
 */
export function bindArguments(
  fn: SdkFunction,
  args: readonly Value[],
  kwargs: readonly (readonly [string, Value])[],
): BoundArguments {
  const binder = new Binder(fn);
  binder.bindPositional(args);
  for (const [name, value] of kwargs) binder.bindKeyword(name, value);
  return binder.finish();
}

class Binder {
  readonly #fn: SdkFunction;
  readonly #values = new Map<string, Value>();
  /** The spelling under which a parameter was given. */
  readonly #spellings = new Map<string, string>();

  constructor(fn: SdkFunction) {
    this.#fn = fn;
  }

  bindPositional(args: readonly Value[]): void {
    const { name, parameters } = this.#fn;
    const places = parameters.filter((parameter) => !parameter.isKeywordOnly);
    if (args.length > places.length) {
      const limit = places.length === 0 ? "no arguments" : `at most ${places.length}`;
      throw new SdkFailure(
        "sdk/too-many-arguments",
        `${name}: got ${args.length} argument${args.length === 1 ? "" : "s"}, want ${limit}`,
      );
    }
    args.forEach((value, i) => {
      const parameter = places[i] as SdkParameter;
      this.#set(parameter, parameter.name, value);
    });
  }

  bindKeyword(keyword: string, value: Value): void {
    const { name, parameters } = this.#fn;
    const parameter = parameters.find((each) => each.name === keyword || each.aliases?.includes(keyword));
    if (parameter === undefined) {
      const spellings = parameters.flatMap((each) => [each.name, ...(each.aliases ?? [])]);
      throw new SdkFailure(
        "sdk/unknown-argument",
        `${name}: unexpected keyword argument ${JSON.stringify(keyword)}${suggest(keyword, spellings)}`,
      );
    }
    const given = this.#spellings.get(parameter.name);
    if (given === keyword)
      throw new SdkFailure("sdk/repeated-argument", `${name}: got multiple values for keyword argument "${keyword}"`);
    if (given !== undefined && this.#values.has(parameter.name)) {
      // A function that hands on both spellings of an argument has None for the one that it was not given itself.
      if (isLeftOut(parameter, value)) return;
      throw new SdkFailure(
        "sdk/repeated-argument",
        `${name}: \`${given}\` and \`${keyword}\` mean the same; give one of them`,
      );
    }
    this.#set(parameter, keyword, value);
  }

  finish(): BoundArguments {
    for (const parameter of this.#fn.parameters) {
      if (!parameter.isOptional && !this.#values.has(parameter.name)) {
        throw new SdkFailure("sdk/missing-argument", `${this.#fn.name}: missing argument for ${parameter.name}`);
      }
    }
    return new BoundArguments(this.#values);
  }

  #set(parameter: SdkParameter, spelling: string, value: Value): void {
    this.#spellings.set(parameter.name, spelling);
    if (isLeftOut(parameter, value)) return;
    if (!isOfType(value, parameter.type)) {
      const message = `${this.#fn.name}: for parameter ${spelling}: got ${typeOf(value)}, want ${parameter.type}`;
      throw new SdkFailure("sdk/wrong-type", message);
    }
    this.#values.set(parameter.name, value);
  }
}

/** As everywhere in Starlark, None stands for an optional argument that is left out. */
function isLeftOut(parameter: SdkParameter, value: Value): boolean {
  return value === null && parameter.isOptional && parameter.type !== "any";
}

/** ` (did you mean name?)`, or nothing. */
export function suggest(name: string, candidates: Iterable<string>): string {
  const meant = nearest(name, candidates);
  return meant === undefined ? "" : ` (did you mean ${meant}?)`;
}
