import type { SdkParameter } from "@ocuroot/engine";
import type { Diagnostic, Expression } from "@ocuroot/starlark";
import { addArgument } from "../../analysis/edits.ts";
import type { PlacedCall, StatementPart } from "../../analysis/facts.ts";
import type { FileView } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import { unwrap } from "../../analysis/values.ts";
import { makeProblem, removeFix, suggestName } from "./report.ts";

/** SDK calls against the catalog's signatures: unknown, missing, repeated and surplus arguments, wrong literals. */
export function checkSdkArguments(view: FileView, { sdkCalls }: StatementPart): Diagnostic[] {
  return sdkCalls.flatMap((call) => [
    ...checkUnknown(call),
    ...checkRepeated(call),
    ...checkSurplus(call),
    ...checkMissing(view, call),
    ...checkTypes(call),
  ]);
}

function checkUnknown(call: PlacedCall): Diagnostic[] {
  const free = call.entry.parameters
    .filter((each) => each.star === undefined && !call.bound.has(each.name))
    .flatMap((each) => [each.name, ...(each.aliases ?? [])]);
  return call.unknown.flatMap((argument) => {
    if (argument.name === undefined) return [];
    const { name } = argument.name;
    const span = spanOf(argument.name);
    const { text, fixes } = suggestName(name, free, span);
    return [
      makeProblem("sdk/unknown-argument", span, `\`${call.entry.name}\` has no argument \`${name}\`.${text}`, {
        fixes,
      }),
    ];
  });
}

function checkRepeated(call: PlacedCall): Diagnostic[] {
  return call.repeated.flatMap((argument) => {
    if (argument.name === undefined) return [];
    const parameter = call.entry.parameters.find(
      (each) => each.name === argument.name?.name || each.aliases?.includes(argument.name?.name ?? ""),
    );
    const first = parameter && call.bound.get(parameter.name);
    const isAlias = first?.name !== undefined && first.name.name !== argument.name.name;
    if (isAlias && (mayBeNone(first.value) || mayBeNone(argument.value))) return [];
    const message = isAlias
      ? `\`${first.name.name}\` and \`${argument.name.name}\` mean the same: give one of them.`
      : `\`${call.entry.name}\` gets \`${argument.name.name}\` twice.`;
    const related = first === undefined ? [] : [{ span: spanOf(first), message: "given here first" }];
    const fixes = removeFix(call.node.arguments, argument);
    return [makeProblem("sdk/repeated-argument", spanOf(argument.name), message, { related, fixes })];
  });
}

/** Of two spellings of an argument one may be None, as when a function hands on both of its own parameters. */
function mayBeNone(value: Expression): boolean {
  return !["ListExpression", "DictExpression", "TupleExpression", "Comprehension", "StringLiteral"].includes(
    unwrap(value).kind,
  );
}

function checkSurplus(call: PlacedCall): Diagnostic[] {
  const [first] = call.surplus;
  if (first === undefined) return [];
  const limit = call.entry.parameters.filter((each) => each.star === undefined && each.isKeywordOnly !== true).length;
  const takes = limit === 0 ? "no arguments" : limit === 1 ? "one argument" : `at most ${limit} positional arguments`;
  return [makeProblem("sdk/too-many-arguments", spanOf(first), `\`${call.entry.name}\` takes ${takes}.`)];
}

function checkMissing(view: FileView, call: PlacedCall): Diagnostic[] {
  // An unknown argument is most likely the missing one misspelled: one problem is enough.
  if (call.unknown.length > 0) return [];
  return call.missing.map((parameter) => {
    const fix = {
      title: `Add \`${parameter.name}=\``,
      edits: [addArgument(view, call.node, `${parameter.name}=${placeholderOf(parameter)}`)],
    };
    const message = `\`${call.entry.name}\` needs \`${parameter.name}\` (${parameter.type}).`;
    return makeProblem("sdk/missing-argument", spanOf(call.node.callee), message, { fixes: [fix] });
  });
}

function placeholderOf(parameter: SdkParameter): string {
  if (parameter.type === "string") return '""';
  if (parameter.type.startsWith("dict")) return "{}";
  if (parameter.type.startsWith("list")) return "[]";
  return parameter.name;
}

/** The types of literals that each catalog type accepts; a type that is not here accepts anything. */
const accepted: Readonly<Record<string, readonly string[]>> = {
  string: ["string"],
  bool: ["bool"],
  dict: ["dict"],
  "dict of inputs": ["dict"],
  "dict of strings": ["dict"],
  "dict of JSON values": ["dict"],
  "list of work": ["list", "tuple"],
  "list of strings": ["list", "tuple"],
  function: ["function"],
  "top-level function": ["function"],
  environment: [],
  ref: ["string"],
  store: [],
};

function checkTypes(call: PlacedCall): Diagnostic[] {
  return call.entry.parameters.flatMap((parameter) => {
    const value = call.bound.get(parameter.name)?.value;
    const types = accepted[parameter.type];
    const type = value === undefined ? undefined : literalType(value);
    if (value === undefined || types === undefined || type === undefined || types.includes(type)) return [];
    // `None` stands for an optional argument that is left out.
    if (type === "NoneType" && parameter.isOptional) return [];
    const message = `\`${parameter.name}\` of \`${call.entry.name}\` is ${withArticle(parameter.type)}, not ${withArticle(type)}.`;
    return [makeProblem("sdk/wrong-type", spanOf(value), message)];
  });
}

/** The type that an expression's form alone gives away. */
function literalType(expression: Expression): string | undefined {
  const node = unwrap(expression);
  switch (node.kind) {
    case "StringLiteral":
      return "string";
    case "BytesLiteral":
      return "bytes";
    case "IntLiteral":
      return "int";
    case "FloatLiteral":
      return "float";
    case "ListExpression":
      return "list";
    case "TupleExpression":
      return "tuple";
    case "DictExpression":
      return "dict";
    case "LambdaExpression":
      return "function";
    case "Comprehension":
      return node.body.kind === "DictEntry" ? "dict" : "list";
    case "Identifier":
      return node.name === "True" || node.name === "False" ? "bool" : node.name === "None" ? "NoneType" : undefined;
    default:
      return undefined;
  }
}

function withArticle(type: string): string {
  if (type === "NoneType") return "`None`";
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
