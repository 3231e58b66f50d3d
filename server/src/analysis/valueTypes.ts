import type { DefStatement, LambdaExpression } from "@ocuroot/starlark";
import type { FileView } from "./snapshot.ts";

/** What is known of a value's type: enough to complete its attributes and keys. */
export type ValueType =
  | { readonly kind: "string" | "bytes" | "int" | "float" | "bool" | "environment" | "attributes" }
  /** What a work function gets as `ctx`, and its `inputs`. */
  | { readonly kind: "ctx" | "inputs"; readonly fn: DefStatement | LambdaExpression; readonly view: FileView }
  | { readonly kind: "list"; readonly element: ValueType | undefined }
  | { readonly kind: "tuple"; readonly elements: readonly (ValueType | undefined)[] }
  /** `keys` are those that are known, with a word on each; `value` is the type of all others. */
  | {
      readonly kind: "dict";
      readonly keys: ReadonlyMap<string, string>;
      readonly value?: ValueType | undefined;
      readonly typeOfKey?: (key: string) => ValueType | undefined;
    }
  | { readonly kind: "struct"; readonly fields: ReadonlyMap<string, StructField> };

export interface StructField {
  readonly type: string;
  readonly doc: string;
  readonly value?: () => ValueType | undefined;
}

type Plain = Extract<ValueType, { kind: "string" | "bytes" | "int" | "float" | "bool" | "environment" | "attributes" }>;

export function plain(kind: Plain["kind"]): Plain {
  return { kind };
}

export function listOf(element: ValueType | undefined): ValueType {
  return { kind: "list", element };
}

export function tupleOf(...elements: readonly (ValueType | undefined)[]): ValueType {
  return { kind: "tuple", elements };
}

export function dictOf(value: ValueType | undefined): ValueType {
  return { kind: "dict", keys: new Map(), value };
}

/** The dict that a deploy's function receives as `environment` in the parameter dialect. */
export const environmentDict: ValueType = {
  kind: "dict",
  keys: new Map([
    ["name", "the environment's name"],
    ["attributes", "its attributes, a dict of strings"],
  ]),
  typeOfKey: (key) => plain(key === "attributes" ? "attributes" : "string"),
};

/** The type that the catalog's documentation names. */
export function namedType(
  name: string,
  fields: readonly { readonly name: string; readonly type: string; readonly doc: string }[],
): ValueType | undefined {
  if (name === "environment" || name === "string" || name === "int" || name === "bool") return plain(name);
  if (name === "list of environments") return listOf(plain("environment"));
  if (name.startsWith("list")) return listOf(name.includes("string") ? plain("string") : undefined);
  if (name.startsWith("dict")) {
    if (/lists? of strings/.test(name) || name === "dict of lists") return dictOf(listOf(plain("string")));
    return dictOf(name === "dict of strings" ? plain("string") : undefined);
  }
  if (fields.length === 0) return undefined;
  const known = fields.map((each) => [each.name, { ...each, value: () => namedType(each.type, []) }] as const);
  return { kind: "struct", fields: new Map(known) };
}

/** What iterating over a value yields. */
export function elementOf(type: ValueType | undefined): ValueType | undefined {
  switch (type?.kind) {
    case "list":
      return type.element;
    case "tuple":
      return type.elements[0];
    case "dict":
    case "attributes":
      return plain("string");
    default:
      return undefined;
  }
}

/** What stands at an index. */
export function itemAt(type: ValueType | undefined, index: number): ValueType | undefined {
  if (type?.kind !== "tuple") return type?.kind === "list" ? type.element : undefined;
  return type.elements[index < 0 ? type.elements.length + index : index];
}

/** What a dict has at a key, or at one that is not known. */
export function valueAt(type: ValueType | undefined, key: string | undefined): ValueType | undefined {
  switch (type?.kind) {
    case "attributes":
      return plain("string");
    case "environment":
      return key === "attributes" ? plain("attributes") : plain("string");
    case "dict":
      return (key === undefined ? undefined : type.typeOfKey?.(key)) ?? type.value;
    default:
      return undefined;
  }
}

const textMethods = new Set(
  "capitalize format join lower lstrip replace rstrip strip title upper removeprefix removesuffix".split(" "),
);
const textLists = new Set("split rsplit splitlines elems codepoints".split(" "));
const counts = new Set("count find index rfind rindex".split(" "));
const tests = /^(?:is|startswith$|endswith$)/;

/** What a method returns. `key` is its first argument when that is a constant, `fallback` the type of its second one. */
export function methodResult(
  object: ValueType | undefined,
  name: string,
  key: string | undefined,
  fallback: ValueType | undefined,
): ValueType | undefined {
  // Nothing else has methods of these names.
  if (object === undefined || object.kind === "string") {
    if (textMethods.has(name)) return plain("string");
    if (textLists.has(name)) return listOf(plain("string"));
    if (object === undefined) return undefined;
    if (counts.has(name)) return plain("int");
    if (tests.test(name)) return plain("bool");
    return name === "partition" || name === "rpartition"
      ? tupleOf(plain("string"), plain("string"), plain("string"))
      : undefined;
  }
  if (object.kind === "list") return name === "pop" ? object.element : name === "index" ? plain("int") : undefined;
  if (object.kind !== "dict" && object.kind !== "attributes") return undefined;
  const value = valueAt(object, undefined) ?? firstValue(object);
  switch (name) {
    case "get":
    case "pop":
    case "setdefault":
      return valueAt(object, key) ?? fallback;
    case "keys":
      return listOf(plain("string"));
    case "values":
      return listOf(value);
    case "items":
      return listOf(tupleOf(plain("string"), value));
    case "popitem":
      return tupleOf(plain("string"), value);
    default:
      return undefined;
  }
}

function firstValue(type: ValueType): ValueType | undefined {
  if (type.kind !== "dict") return undefined;
  for (const key of type.keys.keys()) {
    const found = type.typeOfKey?.(key);
    if (found !== undefined) return found;
  }
  return undefined;
}
