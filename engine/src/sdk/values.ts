import {
  bytesOf,
  type ComparisonOperator,
  Dict,
  equals,
  Failure,
  NoSuchAttribute,
  nearestName,
  repr,
  type StarlarkFunction,
  StarlarkValue,
  textOf,
  type Value,
  type ValueIterator,
} from "@ocuroot/starlark";
import type { JsonValue } from "../json/json.ts";
import type { EnvironmentModel, InputModel, WorkModel } from "../model/package.ts";
import type { StoreDescription } from "../model/repository.ts";
import { nearest } from "../nearest.ts";

/** The values that SDK functions give out. All of them are immutable. */

/** `environment(...)`: attributes `name` and `attributes`; it can be indexed like the dict of both, too. */
export class EnvironmentValue extends StarlarkValue {
  override readonly typeName = "environment";
  readonly #dict: Dict;
  readonly #attributes: Dict;

  constructor(readonly model: EnvironmentModel) {
    super();
    this.#dict = environmentDict(model);
    this.#attributes = this.#dict.get("attributes") as Dict;
    this.#dict.freeze();
  }

  override toStarlarkString(): string {
    return `environment(name = ${repr(bytesOf(this.model.name))}, attributes = ${repr(this.#attributes)})`;
  }

  override attribute(name: string): Value | undefined {
    if (name === "name") return bytesOf(this.model.name);
    return name === "attributes" ? this.#attributes : undefined;
  }

  override attributeNames(): string[] {
    return ["attributes", "name"];
  }

  override get(key: Value): Value | undefined {
    return this.#dict.get(key);
  }

  override has(key: Value): boolean {
    return this.#dict.has(key);
  }

  override iterator(): ValueIterator {
    return this.#dict.iterator();
  }

  override length(): number {
    return this.#dict.length();
  }

  override items(): [Value, Value][] {
    return this.#dict.items();
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    const same = equals(this.#dict, (other as EnvironmentValue).#dict);
    if (operator === "==") return same;
    if (operator === "!=") return !same;
    throw new Failure(`environment ${operator} environment not implemented`);
  }
}

/** `{"name": …, "attributes": {…}}`, what the parameter dialect receives. */
export function environmentDict(model: EnvironmentModel): Dict {
  const attributes = Dict.from(
    Object.entries(model.attributes).map(([name, value]) => [bytesOf(name), bytesOf(value)] as const),
  );
  return Dict.from([
    ["name", bytesOf(model.name)],
    ["attributes", attributes],
  ]);
}

/** A value without attributes or operators: it can only be handed on. */
abstract class OpaqueValue extends StarlarkValue {
  override toStarlarkString(): string {
    return `<${this.typeName}>`;
  }
}

/** `ref("...")`; the text is a byte string. */
export class RefValue extends StarlarkValue {
  override readonly typeName = "ref";

  constructor(readonly text: string) {
    super();
  }

  override toStarlarkString(): string {
    return `ref(${repr(this.text)})`;
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    if (operator === "==") return this.text === (other as RefValue).text;
    if (operator === "!=") return this.text !== (other as RefValue).text;
    throw new Failure(`ref ${operator} ref not implemented`);
  }
}

/** `input(...)`. `default` is undefined when there is none. */
export class InputValue extends StarlarkValue {
  override readonly typeName = "input";

  constructor(
    readonly ref: string | undefined,
    readonly defaultValue: Value | undefined,
  ) {
    super();
  }

  override toStarlarkString(): string {
    const parts: string[] = [];
    if (this.ref !== undefined) parts.push(`ref = ${repr(this.ref)}`);
    if (this.defaultValue !== undefined) parts.push(`default = ${repr(this.defaultValue)}`);
    return `input(${parts.join(", ")})`;
  }
}

/** What `call`, `task` and `deploy` return, to be put into a phase. */
export class WorkValue extends OpaqueValue {
  override readonly typeName = "work";

  constructor(readonly model: WorkModel) {
    super();
  }

  override toStarlarkString(): string {
    const { model } = this;
    return model.kind === "task"
      ? `task(name = ${repr(bytesOf(model.name))})`
      : `deploy(environment = ${repr(bytesOf(model.environment.name))})`;
  }
}

/** `done(...)`, already in the form in which it is stored. */
export class DoneValue extends OpaqueValue {
  override readonly typeName = "done";

  constructor(
    readonly outputs: Readonly<Record<string, JsonValue>>,
    readonly tags: readonly string[],
    readonly watch: readonly string[],
    readonly annotation: string | undefined,
  ) {
    super();
  }
}

/** `next(...)`. */
export class NextValue extends OpaqueValue {
  override readonly typeName = "next";

  constructor(
    readonly fn: StarlarkFunction,
    readonly inputs: Readonly<Record<string, InputModel>>,
    readonly annotation: string | undefined,
  ) {
    super();
  }

  override freeze(): void {
    this.fn.freeze();
  }
}

/** `store.fs(...)` and `store.git(...)`. */
export class StoreValue extends OpaqueValue {
  override readonly typeName = "store";

  constructor(readonly description: StoreDescription) {
    super();
  }
}

/** Read-only fields with a message of their own for those that are missing. */
class FieldsValue extends StarlarkValue {
  constructor(
    override readonly typeName: string,
    readonly fields: ReadonlyMap<string, Value>,
    readonly missing: (name: string) => string,
  ) {
    super();
  }

  override toStarlarkString(): string {
    const fields = [...this.fields].map(([name, value]) => `${name} = ${repr(value)}`);
    return `${this.typeName}(${fields.join(", ")})`;
  }

  override attribute(name: string): Value | undefined {
    const value = this.fields.get(name);
    if (value !== undefined) return value;
    // The interpreter adds its own suggestion, if it finds one.
    const names = this.attributeNames();
    const meant = nearestName(name, names) === undefined ? nearest(name, names) : undefined;
    const suggestion = meant === undefined ? "" : ` (did you mean .${meant}?)`;
    throw new NoSuchAttribute(bytesOf(this.missing(textOf(name))) + suggestion);
  }

  override attributeNames(): string[] {
    return [...this.fields.keys()].sort();
  }
}

/** The one parameter of functions in the ctx dialect. `inputs` holds the values by name, without `environment`. */
export function createContext(
  functionName: string,
  inputs: ReadonlyMap<string, Value>,
  environment: EnvironmentModel | undefined,
): StarlarkValue {
  const all = new Map(inputs);
  if (environment) all.set("environment", environmentDict(environment));
  const fields = new Map<string, Value>([
    [
      "inputs",
      new FieldsValue("inputs", all, (name) => `\`ctx.inputs.${name}\`: \`${functionName}\` gets no input \`${name}\``),
    ],
  ]);
  if (environment) fields.set("environment", new EnvironmentValue(environment));
  return new FieldsValue("ctx", fields, (name) =>
    name === "environment"
      ? `ctx has no .environment: only deploys have one, and \`${functionName}\` runs for a task`
      : `ctx has no .${name} field or method`,
  );
}
