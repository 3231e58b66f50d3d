import type { SdkCatalog, SdkFunction, SdkParameter } from "@ocuroot/engine";
import type { Argument, CallExpression, Expression, Resolution } from "@ocuroot/starlark";

/** A call of an SDK function, its arguments put to its parameters. */
export interface SdkCall {
  readonly node: CallExpression;
  readonly entry: SdkFunction;
  /** By the parameter's own name, whichever alias was written. */
  readonly bound: ReadonlyMap<string, Argument>;
  /** `*args` or `**kwargs` are given: what is missing may be in them. */
  readonly hasSpread: boolean;
  /** Keyword arguments that fit no parameter. */
  readonly unknown: readonly Argument[];
  /** Arguments whose parameter already has a value. */
  readonly repeated: readonly Argument[];
  /** Positional arguments beyond the last parameter. */
  readonly surplus: readonly Argument[];
  /** Required parameters without a value (none when `hasSpread`). */
  readonly missing: readonly SdkParameter[];
}

/** The catalog's function that an expression names: `shell`, `host.shell`; undefined when it is something else. */
export function findSdkFunction(
  catalog: SdkCatalog,
  resolution: Resolution,
  callee: Expression,
): SdkFunction | undefined {
  const name = dottedSdkName(resolution, callee);
  const entry = name === undefined ? undefined : catalog.entries.get(name);
  return entry?.kind === "function" ? entry : undefined;
}

/** `host.shell` for an expression that reads it off a predeclared name. */
export function dottedSdkName(resolution: Resolution, callee: Expression): string | undefined {
  if (callee.kind === "Identifier") {
    const binding = resolution.bindingOf(callee);
    return binding?.scope === "predeclared" || binding?.scope === "universal" ? callee.name : undefined;
  }
  if (callee.kind !== "DotExpression" || callee.object.kind !== "Identifier") return undefined;
  const isPredeclared = resolution.bindingOf(callee.object)?.scope === "predeclared";
  return isPredeclared ? `${callee.object.name}.${callee.name.name}` : undefined;
}

/** Puts the arguments of a call to the parameters of a catalog function, as the evaluator does. */
export function bindSdkCall(node: CallExpression, entry: SdkFunction): SdkCall {
  const bound = new Map<string, Argument>();
  const unknown: Argument[] = [];
  const repeated: Argument[] = [];
  const surplus: Argument[] = [];
  const positional = entry.parameters.filter((each) => each.star === undefined && each.isKeywordOnly !== true);
  const takesRest = entry.parameters.some((each) => each.star === "*");
  const takesKeywords = entry.parameters.some((each) => each.star === "**");
  let index = 0;
  let hasSpread = false;
  for (const argument of node.arguments) {
    if (argument.star !== "") {
      hasSpread = true;
    } else if (argument.name === undefined) {
      const parameter = positional[index++];
      if (parameter !== undefined) bound.set(parameter.name, argument);
      else if (!takesRest) surplus.push(argument);
    } else {
      const parameter = findParameter(entry, argument.name.name);
      if (parameter === undefined) {
        if (!takesKeywords) unknown.push(argument);
      } else if (bound.has(parameter.name)) repeated.push(argument);
      else bound.set(parameter.name, argument);
    }
  }
  const missing = hasSpread ? [] : entry.parameters.filter((each) => isMissing(each, bound));
  return { node, entry, bound, hasSpread, unknown, repeated, surplus, missing };
}

/** The parameter of that name or alias. */
export function findParameter(entry: SdkFunction, name: string): SdkParameter | undefined {
  return entry.parameters.find(
    (each) => each.star === undefined && (each.name === name || each.aliases?.includes(name)),
  );
}

/** The value given for a parameter. */
export function argumentOf(call: SdkCall, parameter: string): Expression | undefined {
  return call.bound.get(parameter)?.value;
}

function isMissing(parameter: SdkParameter, bound: ReadonlyMap<string, Argument>): boolean {
  return !parameter.isOptional && parameter.star === undefined && !bound.has(parameter.name);
}
