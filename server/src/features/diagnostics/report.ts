import {
  type Diagnostic,
  type Expression,
  nearestName,
  type RelatedPlace,
  type Span,
  type TextFix,
} from "@ocuroot/starlark";
import { removeElement } from "../../analysis/edits.ts";
import { contentSpan, type spanOf } from "../../analysis/tree.ts";
import { type Code, codes } from "./codes.ts";

export interface ProblemOptions {
  readonly fixes?: readonly TextFix[];
  readonly related?: readonly RelatedPlace[];
  readonly tags?: Diagnostic["tags"];
  /** In place of the code's level. */
  readonly severity?: Diagnostic["severity"];
}

/** A diagnostic with the level that the table gives its code. */
export function makeProblem(code: Code, span: Span, message: string, options: ProblemOptions = {}): Diagnostic {
  return { code, severity: codes[code].severity, span, message, ...options };
}

/** ` Did you mean \`x\`?` and the fix that writes it, for an unknown name at a span. */
export function suggestName(
  name: string,
  candidates: Iterable<string>,
  span: Span,
): { readonly text: string; readonly fixes: readonly TextFix[] } {
  const sorted = [...candidates].sort();
  const nearest = nearestName(name, sorted) ?? sorted.find((each) => isTransposed(name, each));
  if (nearest === undefined || nearest === name) return { text: "", fixes: [] };
  return { text: ` Did you mean \`${nearest}\`?`, fixes: [replaceFix(nearest, span)] };
}

/** Whether two neighbouring letters changed places, which counts as two changes and is too much for a short name. */
function isTransposed(a: string, b: string): boolean {
  const at = [...a].findIndex((char, index) => char !== b[index]);
  if (a.length !== b.length || at < 0) return false;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** Replaces the text at a span. */
export function replaceFix(text: string, span: Span, title = `Change to \`${text}\``): TextFix {
  return { title, edits: [{ span, text }] };
}

/** Removes an element from the list of them that it is in. */
export function removeFix<Node extends Parameters<typeof spanOf>[0]>(
  elements: readonly Node[],
  element: Node,
): readonly TextFix[] {
  const edit = removeElement(elements, elements.indexOf(element));
  return edit === undefined ? [] : [{ title: "Remove it", edits: [edit] }];
}

/** Writes a name with what it may not hold replaced: `a b` as `a-b`. Only where it is written in place, without escapes. */
export function spelledFix(node: Expression, wanted: string, joint: "-" | "_", written = wanted): readonly TextFix[] {
  if (node.kind !== "StringLiteral" || node.hasEscapes || node.value !== written) return [];
  const allowed = joint === "-" ? /[^A-Za-z0-9._-]+/g : /\W+/g;
  const name = wanted.replace(allowed, joint);
  return name === written || /^[-_]*$/.test(name) ? [] : [replaceFix(name, contentSpan(node))];
}

/** `a`, `b` and `c`, for messages. */
export function listNames(names: readonly string[], limit = 6): string {
  const quoted = names.slice(0, limit).map((name) => `\`${name}\``);
  if (names.length > limit) return `${quoted.join(", ")} and ${names.length - limit} more`;
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
