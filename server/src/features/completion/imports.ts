import type { Span } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { findLoadable, loadEdit } from "../../analysis/modules.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { rangeOf } from "../../text/convert.ts";
import { makeItem } from "./items.ts";

/** Names that other modules define: accepting one loads it as well. `taken` are the names that mean something already. */
export function completeImports({ file }: Snapshot, span: Span, taken: ReadonlySet<string>): CompletionItem[] {
  return findLoadable(file).flatMap((loadable) => {
    const { name, module, signature } = loadable;
    if (taken.has(name)) return [];
    const edit = loadEdit(file, loadable);
    // Two edits at one place have no order.
    if (edit.span.start === span.start) return [];
    return [
      {
        ...makeItem(file, span, name, {
          kind: signature === undefined ? CompletionItemKind.Constant : CompletionItemKind.Function,
          detail: signature === undefined ? `load from ${module}` : `${signature} · load from ${module}`,
          order: 65,
        }),
        labelDetails: { description: module },
        additionalTextEdits: [{ range: rangeOf(file.source, edit.span), newText: edit.text }],
      },
    ];
  });
}
