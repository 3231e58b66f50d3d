import { knownSdkVersions, newestSdkVersion, resolveSdkVersion } from "@ocuroot/engine";
import type { Diagnostic } from "@ocuroot/starlark";
import { argumentOf } from "../../analysis/calls.ts";
import type { PlacedCall, StatementPart } from "../../analysis/facts.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { textOfLiteral } from "../../analysis/strings.ts";
import { positionOf, spanOf } from "../../analysis/tree.ts";
import { constantText, literalOf, unwrap } from "../../analysis/values.ts";
import { listNames, makeProblem, replaceFix, spelledFix, suggestName } from "./report.ts";

/** The calls that choose the version: one, at the top, with a version that there is. */
export function checkVersions({ file }: Snapshot): Diagnostic[] {
  const versions = file.facts.sdkCalls.filter((call) => call.entry.name === "ocuroot");
  return versions.flatMap((call, index) => checkVersion(file, call, versions[index - 1]));
}

/** Rules of the SDK that concern single calls: place, names, `done` and `next`. */
export function checkSdkRules(view: FileView, part: StatementPart): Diagnostic[] {
  return [
    ...part.sdkCalls.flatMap((call) => [
      ...checkPlace(view, call),
      ...checkEmptyInput(call),
      ...checkEnvironmentName(view, call),
      ...checkTags(view, call),
      ...checkUnusedResult(view, call),
    ]),
    ...checkMembers(view, part),
  ];
}

function checkVersion(view: FileView, call: PlacedCall, earlier: PlacedCall | undefined): Diagnostic[] {
  const callee = spanOf(call.node.callee);
  if (call.owner !== undefined || call.isConditional || call.isRepeated) {
    return [makeProblem("sdk/version-place", callee, "`ocuroot(...)` belongs at the top level of the file.")];
  }
  if (earlier !== undefined) {
    const related = [{ span: spanOf(earlier.node), message: "the version is chosen here" }];
    return [
      makeProblem("sdk/version-place", callee, "The version is already chosen: call `ocuroot(...)` once.", { related }),
    ];
  }
  const [argument] = call.node.arguments;
  if (argument === undefined) return []; // Reported as a missing argument.
  const value = unwrap(argument.value);
  if (value.kind !== "StringLiteral" || argument.star !== "") {
    const message = 'The version must be written as a string literal, such as `ocuroot("0.3.0")`.';
    return value.kind === "IntLiteral" || value.kind === "FloatLiteral"
      ? []
      : [makeProblem("sdk/version-place", spanOf(argument), message)];
  }
  const text = textOfLiteral(view.source, value);
  const resolved = resolveSdkVersion(text);
  if (resolved.ok) return [];
  const span = { start: positionOf(value, value.contentStart), end: positionOf(value, value.contentEnd) };
  const message = `There is no SDK version ${JSON.stringify(text)}. Known: ${listNames(knownSdkVersions)}.`;
  return [makeProblem("sdk/unknown-version", span, message, { fixes: [replaceFix(newestSdkVersion, span)] })];
}

function checkPlace(view: FileView, call: PlacedCall): Diagnostic[] {
  const { place, name } = call.entry;
  const span = spanOf(call.node.callee);
  if (place === "repository" && view.role === "package") {
    return [
      makeProblem("sdk/wrong-place", span, `\`${name}\` configures the repository: it belongs in \`repo.ocu.star\`.`),
    ];
  }
  if (place === "package" && view.role === "repository" && call.owner === undefined) {
    return [makeProblem("sdk/wrong-place", span, `\`${name}\` belongs in a package file, not in \`repo.ocu.star\`.`)];
  }
  return [];
}

function checkEmptyInput(call: PlacedCall): Diagnostic[] {
  if (call.entry.name !== "input" || call.hasSpread || call.unknown.length > 0) return [];
  if (call.bound.has("ref") || call.bound.has("default")) return [];
  return [makeProblem("sdk/empty-input", spanOf(call.node), "`input()` needs `ref`, `default` or both.")];
}

function checkEnvironmentName(view: FileView, call: PlacedCall): Diagnostic[] {
  if (call.entry.name !== "environment") return [];
  const argument = argumentOf(call, "name");
  const text = constantText(view, argument);
  if (argument === undefined || text === undefined || /^[A-Za-z0-9._-]+$/.test(text)) return [];
  const message = `\`${text}\` cannot be an environment's name: use letters, digits, \`.\`, \`_\` and \`-\`.`;
  return [makeProblem("sdk/environment-name", spanOf(argument), message, { fixes: spelledFix(argument, text, "-") })];
}

function checkTags(view: FileView, call: PlacedCall): Diagnostic[] {
  const tags = call.entry.name === "done" ? argumentOf(call, "tags") : undefined;
  const list = tags === undefined ? undefined : unwrap(tags);
  if (list?.kind !== "ListExpression" && list?.kind !== "TupleExpression") return [];
  return list.elements.flatMap((element) => {
    const literal = literalOf(view, element);
    if (literal === undefined) return [];
    const text = textOfLiteral(literal.view.source, literal.node);
    const problem = tagProblem(text);
    return problem === undefined
      ? []
      : [makeProblem("sdk/bad-tag", spanOf(element), problem, { fixes: spelledFix(element, tagOf(text), "-", text) })];
  });
}

/** A number of its own would be that of a release: versions are mostly written with a `v`. */
function tagOf(text: string): string {
  return text.replace(/^r?(?=\d+$)/, "v");
}

function tagProblem(text: string): string | undefined {
  if (!/^[A-Za-z0-9._-]+$/.test(text)) {
    return `${JSON.stringify(text)} cannot be a tag: use letters, digits, \`.\`, \`_\` and \`-\`.`;
  }
  if (/^\d+$/.test(text) || /^r\d+$/.test(text))
    return `\`${text}\` cannot be a tag: it looks like the number of a release.`;
  return undefined;
}

/** `done(...)` as a statement of its own does nothing. */
function checkUnusedResult(view: FileView, call: PlacedCall): Diagnostic[] {
  if (!call.isStatement || (call.entry.name !== "done" && call.entry.name !== "next")) return [];
  const line = view.source.lineText(view.source.lineAt(spanOf(call.node).start)).trimStart();
  const start = spanOf(call.node).start;
  const canReturn = call.owner?.kind === "DefStatement" && line.startsWith(call.entry.name);
  const fixes = canReturn
    ? [{ title: "Insert `return`", edits: [{ span: { start, end: start }, text: "return " }] }]
    : [];
  const where =
    call.owner === undefined
      ? "It belongs in a work function, after `return`."
      : `Write \`return ${call.entry.name}(...)\`.`;
  const message = `The result of \`${call.entry.name}(...)\` is thrown away. ${where}`;
  return [makeProblem("sdk/unused-result", spanOf(call.node.callee), message, { fixes })];
}

/** Unknown members of `host`, `http`, `store` and `json`. */
function checkMembers(view: FileView, { attributes }: StatementPart): Diagnostic[] {
  return attributes.flatMap(({ object, name }) => {
    if (object.kind !== "Identifier" || name.name === "") return [];
    const entry = view.sdk.entries.get(object.name);
    if (entry?.kind !== "namespace" || view.resolution.bindingOf(object)?.scope !== "predeclared") return [];
    const members = view.sdk.members(entry.name).map((each) => each.name.slice(entry.name.length + 1));
    if (members.includes(name.name)) return [];
    const span = spanOf(name);
    const { text, fixes } = suggestName(name.name, members, span);
    return [makeProblem("sdk/unknown-member", span, `\`${entry.name}\` has no \`${name.name}\`.${text}`, { fixes })];
  });
}
