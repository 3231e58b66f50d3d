import type { Argument, Binding, Expression, PlacedNode, Span } from "@ocuroot/starlark";
import { typeOfParameter, typeOfVariable } from "../../analysis/boundTypes.ts";
import { argumentOf, type SdkCall } from "../../analysis/calls.ts";
import { findOpenCall } from "../../analysis/openCall.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { followLoads } from "../../analysis/symbols.ts";
import { contains, spanOf } from "../../analysis/tree.ts";
import { TypeReader } from "../../analysis/types.ts";
import { definitionOf } from "../../analysis/values.ts";

/** What kind of value fits where the cursor is, as far as the SDK's signatures say. */
export type Expected = "function" | "bool" | "environment" | "input" | "work";

/** Finds what an argument, a dict of inputs or a list of work wants at a place. */
export function expectedAt(
  view: FileView,
  path: readonly PlacedNode[],
  offset: number,
  span: Span,
): Expected | undefined {
  const open = findOpenCall(view, offset);
  const call = open && view.facts.callOf(open.call);
  if (open === undefined || call === undefined) return undefined;
  const argument = open.call.arguments.find((each) => contains(spanOf(each), span.start));
  const type = parameterAt(call, argument)?.type;
  if (type === undefined) return undefined;
  if (type.startsWith("list of work")) return isIn(path, argument, "ListExpression") ? "work" : undefined;
  if (type === "dict of inputs")
    return isValueOfDict(view, path, argumentOf(call, "inputs"), span) ? "input" : undefined;
  // Deeper than the value itself anything may stand.
  const isPlain = open.below.every(
    (each) => each === argument || each.kind === "Identifier" || each.kind === "ErrorExpression",
  );
  if (!isPlain || (argument?.name !== undefined && contains(spanOf(argument.name), span.start))) return undefined;
  if (type.endsWith("function")) return "function";
  return type === "bool" || type === "environment" ? type : undefined;
}

function parameterAt(call: SdkCall, argument: Argument | undefined) {
  const { parameters } = call.entry;
  if (argument !== undefined) return parameters.find((each) => call.bound.get(each.name) === argument);
  const isByName = call.node.arguments.some((each) => each.name !== undefined || each.star !== "");
  return isByName ? undefined : parameters[call.node.arguments.length];
}

function isIn(path: readonly PlacedNode[], argument: Argument | undefined, kind: PlacedNode["kind"]): boolean {
  const at = argument === undefined ? -1 : path.indexOf(argument);
  return at >= 0 && path[at + 1]?.kind === kind && path.slice(at + 2).every((each) => leaves.has(each.kind));
}

const leaves = new Set<PlacedNode["kind"]>(["Identifier", "ErrorExpression"]);

function isValueOfDict(view: FileView, path: readonly PlacedNode[], dict: Expression | undefined, span: Span): boolean {
  const at = dict === undefined ? -1 : path.indexOf(dict);
  const [entry, ...deeper] = path.slice(at + 1);
  if (at < 0 || !deeper.every((each) => leaves.has(each.kind))) return false;
  // A value that is not there yet leaves no entry.
  return entry === undefined || entry.kind === "DictEntry" ? /:\s*$/.test(textBefore(view, span.start)) : false;
}

/** Enough of the text to see what stands before a place. */
function textBefore(view: FileView, at: number): string {
  return view.source.text.slice(Math.max(0, at - 200), at);
}

/** Whether what a name stands for is such a value. */
export function isExpected(view: FileView, binding: Binding, expected: Expected | undefined): boolean {
  switch (expected) {
    case "bool":
      return binding.name === "True" || binding.name === "False";
    case "input":
      return binding.scope === "predeclared" && (binding.name === "ref" || binding.name === "input");
    case "work":
      return binding.scope === "predeclared" && (binding.name === "task" || binding.name === "deploy");
    case "function": {
      if (binding.scope === "predeclared" || binding.scope === "universal") return false;
      const home = followLoads(view, binding);
      return definitionOf(home.view, home.binding)?.kind === "function";
    }
    case "environment": {
      if (binding.role !== "variable" && binding.role !== "parameter") return false;
      const read = binding.role === "variable" ? typeOfVariable : typeOfParameter;
      return read(new TypeReader(), view, binding)?.kind === "environment";
    }
    case undefined:
      return false;
  }
}
