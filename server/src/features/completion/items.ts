import type { Span } from "@ocuroot/starlark";
import {
  type CompletionItem,
  type CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
} from "vscode-languageserver-types";
import type { FileView } from "../../analysis/snapshot.ts";
import { rangeOf } from "../../text/convert.ts";

export interface ItemOptions {
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  /** Markdown. */
  readonly doc?: string;
  /** What replaces the span, when it is not the label. */
  readonly text?: string;
  readonly isSnippet?: boolean;
  /** Smaller comes first; by default the label decides. */
  readonly order?: number;
  /** More can be completed right after it. */
  readonly goesOn?: boolean;
  readonly filter?: string;
  readonly isDeprecated?: boolean;
}

/** A completion that replaces a span of the file. */
export function makeItem(view: FileView, span: Span, label: string, options: ItemOptions): CompletionItem {
  const newText = options.text ?? label;
  return {
    label,
    kind: options.kind,
    textEdit: { range: rangeOf(view.source, span), newText },
    filterText: options.filter ?? (options.isSnippet === true ? label : newText),
    ...(options.detail === undefined ? {} : { detail: options.detail }),
    ...(options.doc === undefined || options.doc === ""
      ? {}
      : { documentation: { kind: MarkupKind.Markdown, value: options.doc } }),
    ...(options.isSnippet === true ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    ...(options.order === undefined ? {} : { sortText: `${String(options.order).padStart(3, "0")}${label}` }),
    ...(options.isDeprecated === true ? { tags: [1] } : {}),
    ...(options.goesOn === true
      ? { command: { title: "Complete further", command: "editor.action.triggerSuggest" } }
      : {}),
  };
}
