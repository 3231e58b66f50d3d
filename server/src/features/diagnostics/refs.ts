import { refKinds } from "@ocuroot/engine";
import type { CallExpression, Diagnostic, Span, TextFix } from "@ocuroot/starlark";
import { readDict } from "../../analysis/dicts.ts";
import type { PlacedCall } from "../../analysis/facts.ts";
import { relativePath } from "../../analysis/loads.ts";
import { type Meaning, meaningsOf } from "../../analysis/meaning.ts";
import type { RefString } from "../../analysis/refStrings.ts";
import {
  findEnvironments,
  findKnownWork,
  findMadeEnvironments,
  findProducers,
  findRefTarget,
  type RefTarget,
  unionOutputs,
} from "../../analysis/refTarget.ts";
import type { Snapshot } from "../../analysis/snapshot.ts";
import { checkReadiness } from "./refReadiness.ts";
import { listNames, makeProblem, replaceFix, suggestName } from "./report.ts";

/** Refs inside strings: syntax, and files, calls, environments and outputs that do not exist (spec 6.1). */
export function checkRefs(snapshot: Snapshot): Diagnostic[] {
  return snapshot.file.facts.refs.flatMap((ref) => {
    const syntax = checkSyntax(ref);
    if (syntax.length > 0) return syntax;
    const names = checkNames(snapshot, ref);
    return names.length > 0 ? names : checkReadiness(snapshot, ref);
  });
}

/** A ref and the only work of its file that it can mean, by what they said when nothing was wrong. */
interface Match {
  readonly ref: Meaning;
  readonly work: Meaning;
  readonly call: PlacedCall;
}

const faultless = new WeakMap<CallExpression, Match>();

/** Undefined where more than two statements have a say. */
function matchOf(
  { view, call }: RefString,
  target: RefTarget,
  kind: "task" | "deploy",
  name: string,
): Match | undefined {
  const [producer, another] = target.isSelf ? findProducers(view, kind, name) : [];
  if (producer === undefined || another !== undefined || producer.name !== name) return undefined;
  const meanings = producer.view === view ? meaningsOf(view) : undefined;
  const ref = meanings?.get(call.statement);
  const work = meanings?.get(producer.call.statement);
  return ref === undefined || work === undefined ? undefined : { ref, work, call: producer.call };
}

function isSameMatch(a: Match | undefined, b: Match): boolean {
  return a !== undefined && a.ref === b.ref && a.work === b.work && a.call === b.call;
}

function checkSyntax(ref: RefString): Diagnostic[] {
  const { text, parsed } = ref;
  return parsed.errors.flatMap((problem) => {
    // More text follows, so what is last may be half a word.
    if (ref.isOpenEnded && problem.end >= text.length) return [];
    const span = ref.spanOf(problem.start, problem.end);
    if (problem.code === "unknown-kind" && problem.suggestion === undefined) {
      const { text: hint, fixes } = suggestName(text.slice(problem.start, problem.end), [...refKinds, "call"], span);
      return [makeProblem("refs/unknown-kind", span, `${problem.message}${hint}`, { fixes })];
    }
    const fixes = problem.suggestion === undefined ? [] : [replaceFix(problem.suggestion, span)];
    const code = problem.code === "unknown-kind" ? "refs/unknown-kind" : "refs/syntax";
    return [makeProblem(code, widen(ref, span), problem.message, { fixes })];
  });
}

/** An empty span would not be seen: show the whole literal. */
function widen(ref: RefString, span: Span): Span {
  if (span.start < span.end) return span;
  const { chunk, start, end } = ref.literal;
  return { start: chunk.offset + start, end: chunk.offset + end };
}

function checkNames(snapshot: Snapshot, ref: RefString): Diagnostic[] {
  const { kind, name } = ref.parsed.ref;
  if (kind === "environment" && name[0] !== undefined) return checkEnvironment(snapshot, ref, name[0], 0);
  const target = findRefTarget(snapshot, ref);
  if (target?.repository === undefined && target?.isSelf !== true) return [];
  if (target.file === undefined) return checkFile(ref, target);
  if (kind !== "task" && kind !== "deploy") return [];
  const work = name[0];
  if (work === undefined || isUnsure(ref, "name", 0)) return checkOutput(ref, target, kind, undefined);
  const match = matchOf(ref, target, kind, work);
  if (match !== undefined && isSameMatch(faultless.get(ref.call.node), match)) return [];
  const missing = kind === "task" ? checkTask(ref, target, work) : checkDeploy(snapshot, ref, target, work);
  const found = missing.length > 0 ? missing : checkOutput(ref, target, kind, work);
  if (match !== undefined && found.length === 0) faultless.set(ref.call.node, match);
  return found;
}

