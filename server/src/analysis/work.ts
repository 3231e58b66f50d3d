import type { CallExpression, Expression } from "@ocuroot/starlark";
import { argumentOf } from "./calls.ts";
import { type KnownDict, type KnownEntry, readDict } from "./dicts.ts";
import type { PlacedCall } from "./facts.ts";
import { findOrders } from "./order.ts";
import type { FileView } from "./snapshot.ts";
import { constantText, type PlacedFunction, resolveFunction, resolveValue } from "./values.ts";

/** An input as declared in `inputs={…}`. */
export interface InputDeclaration {
  readonly name: string;
  readonly entry: KnownEntry;
  /** The `input(...)` or `ref(...)` call, when it is one. */
  readonly source: PlacedCall | undefined;
  readonly hasDefault: boolean;
}

export interface KnownInputs {
  readonly entries: ReadonlyMap<string, InputDeclaration>;
  readonly isOpen: boolean;
  readonly literal: KnownDict["literal"];
}

/** A function given to `task`, `deploy` or `next`. */
export interface FunctionUse {
  readonly role: "fn" | "up" | "down";
  readonly expression: Expression;
  readonly target: PlacedFunction | undefined;
}

/** A `task`, `call` or `deploy` as written. One in a loop or helper stands for any number of pieces of work. */
export interface WorkDeclaration {
  readonly kind: "task" | "deploy";
  readonly view: FileView;
  readonly call: PlacedCall;
  /** Call or environment name; undefined when the text does not say. */
  readonly name: string | undefined;
  readonly nameNode: Expression | undefined;
  readonly functions: readonly FunctionUse[];
  readonly inputs: KnownInputs;
  /** Places among the phases, from 0; empty when the text does not say. */
  readonly orders: readonly number[];
}

/** A `next(fn, inputs)`. */
export interface NextDeclaration {
  readonly view: FileView;
  readonly call: PlacedCall;
  readonly functions: readonly FunctionUse[];
  readonly inputs: KnownInputs;
}

export interface WorkFacts {
  readonly declarations: readonly WorkDeclaration[];
  readonly nexts: readonly NextDeclaration[];
  /** `phase(...)` calls in file order. */
  readonly phases: readonly PlacedCall[];
}

const workNames = new Set(["task", "call", "deploy"]);

function isWorkCall(call: PlacedCall): boolean {
  return workNames.has(call.entry.name);
}

/** The work that a file's text declares. */
export function findWork(view: FileView, calls: readonly PlacedCall[]): WorkFacts {
  const orders = findOrders(view, calls);
  const declarations = calls.filter(isWorkCall).map((call): WorkDeclaration => {
    const kind = call.entry.name === "deploy" ? "deploy" : "task";
    const nameNode = argumentOf(call, kind === "deploy" ? "environment" : "name");
    return {
      kind,
      view,
      call,
      name: kind === "deploy" ? environmentName(view, nameNode) : constantText(view, nameNode),
      nameNode,
      functions: functionsOf(view, call, kind === "deploy" ? ["up", "down"] : ["fn"]),
      inputs: readInputs(view, argumentOf(call, "inputs"), call.hasSpread),
      orders: orders.get(call.node) ?? [],
    };
  });
  const nexts = calls
    .filter((call) => call.entry.name === "next")
    .map(
      (call): NextDeclaration => ({
        view,
        call,
        functions: functionsOf(view, call, ["fn"]),
        inputs: readInputs(view, argumentOf(call, "inputs"), call.hasSpread),
      }),
    );
  return { declarations, nexts, phases: calls.filter((call) => call.entry.name === "phase") };
}

/** The name of an environment that is made in place: `environment("staging")`, directly or through a variable. */
export function environmentName(view: FileView, node: Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  const value = resolveValue(view, node);
  if (value.node.kind !== "CallExpression") return undefined;
  const call = value.view.facts.callOf(value.node);
  return call?.entry.name === "environment" ? constantText(value.view, argumentOf(call, "name")) : undefined;
}

/** Reads an `inputs` argument. */
export function readInputs(view: FileView, node: Expression | undefined, hasSpread: boolean): KnownInputs {
  const dict = readDict(view, node);
  const entries = new Map<string, InputDeclaration>();
  for (const [name, entry] of dict.entries) {
    const source = inputCallOf(entry.view, entry.value);
    const hasDefault = source?.entry.name === "input" && source.bound.has("default");
    entries.set(name, { name, entry, source, hasDefault });
  }
  return { entries, isOpen: dict.isOpen || (node === undefined && hasSpread), literal: dict.literal };
}

function inputCallOf(view: FileView, node: Expression): PlacedCall | undefined {
  const value = resolveValue(view, node);
  if (value.node.kind !== "CallExpression") return undefined;
  const call = value.view.facts.callOf(value.node as CallExpression);
  return call?.entry.name === "input" || call?.entry.name === "ref" ? call : undefined;
}

function functionsOf(view: FileView, call: PlacedCall, roles: readonly FunctionUse["role"][]): FunctionUse[] {
  return roles.flatMap((role) => {
    const expression = argumentOf(call, role);
    return expression === undefined ? [] : [{ role, expression, target: resolveFunction(view, expression) }];
  });
}
