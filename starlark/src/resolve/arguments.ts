import type { Argument, CallExpression } from "../syntax/ast.ts";
import { startOf } from "./scopes.ts";
import type { Unit } from "./unit.ts";

/** Checks the order of a call's arguments: positional, named, `*args`, `**kwargs`. */
export function checkArguments(call: CallExpression, unit: Unit): void {
  const state = { hasArgs: false, hasKwargs: false, names: new Set<string>(), named: 0, positional: 0 };
  for (const argument of call.arguments) {
    const mistake = checkOrder(argument, state);
    if (mistake) {
      const message = `${mistake.message}: arguments must come in the order positional, named, \`*args\`, \`**kwargs\``;
      unit.report({ code: "call/argument-order", node: argument, message, reference: mistake.reference });
    }
    if (argument.name) {
      const { name } = argument.name;
      if (state.names.has(name)) {
        const message = `\`${name}\` is given twice in this call`;
        const reference = `keyword argument ${JSON.stringify(name)} is repeated`;
        unit.report({ code: "call/repeated-argument", node: argument.name, message, reference });
      }
      state.names.add(name);
    }
  }
  for (const [count, kind] of [
    [state.positional, "positional"],
    [state.named, "keyword"],
  ] as const) {
    if (count < 256) continue;
    const reference = `${count} ${kind} arguments in call, limit is 255`;
    const message = `This call has ${count} ${kind} arguments; at most 255 are allowed`;
    unit.report({ code: "call/too-many-arguments", node: call, message, reference, offset: startOf(call) });
  }
}

interface State {
  hasArgs: boolean;
  hasKwargs: boolean;
  readonly names: ReadonlySet<string>;
  named: number;
  positional: number;
}

function checkOrder(argument: Argument, state: State): { message: string; reference: string } | undefined {
  const { hasArgs, hasKwargs } = state;
  if (argument.star === "**") {
    state.hasKwargs = true;
    return hasKwargs ? mistake("Only one `**kwargs` is allowed", "multiple **kwargs not allowed") : undefined;
  }
  if (argument.star === "*") {
    state.hasArgs = true;
    if (hasKwargs) return mistake("`*args` stands after `**kwargs`", "*args may not follow **kwargs");
    return hasArgs ? mistake("Only one `*args` is allowed", "multiple *args not allowed") : undefined;
  }
  if (argument.name) {
    state.named++;
    if (!hasKwargs && !hasArgs) return undefined;
    const stars = hasKwargs ? "**kwargs" : "*args";
    return mistake(`A named argument stands after \`${stars}\``, `keyword argument may not follow ${stars}`);
  }
  state.positional++;
  if (!hasKwargs && !hasArgs && state.names.size === 0) return undefined;
  const before = hasArgs ? "*args" : hasKwargs ? "**kwargs" : "named";
  const what = before === "named" ? "a named argument" : `\`${before}\``;
  return mistake(`A positional argument stands after ${what}`, `positional argument may not follow ${before}`);
}

function mistake(message: string, reference: string) {
  return { message, reference };
}
