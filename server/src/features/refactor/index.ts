import type { Diagnostic, Span } from "@ocuroot/starlark";
import { type CodeAction, CodeActionKind } from "vscode-languageserver-types";
import type { TextEdit } from "../../analysis/edits.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { contains, spanOf } from "../../analysis/tree.ts";
import { rangeOf } from "../../text/convert.ts";
import { findOldSpellings } from "../convertSpellings.ts";
import { convertDialect } from "./convertDialect.ts";
import { extractInput } from "./extractInput.ts";

export const convertSpellingsKind = "source.convertSpellings.ocuroot";

/** Whether the editor asks for actions of a kind: it may name the kind, or one that holds it. */
export function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`) || each === "");
}

/** Changes that mend nothing: the other dialect, a new input, today's spellings. */
export function doRefactorings(snapshot: Snapshot, span: Span, only: readonly string[] | undefined): CodeAction[] {
  const { file } = snapshot;
  const actions: CodeAction[] = [];
  const add = (title: string, kind: string, edits: readonly TextEdit[]): void => {
    actions.push({ title, kind, edit: { changes: { [file.uri]: edits.map((each) => toEdit(snapshot, each)) } } });
  };
  if (file.facts.isBroken) return actions;
  if (wants(only, CodeActionKind.RefactorExtract)) {
    const extracted = extractInput(file, span);
    if (extracted !== undefined) add(extracted.title, CodeActionKind.RefactorExtract, extracted.edits);
  }
  if (wants(only, CodeActionKind.RefactorRewrite)) {
    // On the function's first line, where it says how it takes its inputs.
    const node = file.facts.functions.find((each) => {
      const head = { start: spanOf(each).start, end: each.body[0] ? spanOf(each.body[0]).start : spanOf(each).end };
      return contains(head, span.start) && file.source.lineAt(span.start) <= file.source.lineAt(spanOf(each.name).end);
    });
    const converted = node && convertDialect(file, node);
    if (converted !== undefined) add(converted.title, CodeActionKind.RefactorRewrite, converted.edits);
  }
  // Actions on the whole source are for those who ask.
  if (only?.some((each) => convertSpellingsKind.startsWith(each) && each !== "") === true) {
    const edits = findOldSpellings(file);
    if (edits.length > 0) add("Convert to today's spellings of the SDK", convertSpellingsKind, edits);
  }
  return actions;
}

/** All problems mended that have only one fix, for `source.fixAll`. */
export function fixAll(snapshot: Snapshot, problems: readonly Diagnostic[]): CodeAction[] {
  const chosen: TextEdit[] = [];
  for (const { fixes } of problems) {
    const [fix, another] = fixes ?? [];
    if (fix === undefined || another !== undefined) continue;
    const isFree = fix.edits.every(({ span }) =>
      chosen.every((each) => each.span.end < span.start || span.end < each.span.start),
    );
    if (isFree) chosen.push(...fix.edits);
  }
  if (chosen.length === 0) return [];
  const edits = chosen.map((each) => toEdit(snapshot, each));
  const title = "Fix all problems that have one fix";
  return [{ title, kind: `${CodeActionKind.SourceFixAll}.ocuroot`, edit: { changes: { [snapshot.file.uri]: edits } } }];
}

function toEdit({ file }: Snapshot, { span, text }: TextEdit) {
  return { range: rangeOf(file.source, span), newText: text };
}
