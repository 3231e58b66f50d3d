import type {
  AssignStatement,
  Binding,
  DefStatement,
  DotExpression,
  Expression,
  Identifier,
  LambdaExpression,
  LoadSymbol,
  PlacedNode,
  StringLiteral,
} from "@ocuroot/starlark";
import { resolveLoad } from "./loads.ts";
import type { FileView } from "./snapshot.ts";
import { textOfLiteral } from "./strings.ts";
import { findPath } from "./tree.ts";

/** An expression and the file it is in. */
export interface PlacedExpression {
  readonly view: FileView;
  readonly node: Expression;
}

/** A function and the file that defines it. */
export interface PlacedFunction {
  readonly view: FileView;
  readonly node: DefStatement | LambdaExpression;
}

/** How deep constants are followed through variables and modules. */
const maxDepth = 8;

/** Without its parentheses. */
export function unwrap(node: Expression): Expression {
  return node.kind === "ParenExpression" ? unwrap(node.expression) : node;
}

/** The function that an expression names: a `def` of this or a loaded file, a lambda, or a variable that is one of them. */
export function resolveFunction(view: FileView, node: Expression, depth = 0): PlacedFunction | undefined {
  const bare = unwrap(node);
  if (bare.kind === "LambdaExpression") return { view, node: bare };
  if (depth > maxDepth) return undefined;
  if (bare.kind === "DotExpression") {
    const field = findField(view, bare, depth + 1);
    return field && resolveFunction(field.view, field.value, depth + 1);
  }
  if (bare.kind !== "Identifier") return undefined;
  const binding = view.resolution.bindingOf(bare);
  if (binding === undefined) return undefined;
  const definition = definitionOf(view, binding);
  if (definition?.kind === "function") return { view: definition.view, node: definition.node };
  if (definition?.kind === "value") return resolveFunction(definition.view, definition.node, depth + 1);
  return undefined;
}

/** A field of a struct where it is given: `name=value`. */
export interface PlacedField {
  readonly view: FileView;
  readonly key: Identifier;
  readonly value: Expression;
}

/** The field that `object.name` reads when the object is a `struct(name=…)` of this or a loaded file: they never change. */
export function findField(view: FileView, { object, name }: DotExpression, depth = 0): PlacedField | undefined {
  const { view: at, node } = resolveValue(view, object, depth + 1);
  if (node.kind !== "CallExpression" || node.callee.kind !== "Identifier" || node.callee.name !== "struct")
    return undefined;
  if (at.resolution.bindingOf(node.callee)?.scope !== "predeclared") return undefined;
  const argument = node.arguments.find((each) => each.name?.name === name.name);
  return argument?.name === undefined ? undefined : { view: at, key: argument.name, value: argument.value };
}

/** The expression that a variable stands for, through variables that are assigned once, loads and fields of structs. */
export function resolveValue(view: FileView, node: Expression, depth = 0): PlacedExpression {
  const bare = unwrap(node);
  if (bare.kind === "DotExpression" && depth <= maxDepth) {
    const field = findField(view, bare, depth + 1);
    return field === undefined ? { view, node: bare } : resolveValue(field.view, field.value, depth + 1);
  }
  if (bare.kind !== "Identifier" || depth > maxDepth) return { view, node: bare };
  const binding = view.resolution.bindingOf(bare);
  const definition = binding === undefined ? undefined : definitionOf(view, binding);
  if (definition?.kind !== "value") return { view, node: bare };
  return resolveValue(definition.view, definition.node, depth + 1);
}

/** The text of a constant string: a literal, a variable that holds one, or a sum of them. */
export function constantText(view: FileView, node: Expression | undefined, depth = 0): string | undefined {
  if (node === undefined || depth > maxDepth) return undefined;
  const { view: at, node: value } = resolveValue(view, node);
  if (value.kind === "StringLiteral") return textOfLiteral(at.source, value);
  if (value.kind !== "BinaryExpression" || value.operator !== "+") return undefined;
  const left = constantText(at, value.left, depth + 1);
  const right = constantText(at, value.right, depth + 1);
  return left === undefined || right === undefined ? undefined : left + right;
}

/** The literal that an expression is, directly or through a variable. */
export function literalOf(
  view: FileView,
  node: Expression | undefined,
): { view: FileView; node: StringLiteral } | undefined {
  if (node === undefined) return undefined;
  const value = resolveValue(view, node);
  return value.node.kind === "StringLiteral" ? { view: value.view, node: value.node } : undefined;
}

type Definition =
  | { readonly kind: "function"; readonly view: FileView; readonly node: DefStatement }
  | { readonly kind: "value"; readonly view: FileView; readonly node: Expression };

/** What a name that is bound once is bound to, in this file or the one it is loaded from. */
export function definitionOf(view: FileView, binding: Binding, depth = 0): Definition | undefined {
  const [identifier, another] = binding.definitions;
  if (identifier === undefined || another !== undefined || depth > maxDepth) return undefined;
  const isHolder = (each: PlacedNode): each is DefStatement | AssignStatement | LoadSymbol =>
    (each.kind === "DefStatement" && each.name === identifier) ||
    (each.kind === "AssignStatement" && each.target === identifier && each.operator === "=") ||
    (each.kind === "LoadSymbol" && each.local === identifier);
  // Most names that are asked for are those of statements of the file.
  const statement = view.facts.statementAt(identifier.chunk);
  const path =
    statement !== undefined && isHolder(statement)
      ? [statement]
      : findPath(view.module, identifier.chunk.offset + identifier.start);
  const holder = path.findLast(isHolder);
  if (holder === undefined) return undefined;
  if (holder.kind === "DefStatement") return { kind: "function", view, node: holder };
  if (holder.kind === "AssignStatement") return { kind: "value", view, node: holder.value };
  const loadStatement = path.find((each) => each.kind === "LoadStatement");
  if (loadStatement?.module === undefined) return undefined;
  const target = resolveLoad(view, textOfLiteral(view.source, loadStatement.module));
  if (target.kind !== "file") return undefined;
  const remote = target.view.resolution.globals.get(textOfLiteral(view.source, holder.remote));
  return remote === undefined ? undefined : definitionOf(target.view, remote, depth + 1);
}
