import type { Expression, Span } from "@ocuroot/starlark";
import { methodDocs } from "@ocuroot/starlark";
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { dottedSdkName } from "../../analysis/calls.ts";
import { findContextCallers } from "../../analysis/contextHelpers.ts";
import { signatureOf } from "../../analysis/signatures.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import { inferType, type ValueType } from "../../analysis/types.ts";
import { makeItem } from "./items.ts";

/** What may follow a dot: SDK members, `ctx.inputs`, environments' fields, struct fields, methods of the inferred type. */
export function completeAttributes(snapshot: Snapshot, object: Expression, span: Span): CompletionItem[] {
  const { file } = snapshot;
  const name = dottedSdkName(file.resolution, object);
  const members = name === undefined ? [] : file.sdk.members(name);
  if (members.length > 0) {
    return members.map((each) => {
      const label = each.name.slice((name?.length ?? 0) + 1);
      return makeItem(file, span, label, {
        kind: CompletionItemKind.Function,
        detail: signatureOf(each).label,
        doc: each.doc,
        // What package files are about comes first.
        order: each.name === "host.shell" ? 0 : 1,
      });
    });
  }
  const field = (label: string, detail: string, doc = ""): CompletionItem =>
    makeItem(file, span, label, { kind: CompletionItemKind.Field, detail, doc, order: 0 });
  const type = inferType(file, object);
  switch (type?.kind) {
    case "ctx":
      return [
        field("inputs", "the inputs, by name"),
        ...(mayDeploy(type) ? [field("environment", "the environment that is deployed to")] : []),
      ];
    case "inputs":
      return inputItems(file, type, span);
    case "environment":
      return [
        field("name", "string", "The environment's name."),
        field("attributes", "dict of strings", "Its attributes."),
      ];
    case "struct":
      return [...type.fields].map(([label, each]) => field(label, each.type, each.doc));
    case "attributes":
      return methodItems(snapshot, "dict", span);
    case "string":
    case "bytes":
    case "list":
    case "dict":
      return methodItems(snapshot, type.kind, span);
    default:
      return [];
  }
}

function methodItems(snapshot: Snapshot, type: string, span: Span): CompletionItem[] {
  return [...(methodDocs[type] ?? [])].map(([label, each]) =>
    makeItem(snapshot.file, span, label, { kind: CompletionItemKind.Method, detail: each.signature, doc: each.doc }),
  );
}

/** A value of which only a work function's callers tell what it has. */
type Passed = ValueType & { readonly kind: "ctx" | "inputs" };

/** `ctx.inputs.`: what the function's callers pass, with where it comes from. */
function inputItems(file: FileView, { view, fn }: Passed, span: Span): CompletionItem[] {
  const details = new Map<string, string>();
  for (const caller of findContextCallers(view, fn)) {
    for (const input of caller.inputs.entries.values()) {
      const { start, end } = spanOf(input.entry.value);
      details.set(input.name, input.entry.view.source.text.slice(start, end).replace(/\s+/g, " ").slice(0, 80));
    }
    if (caller.kind === "deploy") details.set("environment", "the environment, as a dict");
  }
  return [...details].map(([label, detail]) => makeItem(file, span, label, { kind: CompletionItemKind.Field, detail }));
}

/** `ctx.environment` is there for deployments, and for what they go on to; unknown callers may be such. */
function mayDeploy({ view, fn }: Passed): boolean {
  const callers = findContextCallers(view, fn);
  return callers.length === 0 || callers.some((each) => each.kind !== "task");
}
