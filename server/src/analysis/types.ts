import type { Binding, CallExpression, Expression, Identifier, PlacedNode } from "@ocuroot/starlark";
import type { FileView, Snapshot } from "../snapshot.ts";
import { dialectOf, findCallers } from "./functions.ts";
import { findRegistered } from "./refTarget.ts";
import { findPath, spanOf } from "./tree.ts";
import { unwrap } from "./values.ts";

/** What is known of a value's type: enough to complete its attributes and keys. */
export type ValueType =
  | { readonly kind: "string" | "bytes" | "int" | "float" | "bool" | "environment" | "ctx" | "inputs" | "attributes" }
  | { readonly kind: "list"; readonly element: ValueType | undefined }
  /** `keys` are those that are known, with a word on each. */
  | {
      readonly kind: "dict";
      readonly keys: ReadonlyMap<string, string>;
      readonly typeOfKey?: (key: string) => ValueType | undefined;
    }
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, { readonly type: string; readonly doc: string }> };

const plain = (kind: "string" | "int" | "bool" | "environment" | "attributes"): ValueType => ({ kind });

/** The dict that a deploy's function receives as `environment` in the parameter dialect. */
const environmentDict: ValueType = {
  kind: "dict",
  keys: new Map([
    ["name", "the environment's name"],
    ["attributes", "its attributes, a dict of strings"],
  ]),
  typeOfKey: (key) => plain(key === "attributes" ? "attributes" : "string"),
};

/** Infers an expression's type from what is written; undefined when that is not enough. */
export function inferType(view: FileView, expression: Expression, depth = 0): ValueType | undefined {
  if (depth > 10) return undefined;
  const node = unwrap(expression);
  switch (node.kind) {
    case "StringLiteral":
      return plain("string");
    case "BytesLiteral":
      return { kind: "bytes" };
    case "ListExpression":
      return { kind: "list", element: node.elements[0] && inferType(view, node.elements[0], depth + 1) };
    case "Comprehension":
      return node.body.kind === "DictEntry"
        ? { kind: "dict", keys: new Map() }
        : { kind: "list", element: inferType(view, node.body, depth + 1) };
    case "DictExpression":
      return { kind: "dict", keys: literalKeys(view, node) };
    case "BinaryExpression":
      return node.operator === "%" || node.operator === "+" ? inferType(view, node.left, depth + 1) : undefined;
    case "ConditionalExpression":
      return inferType(view, node.thenValue, depth + 1) ?? inferType(view, node.elseValue, depth + 1);
    case "CallExpression":
      return inferCall(view, node, depth);
    case "DotExpression":
      return inferAttribute(inferType(view, node.object, depth + 1), node.name.name);
    case "IndexExpression":
      return inferIndex(node.index, inferType(view, node.object, depth + 1));
    case "Identifier":
      return inferVariable(view, node, depth);
    default:
      return undefined;
  }
}

function literalKeys(view: FileView, node: Expression & { kind: "DictExpression" }): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const entry of node.entries) {
    if (entry.key.kind !== "StringLiteral") continue;
    const { start, end } = spanOf(entry.value);
    keys.set(entry.key.value, view.source.text.slice(start, end).replace(/\s+/g, " ").slice(0, 60));
  }
  return keys;
}

function inferCall(view: FileView, node: CallExpression, depth: number): ValueType | undefined {
  const call = view.facts.callOf(node);
  if (call?.entry.name === "struct") {
    const fields = node.arguments.flatMap((each) =>
      each.name === undefined ? [] : [[each.name.name, { type: "", doc: "" }] as const],
    );
    return { kind: "struct", fields: new Map(fields) };
  }
  if (call !== undefined) return namedType(call.entry.returns, call.entry.fields ?? []);
  if (node.callee.kind === "DotExpression") {
    const object = inferType(view, node.callee.object, depth + 1);
    return inferMethod(object, node.callee.name.name);
  }
  if (node.callee.kind !== "Identifier") return undefined;
  const name = node.callee.name;
  const argument = node.arguments[0]?.value;
  if (name === "str" || name === "repr" || name === "type" || name === "chr") return plain("string");
  if (name === "len" || name === "int" || name === "ord") return plain("int");
  if ((name === "sorted" || name === "list" || name === "reversed") && argument !== undefined) {
    const type = inferType(view, argument, depth + 1);
    return type?.kind === "list" ? type : { kind: "list", element: undefined };
  }
  if (name === "dict") {
    return {
      kind: "dict",
      keys: new Map(node.arguments.flatMap((each) => (each.name ? [[each.name.name, ""] as const] : []))),
    };
  }
  return undefined;
}

