import type { DefStatement, Diagnostic, LambdaExpression, TextFix } from "@ocuroot/starlark";
import { addArgument, addEntry, addParameter } from "../../analysis/edits.ts";
import { type Caller, dialectOf, findCallers, findInputReads, isOnlyWork } from "../../analysis/functions.ts";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { contentSpan, spanOf } from "../../analysis/tree.ts";
import type { FunctionUse, NextDeclaration, WorkDeclaration } from "../../analysis/work.ts";
import { listNames, makeProblem, suggestName } from "./report.ts";

/** Inputs against the functions that receive them, in the parameter dialect (spec 1.4, 6.4.1). */
export function checkInputParameters(view: FileView, work: WorkDeclaration | NextDeclaration): Diagnostic[] {
  return work.functions.flatMap((use) => checkParameters(view, work, use));
}

/** The same in the ctx dialect. */
export function checkInputReads({ file }: Snapshot): Diagnostic[] {
  return file.facts.functions.flatMap((node) => (dialectOf(node) === "ctx" ? checkReads(file, node) : []));
}

/** Parameter dialect: each input is a parameter, and each parameter without a default is an input. */
function checkParameters(view: FileView, work: WorkDeclaration | NextDeclaration, use: FunctionUse): Diagnostic[] {
  if (use.target === undefined || dialectOf(use.target.node) === "ctx" || work.call.unknown.length > 0) return [];
  const { node } = use.target;
  const name = node.kind === "DefStatement" ? node.name.name : "this function";
  const isDeploy = "kind" in work && work.kind === "deploy";
  const named = node.parameters.filter((each) => each.star === "" && each.name !== undefined);
  const takesAll = node.parameters.some((each) => each.star === "**");
  // What `next` continues may belong to a deploy, which adds `environment`.
  const mayHaveEnvironment = isDeploy || !("kind" in work);
  const problems: Diagnostic[] = [];
  const known = new Set(named.map((each) => each.name?.name ?? ""));
  /** Parameters that an input with a misspelled name was meant for. */
  const meant = new Set<string>();
  if (!takesAll) {
    for (const input of work.inputs.entries.values()) {
      if (known.has(input.name) || input.entry.view !== view) continue;
      const span = spanOf(input.entry.key);
      const inside = input.entry.key.kind === "StringLiteral" ? contentSpan(input.entry.key) : span;
      const { text, fixes } = suggestName(
        input.name,
        [...known].filter((each) => !work.inputs.entries.has(each)),
        inside,
      );
      for (const each of fixes) for (const edit of each.edits) meant.add(edit.text);
      const message = `\`${name}\` has no parameter \`${input.name}\` for this input.${text}`;
      problems.push(
        makeProblem("sdk/unknown-parameter", span, message, {
          fixes: [...fixes, ...parameterFixes(view, use, input.name)],
        }),
      );
    }
    if (isDeploy && !known.has("environment")) {
      const message = `\`${name}\` has no parameter \`environment\`, which every deploy passes.`;
      const fixes = parameterFixes(view, use, "environment");
      problems.push(makeProblem("sdk/unknown-parameter", spanOf(use.expression), message, { fixes }));
    }
  }
  if (work.inputs.isOpen) return problems;
  for (const parameter of named) {
    const wanted = parameter.name?.name ?? "";
    if (parameter.default !== undefined || work.inputs.entries.has(wanted) || meant.has(wanted)) continue;
    if (mayHaveEnvironment && wanted === "environment") continue;
    const message = `\`${name}\` needs the input \`${wanted}\`, which is not passed here.`;
    const fixes = inputFixes(view, work, wanted);
    problems.push(makeProblem("sdk/missing-input", spanOf(use.expression), message, { fixes }));
  }
  return problems;
}

/** Ctx dialect: each `ctx.inputs.NAME` must be passed by some caller. */
function checkReads(view: FileView, node: DefStatement): Diagnostic[] {
  const { reads, guarded } = findInputReads(view, node);
  if (reads.length === 0 || !isOnlyWork(view, node)) return [];
  const callers = findCallers(view, node);
  if (callers.length === 0 || callers.some((each) => each.inputs.isOpen)) return [];
  const passed = new Set(callers.flatMap((each) => [...each.inputs.entries.keys()]));
  if (callers.some((each) => each.kind !== "task")) passed.add("environment");
  return reads.flatMap((read) => {
    const { name } = read.name;
    if (name === "" || passed.has(name) || guarded.has(name)) return [];
    const span = spanOf(read.name);
    const { text, fixes } = suggestName(name, passed, span);
    const has = passed.size === 0 ? "It gets none." : `It gets ${listNames([...passed])}.`;
    const message = `\`ctx.inputs.${name}\`: \`${node.name.name}\` gets no input \`${name}\`.${text === "" ? ` ${has}` : text}`;
    return [
      makeProblem("sdk/unknown-input", span, message, {
        fixes: [...fixes, ...callers.flatMap((each) => callerFixes(view, each, name))],
      }),
    ];
  });
}

function callerFixes(view: FileView, caller: Caller, name: string): TextFix[] {
  return caller.view === view ? inputFixes(view, caller, name) : [];
}

function inputFixes(view: FileView, work: Pick<Caller, "call" | "inputs">, name: string): TextFix[] {
  const { literal } = work.inputs;
  const entry = `"${name}": input(ref="./")`;
  if (literal !== undefined && literal.view === view) {
    return [{ title: `Add the input \`${name}\``, edits: [addEntry(view, literal.node, entry)] }];
  }
  if (work.call.bound.has("inputs")) return [];
  return [{ title: `Add the input \`${name}\``, edits: [addArgument(view, work.call.node, `inputs={${entry}}`)] }];
}

function parameterFixes(view: FileView, use: FunctionUse, name: string): TextFix[] {
  const target = use.target;
  const node: DefStatement | LambdaExpression | undefined = target?.node;
  if (target?.view !== view || node?.kind !== "DefStatement") return [];
  const edit = addParameter(view, node, name);
  return edit === undefined ? [] : [{ title: `Add the parameter \`${name}\` to \`${node.name.name}\``, edits: [edit] }];
}
