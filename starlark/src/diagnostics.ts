import type { Span } from "./source.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** A change of text that mends a problem: replace `span` by `text`. */
export interface TextFix {
  /** What the fix does, as a menu shows it: "Insert `,`". */
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

/** A second place that explains a problem ("`(` opened here"). Without `file`, the same file. */
export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
  readonly file?: string;
}

/**
 * A problem found in a file without executing it. `code` is stable ("syntax/missing-comma"); fixes act on it and on
 * `fixes`, never on `message`. Spans are offsets in the file.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /** One sentence for people. */
  readonly message: string;
  /** The Go implementation's wording and place, where it differs; the `starlark` command prints this one. */
  readonly reference?: { readonly message: string; readonly offset: number };
  readonly fixes?: readonly TextFix[];
  readonly related?: readonly RelatedPlace[];
  readonly tags?: readonly ("unnecessary" | "deprecated")[];
}
