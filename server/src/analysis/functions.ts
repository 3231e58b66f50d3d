import type {
  CallExpression,
  DefStatement,
  Expression,
  Identifier,
  LambdaExpression,
  StringLiteral,
} from "@ocuroot/starlark";
import { argumentOf } from "./calls.ts";
import { type KnownDict, readDict } from "./dicts.ts";
import type { PlacedCall } from "./facts.ts";
import { findLoads, resolveLoad } from "./loads.ts";
import { mayLoad } from "./mentions.ts";
import { returnedValues } from "./order.ts";
import type { FileView } from "./snapshot.ts";
import { contains, spanOf, walk } from "./tree.ts";
import { type PlacedFunction, resolveFunction, unwrap } from "./values.ts";
import type { KnownInputs, NextDeclaration, WorkDeclaration } from "./work.ts";

/** How a function receives its inputs (spec 1.4): through one parameter `ctx`, or each as a parameter. */
export function dialectOf(node: DefStatement | LambdaExpression): "ctx" | "parameters" {
  const [first, another] = node.parameters;
  return first?.name?.name === "ctx" && first.star === "" && another === undefined ? "ctx" : "parameters";
}

/** A `ctx.inputs.NAME` in a function. */
export interface InputRead {
  readonly name: Identifier;
  readonly node: Expression;
}

/** What a function in the ctx dialect does with its inputs. */
export interface InputReads {
  readonly reads: readonly InputRead[];
  /** Names that `hasattr(ctx.inputs, "x")` or `getattr(ctx.inputs, "x", default)` asks for first. */
  readonly guarded: ReadonlySet<string>;
  /** The names in such calls. */
  readonly asked: readonly StringLiteral[];
}

/** Finds `ctx.inputs.NAME` in a function, those in nested functions that see the same `ctx` included. */
export function findInputReads(view: FileView, node: DefStatement | LambdaExpression): InputReads {
  const reads: InputRead[] = [];
  const asked: StringLiteral[] = [];
  const parameter = node.parameters[0]?.name;
  const binding = parameter && view.resolution.bindingOf(parameter);
  if (binding === undefined) return { reads, guarded: new Set(), asked };
  const isInputs = (each: Expression): boolean =>
    each.kind === "DotExpression" &&
    each.name.name === "inputs" &&
    each.object.kind === "Identifier" &&
    view.resolution.bindingOf(each.object) === binding;
  walk(node, (each) => {
    if (each.kind === "DotExpression" && isInputs(each.object)) {
      reads.push({ name: each.name, node: each });
    } else if (each.kind === "CallExpression" && each.callee.kind === "Identifier") {
      const [object, name] = each.arguments;
      const isGuard = each.callee.name === "hasattr" || each.callee.name === "getattr";
      if (isGuard && object && isInputs(object.value) && name?.value.kind === "StringLiteral") asked.push(name.value);
    }
  });
  return { reads, guarded: new Set(asked.map((each) => each.value)), asked };
}

/** Something that hands inputs to a function: a piece of work, or a `next`. */
export interface Caller {
  readonly view: FileView;
  readonly call: PlacedCall;
  readonly inputs: KnownInputs;
  /** Deployments also give `environment`. */
  readonly kind: "task" | "deploy" | "next";
}

/** All that is known to call a function as work, in its file and in those that load it. */
export function findCallers(view: FileView, node: DefStatement | LambdaExpression): readonly Caller[] {
  const callers: Caller[] = [];
  for (const file of filesThatMayUse(view)) {
    const { declarations, nexts } = file.facts.work;
    for (const each of [...declarations, ...nexts] as readonly (WorkDeclaration | NextDeclaration)[]) {
      if (!each.functions.some((use) => use.target?.node === node)) continue;
      const kind = "kind" in each ? each.kind : "next";
      callers.push({ view: file, call: each.call, inputs: each.inputs, kind });
    }
  }
  return callers;
}

