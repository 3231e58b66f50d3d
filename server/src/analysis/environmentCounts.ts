import type { Comprehension, Expression } from "@ocuroot/starlark";
import type { FileView, Snapshot } from "../snapshot.ts";
import { findRegistered } from "./refTarget.ts";
import { textOfLiteral } from "./strings.ts";
import { constantText, resolveValue, unwrap } from "./values.ts";

/** An environment as far as a filter can ask about it. */
interface Environment {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The environments that a comprehension over `environments()` yields: those in state, or while there are none those that
 * the repository's files register. Undefined when the text does not tell.
 */
export function findYielded(snapshot: Snapshot, node: Comprehension): readonly string[] | undefined {
  const [first, ...others] = node.clauses;
  if (first?.kind !== "ForClause" || first.target.kind !== "Identifier") return undefined;
  if (!isEnvironments(snapshot.file, first.iterable)) return undefined;
  const known = knownEnvironments(snapshot);
  if (known === undefined) return undefined;
  const names: string[] = [];
  for (const environment of known) {
    const scope: Scope = { view: snapshot.file, variable: first.target.name, environment };
    let isYielded = true;
    for (const clause of others) {
      // Another loop multiplies them.
      if (clause.kind === "ForClause") return undefined;
      const value = evaluate(scope, clause.test);
      if (value === undefined) return undefined;
      isYielded &&= truth(value);
    }
    if (isYielded) names.push(environment.name);
  }
  return names;
}

function isEnvironments(view: FileView, node: Expression): boolean {
  const value = resolveValue(view, node);
  if (value.node.kind !== "CallExpression") return false;
  return value.view.facts.callOf(value.node)?.entry.name === "environments";
}

function knownEnvironments({ file, state }: Snapshot): readonly Environment[] | undefined {
  if (state.environments !== undefined && state.environments.length > 0) return state.environments;
  const registered = findRegistered(file.repository, file);
  const known: Environment[] = [];
  for (const { view, name, attributes } of registered) {
    if (name === undefined || attributes?.isOpen === true) return undefined;
    const values: Record<string, string> = {};
    for (const [key, entry] of attributes?.entries ?? []) {
      const text = constantText(view, entry.value);
      if (text === undefined) return undefined;
      values[key] = text;
    }
    known.push({ name, attributes: values });
  }
  return known.length === 0 ? undefined : known;
}

interface Scope {
  readonly view: FileView;
  readonly variable: string;
  readonly environment: Environment;
}

type Value = string | boolean | null | readonly Value[];

/** The value of a filter's expression for one environment; undefined when it asks for something else. */
function evaluate(scope: Scope, expression: Expression): Value | undefined {
  const node = unwrap(expression);
  switch (node.kind) {
    case "StringLiteral":
      return textOfLiteral(scope.view.source, node);
    case "Identifier":
      if (node.name === "True" || node.name === "False") return node.name === "True";
      return node.name === "None" ? null : constantText(scope.view, node);
    case "ListExpression":
    case "TupleExpression": {
      const values = node.elements.map((each) => evaluate(scope, each));
      return values.every((each) => each !== undefined) ? values : undefined;
    }
    case "DotExpression":
      return isVariable(scope, node.object) && node.name.name === "name" ? scope.environment.name : undefined;
    case "IndexExpression": {
      const key = constantText(scope.view, node.index);
      if (!isAttributes(scope, node.object) || key === undefined) return undefined;
      return attribute(scope, key);
    }
    case "CallExpression": {
      const [key, otherwise] = node.arguments;
      const { callee } = node;
      if (callee.kind !== "DotExpression" || callee.name.name !== "get" || key === undefined) return undefined;
      const name = isAttributes(scope, callee.object) ? constantText(scope.view, key.value) : undefined;
      if (name === undefined) return undefined;
      return attribute(scope, name) ?? (otherwise === undefined ? null : evaluate(scope, otherwise.value));
    }
    case "UnaryExpression": {
      const operand = node.operator === "not" ? evaluate(scope, node.operand) : undefined;
      return operand === undefined ? undefined : !truth(operand);
    }
    case "BinaryExpression":
      return evaluateBinary(scope, node.operator, node.left, node.right);
    default:
      return undefined;
  }
}

function evaluateBinary(scope: Scope, operator: string, left: Expression, right: Expression): Value | undefined {
  const a = evaluate(scope, left);
  if (a === undefined) return undefined;
  if (operator === "and" && !truth(a)) return a;
  if (operator === "or" && truth(a)) return a;
  // `"key" in e.attributes`
  if ((operator === "in" || operator === "not in") && isAttributes(scope, right)) {
    if (typeof a !== "string") return undefined;
    return (attribute(scope, a) !== undefined) === (operator === "in");
  }
  const b = evaluate(scope, right);
  if (b === undefined) return undefined;
  switch (operator) {
    case "and":
    case "or":
      return b;
    case "==":
    case "!=":
      return (JSON.stringify(a) === JSON.stringify(b)) === (operator === "==");
    case "in":
    case "not in": {
      if (typeof b === "boolean" || b === null || (typeof b === "string" && typeof a !== "string")) return undefined;
      const isIn =
        typeof b === "string" ? b.includes(String(a)) : b.some((each) => JSON.stringify(each) === JSON.stringify(a));
      return isIn === (operator === "in");
    }
    default:
      return undefined;
  }
}

function attribute({ environment }: Scope, key: string): string | undefined {
  return Object.hasOwn(environment.attributes, key) ? environment.attributes[key] : undefined;
}

function isVariable({ variable }: Scope, node: Expression): boolean {
  return node.kind === "Identifier" && node.name === variable;
}

function isAttributes(scope: Scope, node: Expression): boolean {
  const bare = unwrap(node);
  return bare.kind === "DotExpression" && bare.name.name === "attributes" && isVariable(scope, bare.object);
}

function truth(value: Value): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
