import type { RefSegment, SdkFunction, SdkNamespace, SdkParameter } from "@ocuroot/engine";
import type {
  Binding,
  DefStatement,
  Expression,
  Identifier,
  LambdaExpression,
  LoadStatement,
  LoadSymbol,
  PlacedNode,
  Span,
  StringLiteral,
} from "@ocuroot/starlark";
import { argumentOf, dottedSdkName, findParameter } from "./calls.ts";
import type { KnownEntry } from "./dicts.ts";
import { readDict } from "./dicts.ts";
import { dialectOf } from "./functions.ts";
import { findRefAt, type RefString } from "./refStrings.ts";
import { findShellVariable } from "./shellVariables.ts";
import type { FileView, Snapshot } from "./snapshot.ts";
import { contentSpan, findPath, spanOf } from "./tree.ts";
import { definitionOf, findField, literalOf, type PlacedField, resolveFunction } from "./values.ts";
import type { InputDeclaration, NextDeclaration, WorkDeclaration } from "./work.ts";

/** What stands at a place in a file; `span` is the text that names it. */
export type CodeSymbol =
  | { readonly kind: "binding"; readonly span: Span; readonly view: FileView; readonly binding: Binding }
  | { readonly kind: "sdk"; readonly span: Span; readonly entry: SdkFunction | SdkNamespace }
  | {
      readonly kind: "sdkParameter";
      readonly span: Span;
      readonly entry: SdkFunction;
      readonly parameter: SdkParameter;
    }
  | { readonly kind: "ref"; readonly span: Span; readonly ref: RefString; readonly segment: RefSegment | undefined }
  | {
      readonly kind: "inputRead";
      readonly span: Span;
      readonly name: string;
      readonly fn: DefStatement | LambdaExpression;
    }
  | {
      readonly kind: "input";
      readonly span: Span;
      readonly work: WorkDeclaration | NextDeclaration;
      readonly input: InputDeclaration;
    }
  | { readonly kind: "workName"; readonly span: Span; readonly work: WorkDeclaration }
  | { readonly kind: "output"; readonly span: Span; readonly name: string; readonly entry: KnownEntry }
  /** `$NAME` in shell text, and what `env=` gives for it. */
  | { readonly kind: "shellVariable"; readonly span: Span; readonly name: string; readonly entry: KnownEntry }
  /** `object.name` of a struct that is known. */
  | { readonly kind: "field"; readonly span: Span; readonly field: PlacedField }
  | { readonly kind: "loadPath"; readonly span: Span; readonly text: string }
  | { readonly kind: "loadSymbol"; readonly span: Span; readonly node: LoadSymbol; readonly statement: LoadStatement }
  | { readonly kind: "parameter"; readonly span: Span; readonly view: FileView; readonly binding: Binding };

/** Finds what stands at an offset. */
export function findSymbol(snapshot: Snapshot, offset: number): CodeSymbol | undefined {
  const view = snapshot.file;
  const path = findPath(view.module, offset);
  const node = path.at(-1);
  if (node?.kind === "StringLiteral") return findInString(view, node, path, offset);
  if (node?.kind === "Identifier") return findIdentifier(view, node, path);
  return undefined;
}

function findInString(
  view: FileView,
  node: StringLiteral,
  path: readonly PlacedNode[],
  offset: number,
): CodeSymbol | undefined {
  const span = contentSpan(node);
  const parent = path.at(-2);
  if (parent?.kind === "LoadStatement" && parent.module === node)
    return { kind: "loadPath", span, text: view.source.text.slice(span.start, span.end) };
  if (parent?.kind === "LoadSymbol") {
    const statement = path.findLast((each): each is LoadStatement => each.kind === "LoadStatement");
    return statement && { kind: "loadSymbol", span, node: parent, statement };
  }
  const ref = findRefAt(view, offset);
  if (ref !== undefined) {
    const index = ref.indexOf(offset);
    const segment = ref.parsed.segments.findLast((each) => each.start <= index && index <= each.end);
    return { kind: "ref", span: segment === undefined ? span : ref.spanOf(segment.start, segment.end), ref, segment };
  }
  const variable = findShellVariable(view, offset);
  if (variable?.entry !== undefined) {
    const { name, entry } = variable;
    return { kind: "shellVariable", span: variable.span, name, entry };
  }
  return findNamed(view, node, span);
}