function namedType(
  name: string,
  fields: readonly { readonly name: string; readonly type: string; readonly doc: string }[],
): ValueType | undefined {
  if (name === "environment") return plain("environment");
  if (name === "list of environments") return { kind: "list", element: plain("environment") };
  if (name === "string" || name === "int" || name === "bool") return plain(name);
  if (name.startsWith("list"))
    return { kind: "list", element: name === "list of strings" ? plain("string") : undefined };
  if (name.startsWith("dict")) return { kind: "dict", keys: new Map() };
  return fields.length > 0 ? { kind: "struct", fields: new Map(fields.map((each) => [each.name, each])) } : undefined;
}

const stringMethods = new Set(
  "capitalize format join lower lstrip replace rstrip strip title upper removeprefix removesuffix".split(" "),
);
const listMethods = new Set("split rsplit splitlines".split(" "));

function inferMethod(object: ValueType | undefined, name: string): ValueType | undefined {
  if (object?.kind === "string" || object === undefined) {
    if (stringMethods.has(name)) return plain("string");
    if (listMethods.has(name)) return { kind: "list", element: plain("string") };
  }
  if (object?.kind === "attributes" && name === "get") return plain("string");
  if (object?.kind === "dict" || object?.kind === "attributes") {
    if (name === "keys") return { kind: "list", element: plain("string") };
    if (name === "items" || name === "values") return { kind: "list", element: undefined };
  }
  return undefined;
}

function inferAttribute(object: ValueType | undefined, name: string): ValueType | undefined {
  switch (object?.kind) {
    case "ctx":
      return name === "inputs" ? { kind: "inputs" } : name === "environment" ? plain("environment") : undefined;
    case "inputs":
      return name === "environment" ? environmentDict : undefined;
    case "environment":
      return name === "attributes" ? plain("attributes") : name === "name" ? plain("string") : undefined;
    case "struct": {
      const field = object.fields.get(name);
      return field && namedType(field.type, []);
    }
    default:
      return undefined;
  }
}

function inferIndex(index: Expression, object: ValueType | undefined): ValueType | undefined {
  if (object?.kind === "list") return object.element;
  if (object?.kind === "attributes") return plain("string");
  const key = index.kind === "StringLiteral" ? index.value : undefined;
  if (object?.kind === "environment") return key === "attributes" ? plain("attributes") : plain("string");
  return object?.kind === "dict" && key !== undefined ? object.typeOfKey?.(key) : undefined;
}

function inferVariable(view: FileView, node: Identifier, depth: number): ValueType | undefined {
  const binding = view.resolution.bindingOf(node);
  const definition = binding?.definitions[0];
  if (binding === undefined || definition === undefined) return undefined;
  if (binding.role === "parameter") return inferParameter(view, binding);
  const path = findPath(view.module, spanOf(definition).start);
  const parent = path[path.lastIndexOf(definition) - 1];
  return parent === undefined ? undefined : inferBound(view, definition, parent, depth);
}

function inferBound(view: FileView, definition: Identifier, parent: PlacedNode, depth: number): ValueType | undefined {
  if (parent.kind === "AssignStatement" && parent.target === definition)
    return inferType(view, parent.value, depth + 1);
  if ((parent.kind === "ForClause" || parent.kind === "ForStatement") && parent.target === definition) {
    const type = inferType(view, parent.iterable, depth + 1);
    return type?.kind === "list" ? type.element : undefined;
  }
  return undefined;
}

/** A parameter's type: `ctx`, the `environment` of a deploy's function, or what it is given to. */
function inferParameter(view: FileView, binding: Binding): ValueType | undefined {
  const owner = binding.owner?.node;
  if (owner === undefined) return undefined;
  if (binding.name === "ctx" && dialectOf(owner) === "ctx") return { kind: "ctx" };
  if (binding.name === "environment" && findCallers(view, owner).some((each) => each.kind !== "task"))
    return environmentDict;
  const isEnvironment = view.facts.sdkCalls.some((call) =>
    call.entry.parameters.some((each) => {
      const value = each.type === "environment" ? call.bound.get(each.name)?.value : undefined;
      return value?.kind === "Identifier" && view.resolution.bindingOf(value) === binding;
    }),
  );
  return isEnvironment ? plain("environment") : undefined;
}

/** Attribute names of environments that are known, with the values they have. */
export function knownAttributes(snapshot: Snapshot): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, Set<string>>();
  const add = (name: string, value: string | undefined): void => {
    const known = values.get(name) ?? new Set();
    if (value !== undefined) known.add(value);
    values.set(name, known);
  };
  for (const environment of snapshot.state.environments ?? []) {
    for (const [name, value] of Object.entries(environment.attributes)) add(name, value);
  }
  for (const { attributes } of findRegistered(snapshot.file.repository, snapshot.file)) {
    for (const [name, entry] of attributes?.entries ?? []) {
      add(name, entry.value.kind === "StringLiteral" ? entry.value.value : undefined);
    }
  }
  return new Map([...values].map(([name, each]) => [name, [...each].sort()]));
}
