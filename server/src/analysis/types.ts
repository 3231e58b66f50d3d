import type { Binding, CallExpression, Expression, Identifier } from "@ocuroot/starlark";
import { typeOfInput, typeOfParameter, typeOfVariable } from "./boundTypes.ts";
import { readDict } from "./dicts.ts";
import { typeOfAdded } from "./growth.ts";
import { returnedValues } from "./order.ts";
import { findRegistered } from "./refTarget.ts";
import type { FileView, Snapshot } from "./snapshot.ts";
import { spanOf } from "./tree.ts";
import { constantText, definitionOf, resolveFunction, unwrap } from "./values.ts";
import {
  dictOf,
  elementOf,
  environmentDict,
  itemAt,
  listOf,
  methodResult,
  namedType,
  plain,
  type StructField,
  tupleOf,
  type ValueType,
  valueAt,
} from "./valueTypes.ts";

export type { ValueType } from "./valueTypes.ts";

/** Infers an expression's type from what is written; undefined when that is not enough. */
export function inferType(view: FileView, expression: Expression): ValueType | undefined {
  return new TypeReader().read(view, expression);
}

/** Elements of a list that are looked at: the first ones may be `None`. */
const maxElements = 4;

/** How deep values are followed, and how many expressions one question may look at. */
const maxDepth = 24;
const maxSteps = 400;

/** Reads types of expressions; one for each question, so that what is defined by itself comes to an end. */
export class TypeReader {
  #depth = 0;
  #steps = 0;
  readonly #active = new Set<object>();

  read(view: FileView, expression: Expression): ValueType | undefined {
    if (this.#depth >= maxDepth || this.#steps >= maxSteps) return undefined;
    this.#depth++;
    this.#steps++;
    try {
      return this.#read(view, unwrap(expression));
    } finally {
      this.#depth--;
    }
  }

  /** Does something unless it is being done already. */
  once<Result>(key: object, work: () => Result): Result | undefined {
    if (this.#active.has(key)) return undefined;
    this.#active.add(key);
    try {
      return work();
    } finally {
      this.#active.delete(key);
    }
  }

  #read(view: FileView, node: Expression): ValueType | undefined {
    switch (node.kind) {
      case "StringLiteral":
        return plain("string");
      case "BytesLiteral":
        return plain("bytes");
      case "IntLiteral":
        return plain("int");
      case "FloatLiteral":
        return plain("float");
      case "ListExpression":
        return listOf(this.#first(view, node.elements.slice(0, maxElements)));
      case "TupleExpression":
        return tupleOf(...node.elements.map((each) => this.read(view, each)));
      case "Comprehension":
        return node.body.kind === "DictEntry"
          ? dictOf(this.read(view, node.body.value))
          : listOf(this.read(view, node.body));
      case "DictExpression":
        return this.#dict(view, node);
      case "BinaryExpression":
        return this.#binary(view, node.operator, node.left, node.right);
      case "ConditionalExpression":
        return this.read(view, node.thenValue) ?? this.read(view, node.elseValue);
      case "UnaryExpression":
        return node.operator === "not" ? plain("bool") : this.read(view, node.operand);
      case "CallExpression":
        return this.#call(view, node);
      case "DotExpression":
        return this.#attribute(this.read(view, node.object), node.name.name);
      case "IndexExpression":
        return this.#index(view, node.index, this.read(view, node.object));
      case "SliceExpression":
        return this.read(view, node.object);
      case "Identifier":
        return this.#variable(view, node);
      default:
        return undefined;
    }
  }

  /** Keys as far as they are known, those that are added to a variable included. */
  #dict(view: FileView, node: Expression): ValueType {
    const { entries } = readDict(view, node);
    const keys = new Map<string, string>();
    for (const [key, { view: at, value }] of entries) {
      const { start, end } = spanOf(value);
      keys.set(key, at.source.text.slice(start, end).replace(/\s+/g, " ").slice(0, 60));
    }
    const display = unwrap(node);
    const computed =
      display.kind === "DictExpression"
        ? display.entries.find((each) => constantText(view, each.key) === undefined)?.value
        : undefined;
    return {
      kind: "dict",
      keys,
      ...(computed === undefined ? {} : { value: this.read(view, computed) }),
      typeOfKey: (key) => {
        const entry = entries.get(key);
        return entry === undefined ? undefined : new TypeReader().read(entry.view, entry.value);
      },
    };
  }

  #binary(view: FileView, operator: string, left: Expression, right: Expression): ValueType | undefined {
    switch (operator) {
      case "%":
        return this.read(view, left);
      case "|":
        return this.#union(this.read(view, left), this.read(view, right));
      case "+":
      case "*": {
        const types = [this.read(view, left), this.read(view, right)].filter((each) => each !== undefined);
        // `3 * "a"` is a text, and `[] + more` has what `more` has.
        return types.find((each) => !isVague(each)) ?? types[0];
      }
      case "or":
      case "and":
        return this.read(view, left) ?? this.read(view, right);
      case "-":
      case "//":
        return this.read(view, left);
      case "/":
        return plain("float");
      default:
        return plain("bool");
    }
  }