/** A string that names work, an input or an output. */
function findNamed(view: FileView, node: StringLiteral, span: Span): CodeSymbol | undefined {
  const { declarations, nexts } = view.facts.work;
  for (const work of declarations) {
    if (work.kind === "task" && literalOf(view, work.nameNode)?.node === node) return { kind: "workName", span, work };
  }
  for (const work of [...declarations, ...nexts]) {
    for (const input of work.inputs.entries.values()) {
      if (input.entry.key === node) return { kind: "input", span, work, input };
    }
  }
  for (const call of view.facts.sdkCalls) {
    if (call.entry.name !== "done") continue;
    for (const [name, entry] of readDict(view, argumentOf(call, "outputs")).entries) {
      if (entry.key === node) return { kind: "output", span, name, entry };
    }
  }
  return undefined;
}

function findIdentifier(view: FileView, node: Identifier, path: readonly PlacedNode[]): CodeSymbol | undefined {
  const span = spanOf(node);
  const parent = path.at(-2);
  if (parent?.kind === "Argument" && parent.name === node) return findArgumentName(view, node, path);
  if (parent?.kind === "DotExpression" && parent.name === node) {
    const entry = view.sdk.entries.get(dottedSdkName(view.resolution, parent) ?? "");
    if (entry !== undefined) return { kind: "sdk", span, entry };
    const read = findInputRead(view, node, parent.object, path);
    const field = read === undefined ? findField(view, parent) : undefined;
    return field === undefined ? read : { kind: "field", span, field };
  }
  if (parent?.kind === "LoadSymbol") {
    const statement = path.findLast((each): each is LoadStatement => each.kind === "LoadStatement");
    return statement && { kind: "loadSymbol", span, node: parent, statement };
  }
  const binding = view.resolution.bindingOf(node);
  if (binding === undefined) return undefined;
  const entry =
    binding.scope === "predeclared" || binding.scope === "universal" ? view.sdk.entries.get(node.name) : undefined;
  return entry !== undefined ? { kind: "sdk", span, entry } : { kind: "binding", span, view, binding };
}

function findArgumentName(view: FileView, node: Identifier, path: readonly PlacedNode[]): CodeSymbol | undefined {
  const span = spanOf(node);
  const call = path.at(-3);
  if (call?.kind !== "CallExpression") return undefined;
  const sdk = view.facts.callOf(call);
  if (sdk !== undefined) {
    const parameter = findParameter(sdk.entry, node.name);
    return parameter && { kind: "sdkParameter", span, entry: sdk.entry, parameter };
  }
  const target = resolveFunction(view, call.callee);
  const name = target?.node.parameters.find((each) => each.name?.name === node.name)?.name;
  const binding = name && target?.view.resolution.bindingOf(name);
  return target && binding && { kind: "parameter", span, view: target.view, binding };
}

function findInputRead(
  view: FileView,
  node: Identifier,
  object: Expression,
  path: readonly PlacedNode[],
): CodeSymbol | undefined {
  if (object.kind !== "DotExpression" || object.name.name !== "inputs" || object.object.kind !== "Identifier")
    return undefined;
  const binding = view.resolution.bindingOf(object.object);
  const fn = path.findLast(
    (each): each is DefStatement | LambdaExpression =>
      (each.kind === "DefStatement" || each.kind === "LambdaExpression") &&
      dialectOf(each) === "ctx" &&
      each.parameters[0]?.name !== undefined &&
      view.resolution.bindingOf(each.parameters[0].name) === binding,
  );
  return fn && { kind: "inputRead", span: spanOf(node), name: node.name, fn };
}

/** A variable followed through loads to the file that defines it. */
export function followLoads(view: FileView, binding: Binding): { readonly view: FileView; readonly binding: Binding } {
  if (binding.role !== "load") return { view, binding };
  const definition = definitionOf(view, binding);
  if (definition === undefined || definition.view === view) return { view, binding };
  const name = nameOfDefinition(definition);
  const found = name === undefined ? undefined : definition.view.resolution.bindingOf(name);
  return found === undefined ? { view, binding } : { view: definition.view, binding: found };
}

function nameOfDefinition(definition: NonNullable<ReturnType<typeof definitionOf>>): Identifier | undefined {
  if (definition.kind === "function") return definition.node.name;
  const statement = definition.view.module.statements.find(
    (each) => each.kind === "AssignStatement" && each.value === definition.node,
  );
  return statement?.kind === "AssignStatement" && statement.target.kind === "Identifier" ? statement.target : undefined;
}
