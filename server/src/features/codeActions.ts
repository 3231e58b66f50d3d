import type { Diagnostic, Span, TextFix } from "@ocuroot/starlark";
import { type CodeAction, CodeActionKind, type Range } from "vscode-languageserver-types";
import type { Snapshot } from "../analysis/snapshot.ts";
import { overlaps } from "../analysis/tree.ts";
import { offsetAt, rangeOf } from "../text/convert.ts";
import { doDiagnostics } from "./diagnostics/index.ts";
import { toLspDiagnostic } from "./diagnostics/toLsp.ts";
import { doRefactorings, fixAll, wants } from "./refactor/index.ts";
import { findLoadFixes } from "./refactor/loadFixes.ts";

/** The fixes of the problems in a range, and what can be refactored there; for those who ask, what changes a whole file. */
export function doCodeActions(snapshot: Snapshot, range: Range, only: readonly string[] | undefined): CodeAction[] {
  const { source } = snapshot.file;
  const span = { start: offsetAt(source, range.start), end: offsetAt(source, range.end) };
  const actions = doRefactorings(snapshot, span, only);
  const wantsAll =
    only?.some((each) => each !== "" && `${CodeActionKind.SourceFixAll}.ocuroot`.startsWith(each)) === true;
  if (wantsAll) actions.push(...fixAll(snapshot, doDiagnostics(snapshot)));
  return wants(only, CodeActionKind.QuickFix) ? [...findFixes(snapshot, span), ...actions] : actions;
}

function findFixes(snapshot: Snapshot, span: Span): CodeAction[] {
  const { source } = snapshot.file;
  const lines = {
    start: source.lineStarts[source.lineAt(span.start)] ?? 0,
    end: source.lineStarts[source.lineAt(span.end) + 1] ?? source.text.length,
  };
  const all = doDiagnostics(snapshot);
  const problems = all.filter((each) => (each.fixes?.length ?? 0) > 0);
  const here = problems.filter((each) => overlaps(each.span, span));
  // A problem elsewhere on the line is what the user most likely means when nothing is right under the cursor.
  const meant = here.length > 0 ? here : problems.filter((each) => overlaps(each.span, lines));
  const fixes = meant.flatMap((problem) =>
    (problem.fixes ?? []).map((fix, index) => toAction(snapshot, problem, fix, index === 0)),
  );
  const loads = all
    .filter((each) => overlaps(each.span, span))
    .flatMap((problem) => findLoadFixes(snapshot.file, problem).map((fix) => toAction(snapshot, problem, fix, false)));
  return [...fixes, ...loads];
}

function toAction(snapshot: Snapshot, problem: Diagnostic, fix: TextFix, isFirst: boolean): CodeAction {
  const { file } = snapshot;
  const edits = fix.edits.map((each) => ({ range: rangeOf(file.source, each.span), newText: each.text }));
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toLspDiagnostic(file.uri, file.source, problem)],
    edit: { changes: { [file.uri]: edits } },
    ...(isFirst && problem.fixes?.length === 1 ? { isPreferred: true } : {}),
  };
}
