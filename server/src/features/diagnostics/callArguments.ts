import type { CallExpression, Diagnostic, Parameter } from "@ocuroot/starlark";
import { addArgument } from "../../analysis/edits.ts";
import type { StatementPart } from "../../analysis/facts.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import { type PlacedFunction, resolveFunction } from "../../analysis/values.ts";
import { makeProblem, removeFix, suggestName } from "./report.ts";

/** Calls of functions whose definition is known: number and names of arguments. */
export function checkCallArguments(view: FileView, { otherCalls }: StatementPart): Diagnostic[] {
  return otherCalls.flatMap(({ node }) => {
    const { callee } = node;
    if (callee.kind !== "Identifier" && callee.kind !== "DotExpression") return [];
    const target = resolveFunction(view, callee);
    const name = callee.kind === "Identifier" ? callee.name : callee.name.name;
    return target === undefined ? [] : checkCall(view, node, name, target);
  });
}

function checkCall(view: FileView, node: CallExpression, name: string, target: PlacedFunction): Diagnostic[] {
  const { parameters } = target.node;
  const hasSpread = node.arguments.some((each) => each.star !== "");
  const positional = positionalOf(parameters);
  const takesRest = parameters.some((each) => each.star === "*" && each.name !== undefined);
  const takesKeywords = parameters.some((each) => each.star === "**");
  const named = new Map(
    parameters.flatMap((each) => (each.star === "" && each.name ? [[each.name.name, each] as const] : [])),
  );
  const given = new Set<Parameter>();
  const problems: Diagnostic[] = [];
  let index = 0;
  for (const argument of node.arguments) {
    if (argument.star !== "") continue;
    if (argument.name === undefined) {
      const parameter = positional[index++];
      if (parameter !== undefined) given.add(parameter);
      else if (!takesRest && index === positional.length + 1) {
        const takes =
          positional.length === 0
            ? "no positional arguments"
            : `${positional.length} positional argument${positional.length === 1 ? "" : "s"}`;
        problems.push(makeProblem("call/too-many-arguments", spanOf(argument), `\`${name}\` takes ${takes}.`));
      }
      continue;
    }
    const parameter = named.get(argument.name.name);
    const span = spanOf(argument.name);
    if (parameter === undefined) {
      if (takesKeywords) continue;
      const free = [...named].filter(([, each]) => !given.has(each)).map(([each]) => each);
      const { text, fixes } = suggestName(argument.name.name, free, span);
      problems.push(
        makeProblem("call/unknown-argument", span, `\`${name}\` has no parameter \`${argument.name.name}\`.${text}`, {
          fixes,
        }),
      );
    } else if (given.has(parameter)) {
      problems.push(
        makeProblem("call/repeated-argument", span, `\`${name}\` gets \`${argument.name.name}\` twice.`, {
          fixes: removeFix(node.arguments, argument),
        }),
      );
    } else {
      given.add(parameter);
    }
  }
  if (hasSpread || problems.length > 0) return problems;
  const missing = [...named.values()].filter((each) => each.default === undefined && !given.has(each));
  return missing.map((each) => {
    const wanted = each.name?.name ?? "";
    const fixes = [{ title: `Add \`${wanted}=\``, edits: [addArgument(view, node, `${wanted}=None`)] }];
    return makeProblem("call/missing-argument", spanOf(node.callee), `\`${name}\` needs \`${wanted}\`.`, { fixes });
  });
}

/** Parameters that a positional argument may fill: those before `*`. */
function positionalOf(parameters: readonly Parameter[]): readonly Parameter[] {
  const star = parameters.findIndex((each) => each.star !== "");
  return star < 0 ? parameters : parameters.slice(0, star);
}
