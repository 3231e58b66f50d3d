/**
 * The SDK's names, once: the evaluator binds arguments by these signatures, and hover, completion, signature help and
 * diagnostics read the same ones. Entries live in `catalog/*.ts`, one file for each group of spec 1.4.
 */

/** Where a name may be called: package files and modules, or only `repo.ocu.star`. */
export type SdkPlace = "package" | "repository" | "anywhere";

export interface SdkParameter {
  readonly name: string;
  /** As documentation shows it: `string`, `dict of inputs`, `function`, `environment`, … */
  readonly type: string;
  readonly isOptional: boolean;
  /** Starlark text of the default, when there is one to show. */
  readonly default?: string;
  /** Other spellings that mean the same (`work`/`tasks`, `output`/`outputs`). */
  readonly aliases?: readonly string[];
  /** `"*"` takes the remaining positional arguments, `"**"` the remaining keyword arguments. */
  readonly star?: "*" | "**";
  /** Can be given by keyword only. */
  readonly isKeywordOnly?: boolean;
  readonly doc: string;
}

export interface SdkFunction {
  readonly kind: "function";
  /** Dotted for members of a namespace: `host.shell`. */
  readonly name: string;
  readonly parameters: readonly SdkParameter[];
  /** What it returns, as a type name: `environment`, `struct`, `None`, … Struct results list their fields. */
  readonly returns: string;
  readonly fields?: readonly { readonly name: string; readonly type: string; readonly doc: string }[];
  readonly place: SdkPlace;
  /** Markdown: one line first, then details and an example. */
  readonly doc: string;
  /** Set for old spellings that stay valid: what to write today. */
  readonly replacedBy?: string;
  /** Implemented by the interpreter and only documented here: `universal` is part of the language, `predeclared` beside it. */
  readonly language?: "universal" | "predeclared";
  /** What the sandboxed preview does instead of running it (spec 6.3); undefined: it runs. */
  readonly inPreview?: "placeholder" | "refused";
}

export interface SdkNamespace {
  readonly kind: "namespace";
  readonly name: string;
  readonly place: SdkPlace;
  readonly doc: string;
}

export type SdkEntry = SdkFunction | SdkNamespace;

/** One SDK version's names. */
export interface SdkCatalog {
  readonly version: string;
  readonly entries: ReadonlyMap<string, SdkEntry>;
  /** Members of a namespace (`host` → `shell`, `os`, …), in the order of documentation. */
  members(namespace: string): readonly SdkFunction[];
}