function checkFile(ref: RefString, target: RefTarget): Diagnostic[] {
  const { repository, absolute } = target;
  if (repository === undefined || !repository.isListed || isUnsure(ref, "path", "last")) return [];
  const { path } = absolute;
  // A folder on the way, or a file that is no Starlark file, is wrong as well; one that is there but unread is not.
  if (repository.has(path)) return [];
  const segments = ref.parsed.segments.filter((each) => each.role === "path");
  const first = segments[0];
  const last = segments.at(-1);
  if (first === undefined || last === undefined) return [];
  const span = ref.spanOf(first.start, last.end);
  const fromRoot = ref.parsed.ref.repo !== undefined;
  const written = (each: string): string =>
    fromRoot || ref.view.path === undefined ? each : relativePath(ref.view.path, each).replace(/^\.\//, "");
  const candidates = repository.packagePaths().map(written);
  const { text, fixes } = suggestName(ref.text.slice(first.start, last.end), candidates, span);
  return [
    makeProblem(
      "refs/unknown-file",
      span,
      `There is no file \`${path}\` in the repository.${text}`,
      severity(ref, fixes),
    ),
  ];
}

function checkTask(ref: RefString, target: RefTarget, name: string): Diagnostic[] {
  const known = target.file && findKnownWork(target.file, "task");
  if (known === undefined || known.isOpen || known.byName.has(name)) return [];
  const names = known.declarations.flatMap((each) => each.name ?? []);
  const span = nameSpan(ref, 0);
  const { text, fixes } = suggestName(name, names, span);
  const where = target.isSelf ? "this file" : `\`${target.absolute.path}\``;
  const has = text !== "" ? text : names.length === 0 ? " It declares none." : ` It declares ${listNames(names)}.`;
  const message = `There is no task \`${name}\` in ${where}.${has}`;
  return [makeProblem("refs/unknown-task", span, message, severity(ref, fixes))];
}

function checkDeploy(snapshot: Snapshot, ref: RefString, target: RefTarget, name: string): Diagnostic[] {
  const known = target.file && findKnownWork(target.file, "deploy");
  if (known === undefined || known.byName.has(name)) return [];
  if (!known.isOpen && known.declarations.length > 0) {
    const names = known.declarations.flatMap((each) => each.name ?? []);
    const span = nameSpan(ref, 0);
    const { text, fixes } = suggestName(name, names, span);
    const message = `\`${target.absolute.path}\` does not deploy to \`${name}\`.${text || ` It deploys to ${listNames(names)}.`}`;
    return [makeProblem("refs/unknown-environment", span, message, { fixes })];
  }
  const made = target.file && findMadeEnvironments(target.file);
  return made === undefined || made.isOpen || made.names.has(name) ? [] : checkEnvironment(snapshot, ref, name, 0);
}

function checkEnvironment(snapshot: Snapshot, ref: RefString, name: string, index: number): Diagnostic[] {
  if (isUnsure(ref, "name", index)) return [];
  const environments = findEnvironments(snapshot);
  if (environments.isOpen || environments.names.has(name)) return [];
  const span = nameSpan(ref, index);
  const { text, fixes } = suggestName(name, environments.names, span);
  const message = `There is no environment \`${name}\`.${text || ` Known: ${listNames([...environments.names].sort())}.`}`;
  return [makeProblem("refs/unknown-environment", span, message, { fixes })];
}

/** Keys of the document of completed work (spec 3.2). */
const documentKeys = ["output", "input", "release", "run_ref", "type"];

function checkOutput(
  ref: RefString,
  target: RefTarget,
  kind: "task" | "deploy",
  work: string | undefined,
): Diagnostic[] {
  const { name, fragment } = ref.parsed.ref;
  const [first, key] = fragment;
  if (name.length > 1 || first === undefined || isUnsure(ref, "fragment", 0) || target.file === undefined) return [];
  if (!documentKeys.includes(first)) {
    const span = fragmentSpan(ref, 0);
    const { text, fixes } = suggestName(first, documentKeys, span);
    const message = `Completed work has no \`${first}\`.${text || " Its outputs are at `#output/NAME`."}`;
    return [makeProblem("refs/unknown-output", span, message, severity(ref, fixes))];
  }
  if (first !== "output" || key === undefined || work === undefined || isUnsure(ref, "fragment", 1)) return [];
  const producers = findProducers(target.file, kind, work);
  const outputs = unionOutputs(producers);
  if (outputs.isOpen) return [];
  const entry = outputs.entries.get(key);
  if (entry === undefined) {
    const span = fragmentSpan(ref, 1);
    const keys = [...outputs.entries.keys()];
    const { text, fixes } = suggestName(key, keys, span);
    const has = text !== "" ? text : keys.length === 0 ? " It has none." : ` It has ${listNames(keys)}.`;
    return [
      makeProblem("refs/unknown-output", span, `\`${work}\` has no output \`${key}\`.${has}`, severity(ref, fixes)),
    ];
  }
  const deeper = fragment[2];
  if (deeper === undefined || isUnsure(ref, "fragment", 2) || entry.value.kind !== "DictExpression") return [];
  const inner = readDict(entry.view, entry.value);
  if (inner.isOpen || inner.entries.has(deeper)) return [];
  const span = fragmentSpan(ref, 2);
  const { text, fixes } = suggestName(deeper, inner.entries.keys(), span);
  return [
    makeProblem(
      "refs/unknown-output",
      span,
      `The output \`${key}\` has no \`${deeper}\`.${text}`,
      severity(ref, fixes),
    ),
  ];
}

/** With a default the work runs all the same. */
function severity(ref: RefString, fixes: readonly TextFix[]): { fixes: readonly TextFix[]; severity?: "warning" } {
  return ref.hasDefault ? { fixes, severity: "warning" } : { fixes };
}

function nameSpan(ref: RefString, index: number): Span {
  return segmentSpan(ref, "name", index);
}

function fragmentSpan(ref: RefString, index: number): Span {
  return segmentSpan(ref, "fragment", index);
}

function segmentSpan(ref: RefString, role: "name" | "fragment", index: number): Span {
  const segment = ref.parsed.segments.filter((each) => each.role === role && each.text !== "")[index];
  return segment === undefined ? ref.spanOf(0, ref.text.length) : ref.spanOf(segment.start, segment.end);
}

/** Whether a segment is computed, or is the last one of a string to which more is added. */
function isUnsure(ref: RefString, role: "path" | "name" | "fragment", index: number | "last"): boolean {
  const segments = ref.parsed.segments.filter((each) => each.role === role && each.text !== "");
  const segment = index === "last" ? segments.at(-1) : segments[index];
  if (segment === undefined) return false;
  return segment.hasHole || (ref.isOpenEnded && segment.end >= ref.text.length);
}
