import type { Diagnostic, Span } from "@ocuroot/starlark";
import { overlaps, spanOf } from "../../analysis/tree.ts";
import type { FileView, Snapshot } from "../../snapshot.ts";
import { checkCallArguments } from "./callArguments.ts";
import { checkInputContract } from "./inputContract.ts";
import { checkLoads } from "./loads.ts";
import { checkRefs } from "./refs.ts";
import { checkSdkArguments } from "./sdkArguments.ts";
import { checkSdkRules } from "./sdkRules.ts";
import { checkShellScripts } from "./shellScripts.ts";
import { isWantedHint } from "./unused.ts";
import { checkWorkRules } from "./workRules.ts";

const checks = [
  checkCallArguments,
  checkLoads,
  checkSdkArguments,
  checkSdkRules,
  checkWorkRules,
  checkInputContract,
  checkRefs,
  checkShellScripts,
];

/** Every problem that can be found without running the file, in the order of the text. */
export function doDiagnostics(snapshot: Snapshot): Diagnostic[] {
  const { file } = snapshot;
  const names = file.resolution.diagnostics.filter((each) => isWantedHint(file, each));
  const found = [...names, ...checks.flatMap((check) => check(snapshot))];
  const kept = withoutNoise(file, withoutConsequences(file, dropDuplicates(found)));
  return [...file.syntaxDiagnostics, ...kept].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/**
 * With a syntax error, what depends on the damaged text is noise: problems in the damaged statement itself, names that
 * the damage may define, and anything about names that occur in it.
 */
function withoutNoise(view: FileView, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const errors = view.syntaxDiagnostics.filter((each) => each.severity === "error");
  if (errors.length === 0) return [...diagnostics];
  const damaged = findDamage(view, errors);
  const words = new Set(
    damaged.flatMap((span) => view.source.text.slice(span.start, span.end).match(/[A-Za-z_]\w*/g) ?? []),
  );
  return diagnostics.filter((each) => {
    if (each.code.startsWith("flow/") || damaged.some((span) => overlaps(span, each.span))) return false;
    const text = view.source.text.slice(each.span.start, each.span.end);
    return !words.has(text);
  });
}

/** A name that is only unused because its use is misspelled. */
function withoutConsequences(view: FileView, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const meant = new Set(
    diagnostics.flatMap((each) =>
      each.code === "name/undefined" ? (each.fixes ?? []).flatMap((fix) => fix.edits.map(({ text }) => text)) : [],
    ),
  );
  if (meant.size === 0) return [...diagnostics];
  return diagnostics.filter(
    (each) => each.code !== "name/unused" || !meant.has(view.source.text.slice(each.span.start, each.span.end)),
  );
}

/** Top-level statements that hold an error. What follows an error up to the next statement belongs to it as well. */
function findDamage(view: FileView, errors: readonly Diagnostic[]): Span[] {
  const spans = view.module.statements.map(spanOf);
  const damaged: Span[] = errors.map((each) => each.span);
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1]?.start ?? view.source.text.length;
    const extent = { start: span.start, end: Math.max(span.end, next) };
    // A statement of the file that is indented was part of something that could not be read.
    const isIndented = view.source.lineStarts[view.source.lineAt(span.start)] !== span.start;
    if (view.module.statements[index]?.kind === "ErrorStatement" || isIndented) damaged.push(span);
    else if (errors.some((each) => overlaps(extent, each.span))) damaged.push(span);
  }
  return damaged;
}

/** One problem for a place and severity: the first that was found. Hints never hide anything. */
function dropDuplicates(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((each) => {
    if (each.severity === "hint") return true;
    const key = `${each.span.start}:${each.span.end}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
