import { type StarlarkFunction, textOf } from "@ocuroot/starlark";
import type { Dialect, FunctionModel, FunctionRef } from "../model/package.ts";
import { nearest } from "../nearest.ts";
import { printPosition } from "./problems.ts";

/** How work functions receive their inputs, and whether they can (spec 1.4). */

/** A function whose single parameter is `ctx` is of the ctx dialect. */
export function dialectOf(fn: StarlarkFunction): Dialect {
  const [only, ...others] = fn.parameters;
  const takesOne = only?.kind === "positional" || only?.kind === "keywordOnly";
  return takesOne && others.length === 0 && only.name === "ctx" ? "ctx" : "parameters";
}

export function functionRefOf(fn: StarlarkFunction): FunctionRef {
  return { name: textOf(fn.name), pos: printPosition(fn.position) };
}

export function functionModelOf(fn: StarlarkFunction): FunctionModel {
  const parameters = namedParameters(fn).map(({ name, hasDefault }) => ({ name: textOf(name), hasDefault }));
  return { ref: functionRefOf(fn), dialect: dialectOf(fn), parameters };
}

export interface ContractProblem {
  readonly code: "sdk/unknown-parameter" | "sdk/missing-input";
  readonly message: string;
}

/**
 * What keeps the function from receiving the inputs: an input that is no parameter, a parameter that is no input. Nothing
 * in the ctx dialect, which receives all of them. `optional` names are passed where there is a parameter for them.
 */
export function contractProblems(
  fn: StarlarkFunction,
  inputs: readonly string[],
  optional: readonly string[] = [],
): ContractProblem[] {
  if (dialectOf(fn) === "ctx") return [];
  const parameters = namedParameters(fn).map((parameter) => ({ ...parameter, name: textOf(parameter.name) }));
  const names = parameters.map(({ name }) => name);
  const takesAll = fn.parameters.some(({ kind }) => kind === "kwargs");
  const title = `\`${textOf(fn.name)}\` (${printPosition(fn.position)})`;

  const unknown = takesAll ? [] : inputs.filter((input) => !names.includes(input));
  const free = names.filter((name) => !inputs.includes(name));
  const meant = new Map(unknown.map((input) => [input, nearest(input, free)] as const));
  const missing = parameters.filter(
    ({ name, hasDefault }) => !hasDefault && !inputs.includes(name) && !optional.includes(name),
  );
  // One misspelled name is one fault, although it is both an input too many and one too few.
  const misspelled = new Set(meant.values());
  return [
    ...unknown.map((input): ContractProblem => {
      const message = `${title} has no parameter for the input \`${input}\``;
      const suggestion = meant.get(input) === undefined ? "" : `. Did you mean \`${meant.get(input)}\`?`;
      return { code: "sdk/unknown-parameter", message: message + suggestion };
    }),
    ...missing
      .filter(({ name }) => !misspelled.has(name))
      .map(({ name }): ContractProblem => {
        const message = `${title} has the parameter \`${name}\`, but there is no input \`${name}\``;
        return { code: "sdk/missing-input", message };
      }),
  ];
}

function namedParameters(fn: StarlarkFunction) {
  return fn.parameters.filter(({ kind }) => kind === "positional" || kind === "keywordOnly");
}
