import type { Diagnostic } from "@ocuroot/starlark";
import { findDamage, findErrors } from "../../analysis/damage.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { overlaps } from "../../analysis/tree.ts";
import { checkCallArguments } from "./callArguments.ts";
import { checkEachWork } from "./eachWork.ts";
import { checkEndings } from "./endings.ts";
import { withoutIgnored } from "./ignored.ts";
import { checkInputParameters, checkInputReads } from "./inputContract.ts";
import { checkLoads } from "./loads.ts";
import { checkNotSet } from "./notSet.ts";
import { checkRefs } from "./refs.ts";
import { checkSdkArguments } from "./sdkArguments.ts";
import { checkSdkRules, checkVersions } from "./sdkRules.ts";
import { checkSecretLiterals, checkValuesFromOutside } from "./secrets.ts";
import { checkShellScripts } from "./shellScripts.ts";
import { checkShellText } from "./shellText.ts";
import { checkStatements } from "./statements.ts";
import { isWantedHint } from "./unused.ts";
import { checkInputNames, checkTopLevel, checkWorkRules } from "./workRules.ts";

const checks = [
  checkStatements(checkCallArguments, checkSdkArguments, checkSdkRules),
  checkLoads,
  checkVersions,
  checkEachWork(checkTopLevel),
  checkWorkRules,
  checkEachWork(checkInputNames),
  checkEachWork(checkInputParameters),
  checkInputReads,
  checkRefs,
  checkStatements(checkShellText, checkSecretLiterals),
  checkShellScripts,
  checkEndings,
  checkNotSet,
  checkValuesFromOutside,
];

/** Every problem that can be found without running the file, in the order of the text. */
export function doDiagnostics(snapshot: Snapshot): Diagnostic[] {
  const { file } = snapshot;
  const names = file.resolution.diagnostics.filter((each) => isWantedHint(file, each));
  const found = [...names, ...checks.flatMap((check) => check(snapshot))];
  const kept = withoutIgnored(file, withoutNoise(file, withoutConsequences(file, dropDuplicates(found))));
  return [...file.syntaxDiagnostics, ...kept].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/**
 * With a syntax error, what depends on the damaged text is noise: problems in the damaged statement itself, names that
 * the damage may define, and anything about names that occur in it.
 */
function withoutNoise(view: FileView, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const errors = findErrors(view);
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
