import type { CallExpression } from "@ocuroot/starlark";
import { universeDocs } from "@ocuroot/starlark";
import { MarkupKind, type SignatureHelp } from "vscode-languageserver-types";
import { findSdkFunction } from "../analysis/calls.ts";
import { findOpenCall } from "../analysis/openCall.ts";
import { type SignatureText, signatureOf, signatureOfDefinition } from "../analysis/signatures.ts";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { spanOf } from "../analysis/tree.ts";
import { resolveFunction } from "../analysis/values.ts";

/** The signature of the innermost call around the cursor, with the parameter that is being written. */
export function doSignatureHelp(snapshot: Snapshot, offset: number): SignatureHelp | null {
  const { file } = snapshot;
  const call = findOpenCall(file, offset)?.call;
  const signature = call && findSignature(file, call);
  if (call === undefined || signature === undefined) return null;
  const active = findActive(file, call, signature, offset);
  return {
    signatures: [
      {
        label: signature.label,
        documentation: { kind: MarkupKind.Markdown, value: signature.doc },
        parameters: signature.parameters.map((each) => ({
          label: [each.start, each.end],
          ...(each.doc === "" ? {} : { documentation: { kind: MarkupKind.Markdown, value: each.doc } }),
        })),
      },
    ],
    activeSignature: 0,
    activeParameter: active,
  };
}

function findSignature(view: FileView, call: CallExpression): SignatureText | undefined {
  const entry = findSdkFunction(view.sdk, view.resolution, call.callee);
  if (entry !== undefined) return signatureOf(entry);
  const target = resolveFunction(view, call.callee);
  if (target !== undefined) {
    const text = signatureOfDefinition(target.view, target.node);
    return call.callee.kind === "Identifier" || call.callee.kind === "DotExpression" ? text : undefined;
  }
  if (call.callee.kind !== "Identifier" || view.resolution.bindingOf(call.callee)?.scope !== "universal")
    return undefined;
  const doc = universeDocs.get(call.callee.name);
  return doc === undefined ? undefined : { label: doc.signature, parameters: [], doc: doc.doc };
}

function findActive(view: FileView, call: CallExpression, signature: SignatureText, offset: number): number {
  const { text } = view.source;
  const argument = call.arguments.find(
    (each) => spanOf(each).start <= offset && offset <= endWithBlanks(text, spanOf(each).end),
  );
  if (argument?.name !== undefined) {
    const { name } = argument.name;
    const index = signature.parameters.findIndex((each) => each.name === name);
    if (index >= 0) return index;
  }
  // As many commas stand before the cursor as there are arguments before the one being written.
  const before = call.arguments.filter((each) => spanOf(each).end < offset && each !== argument).length;
  return Math.min(before, Math.max(0, signature.parameters.length - 1));
}

function endWithBlanks(text: string, end: number): number {
  let at = end;
  while (text[at] === " ") at++;
  return at;
}
