import type { CallExpression, DefStatement, Expression, Parameter } from "../syntax/ast.ts";
import type { Code } from "./emitter.ts";
import type { Unit } from "./unit.ts";

/** The slots of a function in the order in which its JavaScript takes them. */
export interface Slots {
  readonly positional: readonly Parameter[];
  readonly keywordOnly: readonly Parameter[];
  readonly rest: Parameter | undefined;
  readonly more: Parameter | undefined;
}

export function sortParameters(parameters: readonly Parameter[]): Slots {
  const star = parameters.findIndex((parameter) => parameter.star === "*");
  const plain = (parameter: Parameter) => parameter.star === "";
  return {
    positional: parameters.filter((parameter, i) => plain(parameter) && (star < 0 || i < star)),
    keywordOnly: parameters.filter((parameter, i) => plain(parameter) && star >= 0 && i > star),
    rest: parameters.find((parameter) => parameter.star === "*" && parameter.name),
    more: parameters.find((parameter) => parameter.star === "**"),
  };
}

/** The `def` at the top of the file that a callee most likely names. */
export function defOf(callee: Expression, unit: Unit): DefStatement | undefined {
  if (callee.kind !== "Identifier") return undefined;
  const binding = unit.resolution.bindingOf(callee);
  return binding && unit.topLevelDefs.get(binding);
}

/**
 * What the slots of a function get in a call of it, defaults included; undefined if the call needs to be looked at when
 * it is made, because it fails, or makes a tuple or dict of arguments. `codes` are the arguments in order.
 */
export function bindSlots(
  call: CallExpression,
  def: DefStatement,
  codes: readonly Code[],
  unit: Unit,
): readonly string[] | undefined {
  const { positional, keywordOnly, rest, more } = sortParameters(def.parameters);
  if (rest || more) return undefined;
  const parameters = [...positional, ...keywordOnly];
  const slots: (string | undefined)[] = parameters.map(() => undefined);
  for (const [i, argument] of call.arguments.entries()) {
    const { name } = argument;
    const slot = name ? parameters.findIndex((parameter) => parameter.name?.name === name.name) : i;
    if (argument.star !== "" || slot < 0 || slot >= (name ? parameters : positional).length) return undefined;
    if (slots[slot] !== undefined) return undefined;
    slots[slot] = (codes[i] as Code).js;
  }
  const { instance } = unit.directNames(def);
  let defaults = 0;
  for (const [i, parameter] of parameters.entries()) {
    const isKeywordOnly = i >= positional.length;
    if (slots[i] === undefined) {
      if (!parameter.default) return undefined;
      slots[i] = literal(parameter.default) ?? `${instance}.defaults[${defaults}]`;
    }
    if (parameter.default || isKeywordOnly) defaults++;
  }
  return slots as string[];
}

function literal(value: Expression): string | undefined {
  if (value.kind === "IntLiteral" && typeof value.value === "number") return `${value.value}`;
  return value.kind === "StringLiteral" ? JSON.stringify(value.value) : undefined;
}
