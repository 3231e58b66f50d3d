import type { SdkFunction, SdkParameter } from "@ocuroot/engine";
import type { DefStatement, LambdaExpression, Parameter } from "@ocuroot/starlark";
import type { FileView } from "./snapshot.ts";
import { textOfLiteral } from "./strings.ts";
import { spanOf } from "./tree.ts";

/** A signature as text, with the place of each parameter in it. */
export interface SignatureText {
  readonly label: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly start: number;
    readonly end: number;
    readonly doc: string;
  }[];
  readonly doc: string;
}

/** The signature of a catalog function. */
export function signatureOf(entry: SdkFunction): SignatureText {
  const parts = entry.parameters.map((each) => ({ name: each.name, text: sdkParameterText(each), doc: each.doc }));
  return assemble(entry.name, parts, entry.doc, entry.returns === "None" ? "" : ` → ${entry.returns}`);
}

/** The signature of a `def` or lambda. */
export function signatureOfDefinition(view: FileView, node: DefStatement | LambdaExpression): SignatureText {
  const parts = node.parameters.map((each) => ({
    name: each.name?.name ?? "",
    text: parameterText(view, each),
    doc: "",
  }));
  return assemble(node.kind === "DefStatement" ? node.name.name : "lambda", parts, docOf(view, node), "");
}

/** The string that a function's body starts with. */
export function docOf(view: FileView, node: DefStatement | LambdaExpression): string {
  const first = node.kind === "DefStatement" ? node.body[0] : undefined;
  if (first?.kind !== "ExpressionStatement" || first.expression.kind !== "StringLiteral") return "";
  const lines = textOfLiteral(view.source, first.expression).trim().split("\n");
  const indents = lines
    .slice(1)
    .filter((each) => each.trim() !== "")
    .map((each) => each.length - each.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((each, index) => (index === 0 ? each : each.slice(indent))).join("\n");
}

function sdkParameterText(parameter: SdkParameter): string {
  if (parameter.star !== undefined) return `${parameter.star}${parameter.name}`;
  if (parameter.default !== undefined) return `${parameter.name}=${parameter.default}`;
  return parameter.isOptional ? `${parameter.name}=…` : parameter.name;
}

function parameterText(view: FileView, parameter: Parameter): string {
  const { start, end } = spanOf(parameter);
  return view.source.text.slice(start, end).replace(/\s+/g, " ");
}

function assemble(
  name: string,
  parts: readonly { readonly name: string; readonly text: string; readonly doc: string }[],
  doc: string,
  suffix: string,
): SignatureText {
  let label = `${name}(`;
  const parameters = parts.map((part, index) => {
    if (index > 0) label += ", ";
    const start = label.length;
    label += part.text;
    return { name: part.name, start, end: label.length, doc: part.doc };
  });
  return { label: `${label})${suffix}`, parameters, doc };
}
