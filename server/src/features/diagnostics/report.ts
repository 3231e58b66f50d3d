import { type Diagnostic, nearestName, type RelatedPlace, type Span, type TextFix } from "@ocuroot/starlark";
import { type Code, codes } from "../../codes.ts";

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

/** `a`, `b` and `c`, for messages. */
export function listNames(names: readonly string[], limit = 6): string {
  const quoted = names.slice(0, limit).map((name) => `\`${name}\``);
  if (names.length > limit) return `${quoted.join(", ")} and ${names.length - limit} more`;
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
