import type { CallExpression, Comprehension, DefStatement, Expression, Statement } from "@ocuroot/starlark";
import { own } from "../own.ts";
import { returnedValues } from "./order.ts";
import { findRegistered } from "./refTarget.ts";
import type { FileView, Snapshot } from "./snapshot.ts";
import { textOfLiteral } from "./strings.ts";
import { constantText, resolveFunction, resolveValue, unwrap } from "./values.ts";

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
  const lists = new ListReader(() => knownEnvironments(snapshot));
  return lists.filter({ view: snapshot.file, given: new Map() }, node)?.map((each) => each.name);
}

/** A place in a file; inside of a function with what its parameters were given. */
interface Place {
  readonly view: FileView;
  readonly given: ReadonlyMap<string, Value>;
}

/** Helpers may call helpers, but not without end. */
const maxDepth = 6;

/** Reads lists of environments: `environments()`, filters over it, sums, and functions that return one of them. */
class ListReader {
  #depth = 0;

  constructor(private readonly known: () => readonly Environment[] | undefined) {}

  /** What a comprehension iterates over, without what its conditions refuse. */
  filter(place: Place, node: Comprehension): readonly Environment[] | undefined {
    const [first, ...others] = node.clauses;
    if (first?.kind !== "ForClause" || first.target.kind !== "Identifier") return undefined;
    const all = this.#read(place, first.iterable);
    if (all === undefined) return undefined;
    const kept: Environment[] = [];
    for (const environment of all) {
      const scope: Scope = { ...place, variable: first.target.name, environment };
      let isKept = true;
      for (const clause of others) {
        // Another loop multiplies them.
        if (clause.kind === "ForClause") return undefined;
        const value = evaluate(scope, clause.test);
        if (value === undefined) return undefined;
        isKept &&= truth(value);
      }
      if (isKept) kept.push(environment);
    }
    return kept;
  }

  #read(place: Place, expression: Expression): readonly Environment[] | undefined {
    if (this.#depth >= maxDepth) return undefined;
    this.#depth++;
    try {
      const { view, node } = resolveValue(place.view, expression);
      const here: Place = view === place.view ? place : { view, given: new Map() };
      if (node.kind === "CallExpression") return this.#readCall(here, node);
      if (node.kind === "Comprehension") return isItself(node) ? this.filter(here, node) : undefined;
      if (node.kind !== "BinaryExpression" || node.operator !== "+") return undefined;
      const left = this.#read(here, node.left);
      const right = left && this.#read(here, node.right);
      return left && right && [...left, ...right];
    } finally {
      this.#depth--;
    }
  }

  #readCall(place: Place, node: CallExpression): readonly Environment[] | undefined {
    const name = place.view.facts.callOf(node)?.entry.name;
    if (name === "environments") return this.known();
    const target = name === undefined ? resolveFunction(place.view, node.callee) : undefined;
    if (target?.node.kind !== "DefStatement") return undefined;
    const [value, another] = returnedValues(target.node);
    const isWhole = target.node.body.every((each) => each.kind === "ReturnStatement" || isText(each));
    if (value === undefined || another !== undefined || !isWhole) return undefined;
    return this.#read({ view: target.view, given: givenTo(place, node, target.node) }, value);
  }
}

/** `[e for e in …]`: what it yields is what it iterates over. */
function isItself({ body, clauses: [first] }: Comprehension): boolean {
  if (body.kind !== "Identifier" || first?.kind !== "ForClause") return false;
  return first.target.kind === "Identifier" && first.target.name === body.name;
}

function isText(statement: Statement): boolean {
  return statement.kind === "ExpressionStatement" && statement.expression.kind === "StringLiteral";
}

/** What a call gives to parameters, as far as it is constant. */
function givenTo(place: Place, call: CallExpression, fn: DefStatement): Map<string, Value> {
  const given = new Map<string, Value>();
  const scope: Scope = { ...place, variable: "", environment: { name: "", attributes: {} } };
  for (const [index, parameter] of fn.parameters.entries()) {
    const name = parameter.name?.name;
    if (name === undefined || parameter.star !== "") continue;
    const named = call.arguments.find((each) => each.name?.name === name);
    const placed = call.arguments.slice(0, index + 1).every((each) => each.name === undefined && each.star === "");
    const value = named?.value ?? (placed ? call.arguments[index]?.value : undefined) ?? parameter.default;
    const constant = value && evaluate(scope, value);
    if (constant !== undefined) given.set(name, constant);
  }
  return given;
}

function knownEnvironments({ file, state }: Snapshot): readonly Environment[] | undefined {
  if (state.environments !== undefined && state.environments.length > 0) return state.environments;
  const registered = findRegistered(file.repository, file);
  const known: Environment[] = [];
  for (const { view, name, attributes } of registered) {
    if (name === undefined || attributes?.isOpen === true) return undefined;
    const values = new Map<string, string>();
    for (const [key, entry] of attributes?.entries ?? []) {
      const text = constantText(view, entry.value);
      if (text === undefined) return undefined;
      values.set(key, text);
    }
    known.push({ name, attributes: Object.fromEntries(values) });
  }
  return known.length === 0 ? undefined : known;
}

interface Scope extends Place {
  /** The loop's name for an environment. */
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
      return node.name === "None" ? null : (scope.given.get(node.name) ?? constantText(scope.view, node));
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
  return own(environment.attributes, key);
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
