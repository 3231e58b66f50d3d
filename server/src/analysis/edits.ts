import type { CallExpression, DictExpression, Expression, Parameter, Span } from "@ocuroot/starlark";
import type { FileView } from "./snapshot.ts";
import { positionOf, spanOf } from "./tree.ts";

/** A replacement of text in a file. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** Adds an argument at the end of a call, on a line of its own where the others have one. */
export function addArgument(view: FileView, call: CallExpression, text: string): TextEdit {
  const open = positionOf(call, call.at) + 1;
  return addElement(view, call.arguments, open, positionOf(call, call.rparen), text);
}

/** Adds an entry at the end of a dict display. */
export function addEntry(view: FileView, dict: DictExpression, text: string): TextEdit {
  const { start, end } = spanOf(dict);
  return addElement(view, dict.entries, start + 1, end - 1, text);
}

/** Adds a parameter to a `def`, before `**kwargs` and after those without defaults where it has none. */
export function addParameter(
  view: FileView,
  fn: { readonly parameters: readonly Parameter[]; readonly name: Expression },
  text: string,
): TextEdit | undefined {
  const open = view.source.text.indexOf("(", spanOf(fn.name).end);
  if (open < 0) return undefined;
  const before = fn.parameters.find((each) => each.star !== "" || (each.default !== undefined && !text.includes("=")));
  if (before !== undefined) {
    const at = spanOf(before).start;
    return { span: { start: at, end: at }, text: `${text}, ` };
  }
  const last = fn.parameters.at(-1);
  const at = last === undefined ? open + 1 : spanOf(last).end;
  return { span: { start: at, end: at }, text: last === undefined ? text : `, ${text}` };
}

/** Takes an element out of a list of them, with the comma that it no longer needs. */
export function removeElement(elements: readonly Parameters<typeof spanOf>[0][], index: number): TextEdit | undefined {
  const element = elements[index];
  if (element === undefined) return undefined;
  const { start, end } = spanOf(element);
  const [before, after] = [elements[index - 1], elements[index + 1]];
  if (after !== undefined) return { span: { start, end: spanOf(after).start }, text: "" };
  return { span: { start: before === undefined ? start : spanOf(before).end, end }, text: "" };
}

function addElement(
  view: FileView,
  elements: readonly Parameters<typeof spanOf>[0][],
  open: number,
  close: number,
  text: string,
): TextEdit {
  const source = view.source.text;
  const last = elements.at(-1);
  if (last === undefined) return { span: { start: open, end: open }, text };
  const at = spanOf(last).end;
  const rest = source.slice(at, close);
  const isMultiline = view.source.lineAt(at) !== view.source.lineAt(close);
  const comma = findComma(rest);
  const indent = isMultiline ? `\n${indentOf(view, spanOf(last).start)}` : " ";
  if (comma < 0) return { span: { start: at, end: at }, text: `,${indent}${text}${isMultiline ? "," : ""}` };
  const after = at + comma + 1;
  return { span: { start: after, end: after }, text: `${indent}${text}${isMultiline ? "," : ""}` };
}

/** The place of the trailing comma in what follows the last element; comments are skipped. */
function findComma(rest: string): number {
  for (let index = 0; index < rest.length; index++) {
    if (rest[index] === ",") return index;
    if (rest[index] !== "#") continue;
    const end = rest.indexOf("\n", index);
    if (end < 0) return -1;
    index = end;
  }
  return -1;
}

/** The white space that an offset's line starts with. */
export function indentOf(view: FileView, offset: number): string {
  const line = view.source.lineText(view.source.lineAt(offset));
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}
