import type {
  Binding,
  CallExpression,
  DefStatement,
  Expression,
  Identifier,
  LambdaExpression,
  Parameter,
  PlacedNode,
} from "@ocuroot/starlark";
import { findContextCallers } from "./contextHelpers.ts";
import { dialectOf, filesThatMayUse, findCallers } from "./functions.ts";
import { findProducers, findRefTarget, unionOutputs } from "./refTarget.ts";
import type { FileView, Snapshot } from "./snapshot.ts";
import { unknownState } from "./stateView.ts";
import { findPath, spanOf } from "./tree.ts";
import { resolveFunction, unwrap } from "./values.ts";
import { elementOf, environmentDict, itemAt, plain, type ValueType, valueAt } from "./valueTypes.ts";
import type { InputDeclaration } from "./work.ts";

/** What types are read with. */
interface Reader {
  read(view: FileView, expression: Expression): ValueType | undefined;
}

/** A variable's type: of the first of its values that tells. */
export function typeOfVariable(reader: Reader, view: FileView, binding: Binding): ValueType | undefined {
  for (const definition of binding.definitions) {
    const path = findPath(view.module, spanOf(definition).start);
    const holder = path.findLast(
      (each) => each.kind === "AssignStatement" || each.kind === "ForClause" || each.kind === "ForStatement",
    );
    const type = holder && typeOfDefinition(reader, view, definition, holder);
    if (type !== undefined) return type;
  }
  return undefined;
}

function typeOfDefinition(
  reader: Reader,
  view: FileView,
  definition: Identifier,
  holder: PlacedNode,
): ValueType | undefined {
  if (holder.kind === "AssignStatement") {
    return holder.operator === "=" ? partOf(holder.target, definition, reader.read(view, holder.value)) : undefined;
  }
  if (holder.kind !== "ForClause" && holder.kind !== "ForStatement") return undefined;
  return partOf(holder.target, definition, elementOf(reader.read(view, holder.iterable)));
}

/** The part of a value that a name in a target gets: `a, (b, c) = value`. */
function partOf(target: Expression, name: Identifier, type: ValueType | undefined): ValueType | undefined {
  const node = unwrap(target);
  if (node === name) return type;
  if (node.kind !== "TupleExpression" && node.kind !== "ListExpression") return undefined;
  for (const [index, each] of node.elements.entries()) {
    const { start, end } = spanOf(each);
    const at = spanOf(name).start;
    if (start <= at && at < end) return partOf(each, name, itemAt(type, index));
  }
  return undefined;
}

/** A parameter's type: `ctx`, what work passes to it, its default, or what calls of its function give. */
export function typeOfParameter(reader: Reader, view: FileView, binding: Binding): ValueType | undefined {
  const owner = binding.owner?.node;
  const parameter = owner?.parameters.find((each) => each.name?.name === binding.name);
  if (owner === undefined || parameter === undefined) return undefined;
  if (binding.name === "ctx" && dialectOf(owner) === "ctx") return { kind: "ctx", fn: owner, view };
  if (parameter.star === "*") return { kind: "tuple", elements: typesOfRest(reader, view, owner, parameter) };
  if (parameter.star === "**") return typeOfOptions(reader, view, owner);
  return (
    typeOfPassed(reader, view, owner, binding) ??
    (parameter.default && reader.read(view, parameter.default)) ??
    typeOfArgument(reader, view, owner, parameter) ??
    (owner.kind === "LambdaExpression" ? typeOfKeyFunction(reader, view, owner) : undefined) ??
    // A work function is mostly written before what deploys it.
    (binding.name === "environment" ? environmentDict : undefined)
  );
}

/** What pieces of work pass, or what the SDK calls that it is handed on to take. */
function typeOfPassed(
  reader: Reader,
  view: FileView,
  owner: DefStatement | LambdaExpression,
  binding: Binding,
): ValueType | undefined {
  const callers = findCallers(view, owner);
  if (binding.name === "environment" && callers.some((each) => each.kind !== "task")) return environmentDict;
  const passed = typeOfInputs(
    reader,
    callers.flatMap((each) => each.inputs.entries.get(binding.name) ?? []),
  );
  if (passed !== undefined) return passed;
  const isEnvironment = view.facts.sdkCalls.some((call) =>
    call.entry.parameters.some((each) => {
      const value = each.type === "environment" ? call.bound.get(each.name)?.value : undefined;
      return value?.kind === "Identifier" && view.resolution.bindingOf(value) === binding;
    }),
  );
  return isEnvironment ? plain("environment") : undefined;
}

/** The type of an input that a work function reads. */
export function typeOfInput(
  reader: Reader,
  { view, fn }: { readonly view: FileView; readonly fn: DefStatement | LambdaExpression },
  name: string,
): ValueType | undefined {
  return typeOfInputs(
    reader,
    findContextCallers(view, fn).flatMap((each) => each.inputs.entries.get(name) ?? []),
  );
}

