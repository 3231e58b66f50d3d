import type { CallExpression, DefStatement, Expression, PlacedNode, Statement } from "@ocuroot/starlark";
import { argumentOf } from "./calls.ts";
import type { PlacedCall } from "./facts.ts";
import type { FileView } from "./snapshot.ts";
import { getChildren } from "./tree.ts";
import { definitionOf, unwrap } from "./values.ts";

/**
 * The places among the phases at which each work call stands, as far as the text tells: a `phase(...)` and a piece of
 * work outside of phases each take the next place. Work whose value goes where we cannot follow has none.
 */
export function findOrders(
  view: FileView,
  calls: readonly PlacedCall[],
): ReadonlyMap<CallExpression, readonly number[]> {
  const orders = new Map<CallExpression, number[]>();
  const add = (call: CallExpression, place: number): void => {
    const known = orders.get(call);
    if (known === undefined) orders.set(call, [place]);
    else known.push(place);
  };
  const top = calls.filter((call) => call.owner === undefined);
  const inPhases = new Set<CallExpression>();
  for (const call of top) {
    if (call.entry.name !== "phase") continue;
    new MemberFinder(view, (member) => inPhases.add(member)).visit(argumentOf(call, "tasks"));
  }
  let place = 0;
  for (const call of top) {
    if (call.entry.name === "phase") {
      const here = place++;
      new MemberFinder(view, (member) => add(member, here)).visit(argumentOf(call, "tasks"));
    } else if (isWork(call) && !inPhases.has(call.node) && isStandalone(view, call)) {
      add(call.node, place++);
    }
  }
  return orders;
}

/** Finds the work calls whose values an expression yields. */
class MemberFinder {
  readonly #seen = new Set<PlacedNode>();

  constructor(
    private readonly view: FileView,
    private readonly found: (call: CallExpression) => void,
  ) {}

  visit(expression: Expression | undefined): void {
    if (expression === undefined) return;
    const node = unwrap(expression);
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    switch (node.kind) {
      case "ListExpression":
      case "TupleExpression":
        for (const element of node.elements) this.visit(element);
        return;
      case "Comprehension":
        if (node.body.kind !== "DictEntry") this.visit(node.body);
        return;
      case "BinaryExpression":
        this.visit(node.left);
        this.visit(node.right);
        return;
      case "ConditionalExpression":
        this.visit(node.thenValue);
        this.visit(node.elseValue);
        return;
      case "Identifier":
        this.#visitVariable(node);
        return;
      case "CallExpression":
        this.#visitCall(node);
        return;
      default:
    }
  }

  #visitVariable(node: Expression & { kind: "Identifier" }): void {
    const binding = this.view.resolution.bindingOf(node);
    const definition = binding === undefined ? undefined : definitionOf(this.view, binding);
    if (definition?.kind === "value" && definition.view === this.view) this.visit(definition.node);
  }

  #visitCall(node: CallExpression): void {
    const call = this.view.facts.callOf(node);
    if (call !== undefined) {
      if (isWork(call)) this.found(node);
      return;
    }
    if (node.callee.kind === "Identifier") {
      const binding = this.view.resolution.bindingOf(node.callee);
      const definition = binding === undefined ? undefined : definitionOf(this.view, binding);
      if (definition?.kind === "function" && definition.view === this.view) {
        for (const value of returnedValues(definition.node)) this.visit(value);
        return;
      }
    }
    for (const argument of node.arguments) this.visit(argument.value);
  }
}

/** The expressions that a function returns (those of nested functions left out). */
export function returnedValues(node: DefStatement): Expression[] {
  const values: Expression[] = [];
  const visit = (statement: Statement): void => {
    if (statement.kind === "ReturnStatement" && statement.value !== undefined) values.push(statement.value);
    if (statement.kind === "IfStatement")
      for (const each of [...statement.body, ...(statement.orElse ?? [])]) visit(each);
    if (statement.kind === "ForStatement" || statement.kind === "WhileStatement") statement.body.forEach(visit);
  };
  node.body.forEach(visit);
  return values;
}

/** Whether a top-level work call's value is thrown away, or kept in a variable that nothing reads. */
function isStandalone(view: FileView, { statement, node: call }: PlacedCall): boolean {
  if (statement.kind === "ExpressionStatement") return isDiscarded(statement.expression, call);
  if (statement.kind !== "AssignStatement" || statement.target.kind !== "Identifier") return false;
  const binding = view.resolution.bindingOf(statement.target);
  return unwrap(statement.value) === call && binding !== undefined && binding.uses.length === 0;
}

const transparentKinds = new Set([
  "ListExpression",
  "TupleExpression",
  "ParenExpression",
  "Comprehension",
  "ConditionalExpression",
]);

function isDiscarded(node: PlacedNode, call: CallExpression): boolean {
  if (node === call) return true;
  return transparentKinds.has(node.kind) && getChildren(node).some((child) => isDiscarded(child, call));
}

function isWork(call: PlacedCall): boolean {
  return call.entry.name === "task" || call.entry.name === "call" || call.entry.name === "deploy";
}
