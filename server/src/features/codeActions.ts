import type { Diagnostic, Span, TextFix } from "@ocuroot/starlark";
import { type CodeAction, CodeActionKind, type Range } from "vscode-languageserver-types";
import { findLoadable, loadEdit } from "../analysis/modules.ts";
import { overlaps } from "../analysis/tree.ts";
import { offsetAt, rangeOf } from "../convert.ts";
import type { Snapshot } from "../snapshot.ts";
import { doDiagnostics } from "./diagnostics/index.ts";
import { toLspDiagnostic } from "./diagnostics/toLsp.ts";
import { doRefactorings, fixAll, wants } from "./refactor/index.ts";

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
  return [...fixes, ...findLoadFixes(snapshot, all, span)];
}

/** As many modules as are offered for one name. */
const maxModules = 5;

/** `load`s of undefined names that other modules of the repository define. */
function findLoadFixes(snapshot: Snapshot, problems: readonly Diagnostic[], span: Span): CodeAction[] {
  const { file } = snapshot;
  const undefinedNames = problems.filter((each) => each.code === "name/undefined" && overlaps(each.span, span));
  if (undefinedNames.length === 0) return [];
  const loadable = findLoadable(file);
  return undefinedNames.flatMap((problem) => {
    const name = file.source.text.slice(problem.span.start, problem.span.end);
    return loadable
      .filter((each) => each.name === name)
      .slice(0, maxModules)
      .map((each, index) => {
        const fix = { title: `Load \`${name}\` from ${each.module}`, edits: [loadEdit(file, each)] };
        return toAction(snapshot, problem, fix, index === 0);
      });
  });
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