/** A file and the files of its repository that load it. */
export function filesThatMayUse(view: FileView): FileView[] {
  const { repository, path } = view;
  if (repository === undefined || path === undefined) return [view];
  const files = [view];
  for (const each of repository.paths()) {
    if (!each.endsWith(".star") || each === path) continue;
    const file = repository.file(each);
    if (file === undefined || !mayLoad(file.source.text, path)) continue;
    const loads = findLoads(file).some((text) => {
      const target = resolveLoad(file, text);
      return target.kind === "file" && target.path === path;
    });
    if (loads) files.push(file);
  }
  return files;
}

/** Whether every use of a function is as work (or it has none but its definition), so that its callers are all known. */
export function isOnlyWork(view: FileView, node: DefStatement): boolean {
  const binding = view.resolution.bindingOf(node.name);
  if (binding === undefined || binding.definitions.length !== 1) return false;
  const workUses = new Set<Expression>();
  for (const each of [...view.facts.work.declarations, ...view.facts.work.nexts]) {
    for (const use of each.functions) workUses.add(use.expression);
  }
  return binding.uses.every((use) => workUses.has(use));
}

/** What a work function can end with. */
export interface Outcomes {
  readonly outputs: KnownDict;
  /** `done(...)` calls that give outputs, in this function or those it goes on to. */
  readonly dones: readonly { readonly view: FileView; readonly call: PlacedCall }[];
}

/** The outputs that a function can reach: its `done(outputs=…)`, those of helpers it returns from, and of `next`. */
export function findOutcomes(fn: PlacedFunction): Outcomes {
  const finder = new OutcomeFinder();
  finder.visitFunction(fn);
  return finder.finish();
}

class OutcomeFinder {
  readonly #dones: { readonly view: FileView; readonly call: PlacedCall }[] = [];
  readonly #seen = new Set<PlacedFunction["node"]>();
  /** It may end with something that the text does not tell. */
  #isOpen = false;

  visitFunction(target: PlacedFunction | undefined): void {
    if (target === undefined) {
      this.#isOpen = true;
      return;
    }
    if (this.#seen.has(target.node)) return;
    this.#seen.add(target.node);
    const values = target.node.kind === "LambdaExpression" ? [target.node.body] : returnedValues(target.node);
    for (const value of values) this.#visitValue(target.view, value);
  }

  finish(): Outcomes {
    let outputs: KnownDict = { entries: new Map(), isOpen: this.#isOpen, literal: undefined };
    for (const { view, call } of this.#dones) {
      const dict = readDict(view, argumentOf(call, "outputs"));
      outputs = {
        entries: new Map([...outputs.entries, ...dict.entries]),
        isOpen: outputs.isOpen || dict.isOpen,
        literal: outputs.literal ?? dict.literal,
      };
    }
    return { outputs, dones: this.#dones };
  }

  #visitValue(view: FileView, expression: Expression): void {
    const node = unwrap(expression);
    if (node.kind === "ConditionalExpression") {
      this.#visitValue(view, node.thenValue);
      this.#visitValue(view, node.elseValue);
    } else if (node.kind === "CallExpression") {
      this.#visitCall(view, node);
    } else if (node.kind !== "Identifier" || node.name !== "None") {
      this.#isOpen = true;
    }
  }

  #visitCall(view: FileView, node: CallExpression): void {
    const call = view.facts.callOf(node);
    if (call?.entry.name === "done") {
      this.#dones.push({ view, call });
      if (call.hasSpread) this.#isOpen = true;
    } else if (call?.entry.name === "next") {
      const target = argumentOf(call, "fn");
      this.visitFunction(target === undefined ? undefined : resolveFunction(view, target));
    } else if (call !== undefined) {
      this.#isOpen = true;
    } else if (node.callee.kind !== "Identifier" || node.callee.name !== "fail") {
      // `fail` ends the run; anything else ends as the function that is called does.
      this.visitFunction(resolveFunction(view, node.callee));
    }
  }
}

/** The innermost function whose span holds an offset. */
export function findFunctionAt(view: FileView, offset: number): DefStatement | undefined {
  return view.facts.functions.findLast((each) => contains(spanOf(each), offset));
}