function typeOfInputs(reader: Reader, inputs: readonly InputDeclaration[]): ValueType | undefined {
  for (const each of inputs) {
    const type = typeOfDeclared(reader, each);
    if (type !== undefined) return type;
  }
  return undefined;
}

/** A constant's type; of a ref that of the output it means, else of its default. */
function typeOfDeclared(reader: Reader, { entry, source }: InputDeclaration): ValueType | undefined {
  const { view, value } = entry;
  if (source === undefined) return reader.read(view, value);
  const fallback = source.bound.get("default")?.value;
  const ref = view.facts.refs.find((each) => each.call === source);
  const snapshot: Snapshot = {
    file: view,
    state: unknownState,
    repositories: view.repository === undefined ? [] : [view.repository],
  };
  const target = ref && findRefTarget(snapshot, ref);
  const { kind, name, fragment } = ref?.parsed.ref ?? {};
  let type: ValueType | undefined;
  if (target?.file !== undefined && (kind === "task" || kind === "deploy") && name?.[0] !== undefined) {
    const outputs = unionOutputs(findProducers(target.file, kind, name[0]));
    const [field, key, ...deeper] = fragment ?? [];
    const output = field === "output" && key !== undefined ? outputs.entries.get(key) : undefined;
    type = output && reader.read(output.view, output.value);
    for (const each of deeper) type = valueAt(type, each);
  }
  return type ?? (fallback && reader.read(view, fallback));
}

/** What calls of a function give for a parameter, in its file and those that load it. */
function typeOfArgument(
  reader: Reader,
  view: FileView,
  owner: DefStatement | LambdaExpression,
  parameter: Parameter,
): ValueType | undefined {
  const index = owner.parameters.indexOf(parameter);
  for (const { file, node } of callsOf(view, owner)) {
    const named = node.arguments.find((each) => each.name?.name === parameter.name?.name);
    const placed = node.arguments[index];
    const argument = named ?? (placed?.name === undefined && placed?.star === "" ? placed : undefined);
    const type = argument && reader.read(file, argument.value);
    if (type !== undefined) return type;
  }
  return undefined;
}

/** What `*args` holds, by the first call that gives some. */
function typesOfRest(
  reader: Reader,
  view: FileView,
  owner: DefStatement | LambdaExpression,
  parameter: Parameter,
): (ValueType | undefined)[] {
  const index = owner.parameters.indexOf(parameter);
  for (const { file, node } of callsOf(view, owner)) {
    const rest = node.arguments.slice(index).filter((each) => each.name === undefined && each.star === "");
    if (rest.length > 0) return rest.map((each) => reader.read(file, each.value));
  }
  return [];
}

/** What `**options` holds: all that calls name beside the function's parameters. */
function typeOfOptions(reader: Reader, view: FileView, owner: DefStatement | LambdaExpression): ValueType {
  const own = new Set(owner.parameters.map((each) => (each.star === "" ? each.name?.name : undefined)));
  const keys = new Map<string, string>();
  const types = new Map<string, () => ValueType | undefined>();
  for (const { file, node } of callsOf(view, owner)) {
    for (const { name, value } of node.arguments) {
      if (name === undefined || own.has(name.name) || keys.has(name.name)) continue;
      const { start, end } = spanOf(value);
      keys.set(name.name, file.source.text.slice(start, end).replace(/\s+/g, " ").slice(0, 60));
      types.set(name.name, () => reader.read(file, value));
    }
  }
  return { kind: "dict", keys, typeOfKey: (key) => types.get(key)?.() };
}

/** Calls of a function, in its file and those that load it. */
function* callsOf(
  view: FileView,
  owner: DefStatement | LambdaExpression,
): Iterable<{ readonly file: FileView; readonly node: CallExpression }> {
  for (const file of owner.kind === "DefStatement" ? filesThatMayUse(view) : [view]) {
    for (const { node } of file.facts.otherCalls) {
      if (mayCall(node, owner) && resolveFunction(file, node.callee)?.node === owner) yield { file, node };
    }
  }
}

/** A cheap first look. */
function mayCall({ callee }: CallExpression, owner: DefStatement | LambdaExpression): boolean {
  return callee.kind === "Identifier" && (owner.kind === "LambdaExpression" || callee.name !== "");
}

/** `sorted(values, key=lambda e: …)`: an element. */
function typeOfKeyFunction(reader: Reader, view: FileView, owner: LambdaExpression): ValueType | undefined {
  const path = findPath(view.module, spanOf(owner).start);
  const at = path.lastIndexOf(owner);
  const [argument, call] = [path[at - 1], path[at - 2]];
  if (argument?.kind !== "Argument" || argument.name?.name !== "key" || call?.kind !== "CallExpression")
    return undefined;
  const [values] = call.arguments;
  return values && elementOf(reader.read(view, values.value));
}