  #union(left: ValueType | undefined, right: ValueType | undefined): ValueType | undefined {
    if (left?.kind !== "dict" || right?.kind !== "dict") return left ?? right;
    return {
      kind: "dict",
      keys: new Map([...left.keys, ...right.keys]),
      value: left.value ?? right.value,
      typeOfKey: (key) => right.typeOfKey?.(key) ?? left.typeOfKey?.(key),
    };
  }

  #call(view: FileView, node: CallExpression): ValueType | undefined {
    const call = view.facts.callOf(node);
    const [first, second] = node.arguments;
    if (call?.entry.name === "struct") {
      const fields = node.arguments.flatMap(({ name, star, value }): [string, StructField][] => {
        if (star === "**") return fieldsOf(this.read(view, value));
        return name === undefined ? [] : [[name.name, fieldWith(() => new TypeReader().read(view, value))]];
      });
      return { kind: "struct", fields: new Map(fields) };
    }
    if (call?.entry.name === "secret") return first && this.read(view, first.value);
    if (call !== undefined) return namedType(call.entry.returns, call.entry.fields ?? []);
    if (node.callee.kind === "DotExpression") {
      const object = this.read(view, node.callee.object);
      const key = first && constantText(view, first.value);
      return methodResult(object, node.callee.name.name, key, second && this.read(view, second.value));
    }
    const target = resolveFunction(view, node.callee);
    if (target !== undefined) {
      const values = target.node.kind === "LambdaExpression" ? [target.node.body] : returnedValues(target.node);
      return this.once(target.node, () => this.#first(target.view, values));
    }
    if (node.callee.kind !== "Identifier" || view.resolution.bindingOf(node.callee)?.scope !== "universal")
      return undefined;
    return this.#builtin(view, node.callee.name, node);
  }

  #builtin(view: FileView, name: string, node: CallExpression): ValueType | undefined {
    const values = node.arguments
      .filter((each) => each.name === undefined && each.star === "")
      .map((each) => each.value);
    const types = (): (ValueType | undefined)[] => values.map((each) => this.read(view, each));
    const element = (): ValueType | undefined => elementOf(types()[0]);
    switch (name) {
      case "str":
      case "repr":
      case "type":
      case "chr":
        return plain("string");
      case "len":
      case "int":
      case "ord":
      case "hash":
        return plain("int");
      case "float":
        return plain("float");
      case "bool":
      case "any":
      case "all":
      case "hasattr":
        return plain("bool");
      case "dir":
        return listOf(plain("string"));
      case "range":
        return listOf(plain("int"));
      case "sorted":
      case "list":
      case "reversed":
      case "tuple":
        return listOf(element());
      case "enumerate":
        return listOf(tupleOf(plain("int"), element()));
      case "zip":
        return listOf(tupleOf(...types().map(elementOf)));
      case "max":
      case "min":
        return values.length > 1 ? types()[0] : element();
      case "dict":
        return this.#dict(view, node);
      case "getattr":
        return this.#attribute(types()[0], constantText(view, values[1]) ?? "") ?? types()[2];
      default:
        return undefined;
    }
  }

  #attribute(object: ValueType | undefined, name: string): ValueType | undefined {
    switch (object?.kind) {
      case "ctx":
        if (name === "inputs") return { ...object, kind: "inputs" };
        return name === "environment" ? plain("environment") : undefined;
      case "inputs":
        return name === "environment" ? environmentDict : this.once(object.fn, () => typeOfInput(this, object, name));
      case "environment":
        return name === "attributes" ? plain("attributes") : name === "name" ? plain("string") : undefined;
      case "struct":
        return object.fields.get(name)?.value?.();
      default:
        return undefined;
    }
  }

  #index(view: FileView, index: Expression, object: ValueType | undefined): ValueType | undefined {
    if (object?.kind === "string") return plain("string");
    if (object?.kind === "list") return object.element;
    if (object?.kind !== "tuple") return valueAt(object, constantText(view, index));
    const { start, end } = spanOf(index);
    const number = Number(view.source.text.slice(start, end));
    return Number.isInteger(number) ? itemAt(object, number) : undefined;
  }

  #variable(view: FileView, node: Identifier): ValueType | undefined {
    const binding = view.resolution.bindingOf(node);
    if (binding === undefined) return undefined;
    if (node.name === "True" || node.name === "False") return plain("bool");
    const type = this.#grown(
      view,
      binding,
      this.once(binding, () => this.#bound(view, binding)),
    );
    if (type?.kind !== "dict" || binding.role === "load") return type;
    // Keys may be added after it was made.
    const grown = readDict(view, node).entries;
    return grown.size > type.keys.size ? this.#union(type, this.#dict(view, node)) : type;
  }

  /** A list or dict that was made empty holds what is put into it. */
  #grown(view: FileView, binding: Binding, type: ValueType | undefined): ValueType | undefined {
    if (binding.role !== "variable" || type === undefined || !isVague(type)) return type;
    const kind = type.kind === "list" ? "list" : "dict";
    const added = this.once(binding.uses, () => typeOfAdded(this, view, binding, kind));
    if (added === undefined) return type;
    return type.kind === "dict" ? { ...type, value: added } : listOf(added);
  }

  #bound(view: FileView, binding: Binding): ValueType | undefined {
    switch (binding.role) {
      case "parameter":
        return typeOfParameter(this, view, binding);
      case "load": {
        const definition = definitionOf(view, binding);
        return definition?.kind === "value" ? this.read(definition.view, definition.node) : undefined;
      }
      case "variable":
        return typeOfVariable(this, view, binding);
      default:
        return undefined;
    }
  }

  #first(view: FileView, values: readonly Expression[]): ValueType | undefined {
    for (const each of values) {
      const type = this.read(view, each);
      if (type !== undefined) return type;
    }
    return undefined;
  }
}

/** Whether a value may have more to it than its type tells. */
function isVague(type: ValueType): boolean {
  if (type.kind === "list") return type.element === undefined;
  return type.kind === "dict" ? type.keys.size === 0 && type.value === undefined : type.kind === "int";
}

function fieldWith(value: () => ValueType | undefined): StructField {
  return { type: "", doc: "", value };
}

/** What `**` makes of a dict. */
function fieldsOf(type: ValueType | undefined): [string, StructField][] {
  if (type?.kind !== "dict") return [];
  return [...type.keys.keys()].map((key) => [key, fieldWith(() => valueAt(type, key))]);
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
