import type { Diagnostic } from "@ocuroot/starlark";
import type { FileView, Snapshot } from "../../analysis/snapshot.ts";
import { spanOf } from "../../analysis/tree.ts";
import type { FunctionUse, NextDeclaration, WorkDeclaration } from "../../analysis/work.ts";
import { makeProblem, removeFix, spelledFix } from "./report.ts";

/** Rules about the work of a file: unique names and environments, no environments beside work. */
export function checkWorkRules({ file }: Snapshot): Diagnostic[] {
  return [...checkDuplicates(file.facts.work.declarations), ...checkEnvironmentsAndWork(file)];
}

function checkDuplicates(declarations: readonly WorkDeclaration[]): Diagnostic[] {
  const first = new Map<string, WorkDeclaration>();
  return declarations.flatMap((each) => {
    // In a branch or helper it may never run, or run elsewhere: evaluation finds those.
    if (each.name === undefined || each.call.isConditional || each.call.owner !== undefined) return [];
    const key = `${each.kind}/${each.name}`;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, each);
      return [];
    }
    const related = [{ span: spanOf(earlier.nameNode ?? earlier.call.node), message: "used here first" }];
    const span = spanOf(each.nameNode ?? each.call.node);
    return each.kind === "task"
      ? [makeProblem("sdk/work-twice", span, `There is already a task \`${each.name}\` in this file.`, { related })]
      : [makeProblem("sdk/environment-twice", span, `This file already deploys to \`${each.name}\`.`, { related })];
  });
}

/** `up` and `down` are functions of the file's top level. */
export function checkTopLevel(view: FileView, work: WorkDeclaration | NextDeclaration): Diagnostic[] {
  const isDeploy = "kind" in work && work.kind === "deploy";
  return isDeploy ? work.functions.flatMap((use) => checkFunction(view, use)) : [];
}

function checkFunction(view: FileView, use: FunctionUse): Diagnostic[] {
  if (use.target === undefined) return [];
  const { node, view: home } = use.target;
  const span = spanOf(use.expression);
  if (node.kind === "LambdaExpression") {
    const message = `\`${use.role}\` cannot be a lambda: define a function at the top level of the file.`;
    return [makeProblem("sdk/not-top-level", span, message)];
  }
  if ((home.module.statements as readonly unknown[]).includes(node)) return [];
  const related = home === view ? [{ span: spanOf(node.name), message: "defined inside another function" }] : [];
  const message = `\`${use.role}\` must be defined at the top level of a file; \`${node.name.name}\` is inside a function.`;
  return [makeProblem("sdk/not-top-level", span, message, { related })];
}

function checkEnvironmentsAndWork(view: FileView): Diagnostic[] {
  const register = view.facts.sdkCalls.find((each) => each.entry.name === "register_environment");
  const work = view.facts.work.declarations[0];
  if (register === undefined || work === undefined) return [];
  const related = [{ span: spanOf(register.node), message: "environments are registered here" }];
  const message =
    "A file either registers environments or declares work, never both. Move one of them to a file of its own.";
  return [makeProblem("sdk/environments-and-work", spanOf(work.call.node.callee), message, { related })];
}

const inputName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names of inputs that can be parameters, and are not given anyway. */
export function checkInputNames(view: FileView, work: WorkDeclaration | NextDeclaration): Diagnostic[] {
  return [...work.inputs.entries.values()].flatMap((input) => {
    if (input.entry.view !== view) return [];
    const span = spanOf(input.entry.key);
    if (!inputName.test(input.name)) {
      const message = `${JSON.stringify(input.name)} cannot be an input's name: use letters, digits and \`_\`, not starting with a digit.`;
      const fixes = spelledFix(input.entry.key, input.name.replace(/^(?=\d)/, "_"), "_", input.name);
      return [makeProblem("sdk/input-name", span, message, { fixes })];
    }
    if (input.name === "environment" && "kind" in work && work.kind === "deploy") {
      const message = "A deploy gets `environment` by itself; it cannot be given as an input.";
      const { literal } = work.inputs;
      const entry = literal?.node.entries.find((each) => each.key === input.entry.key);
      const fixes = literal === undefined || entry === undefined ? [] : removeFix(literal.node.entries, entry);
      return [makeProblem("sdk/environment-input", span, message, { fixes })];
    }
    return [];
  });
}
