import { type CallExpression, textOf } from "@ocuroot/starlark";
import { walk } from "../analysis/tree.ts";
import { unwrap } from "../analysis/values.ts";

/** What a call of `print` prints, as far as its text tells: these pieces in this order, with anything between them. */
export type PrintForm = readonly string[];

/** Undefined for a call that prints mostly what the text does not tell, and so fits everything. */
export function printForm(node: CallExpression): PrintForm | undefined {
  let letters = 0;
  let form: string[] = [];
  for (const [index, argument] of node.arguments.entries()) {
    const value = unwrap(argument.value);
    const literals: string[] = [];
    walk(value, (each) => {
      if (each.kind === "StringLiteral") literals.push(textOf(each.value));
    });
    const isWhole = value.kind === "StringLiteral";
    const pieces = isWhole ? literals : literals.flatMap((text) => text.split(/\{[^{}]*\}|%[sdrx]/));
    letters += pieces.join("").length;
    const [first = "", ...rest] = isWhole ? pieces : ["", ...pieces, ""];
    // Values stand beside each other with a blank between them.
    form = index === 0 ? [first, ...rest] : [...form.slice(0, -1), `${form.at(-1)} ${first}`, ...rest];
  }
  return letters < 3 ? undefined : form;
}

/** Whether a printed line has the form. */
export function fitsForm([first = "", ...rest]: PrintForm, line: string): boolean {
  const last = rest.pop();
  if (last === undefined) return line === first;
  const end = line.length - last.length;
  let at = first.length;
  if (!line.startsWith(first) || !line.endsWith(last) || at > end) return false;
  // The first place of each piece leaves the most for those behind it.
  for (const piece of rest) {
    const found = line.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= end;
}
