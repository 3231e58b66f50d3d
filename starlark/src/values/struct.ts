import { equals, equalsDepth, notOrdered } from "./compare.ts";
import { compositeKey } from "./hashing.ts";
import { LongText } from "./longText.ts";
import { repr } from "./print.ts";
import { pulse } from "./pulse.ts";
import {
  type BinaryOperatorName,
  type ComparisonOperator,
  Failure,
  freeze,
  type MapKey,
  NoSuchAttribute,
  StarlarkValue,
  type Value,
} from "./value.ts";

/**
 * An immutable record. `constructorValue` tells kinds of structs apart: a string is only a label (the default one is
 * "struct"), any other value belongs to its own kind.
 */
export class Struct extends StarlarkValue {
  override readonly typeName: string = "struct";
  readonly fields: ReadonlyMap<string, Value>;
  private isFrozen = false;

  /** Field names are byte strings; of a name given twice the last value counts. Fields are kept in order of name. */
  constructor(
    fields: Iterable<readonly [string, Value]>,
    readonly constructorValue: Value = "struct",
  ) {
    super();
    const entries = [...new Map(fields)];
    entries.sort(([a], [b]) => {
      pulse();
      return a < b ? -1 : a > b ? 1 : 0;
    });
    this.fields = new Map(entries);
  }

  private get label(): string {
    return typeof this.constructorValue === "string" ? this.constructorValue : repr(this.constructorValue);
  }

  override toStarlarkString(): string {
    const text = new LongText();
    let separator = `${this.label}(`;
    for (const [name, value] of this.fields) {
      pulse();
      text.add(`${separator}${name} = ${repr(value)}`);
      separator = ", ";
    }
    return this.fields.size === 0 ? `${separator})` : `${text.finish()})`;
  }

  override freeze(): void {
    if (this.isFrozen) return;
    this.isFrozen = true;
    for (const value of this.fields.values()) {
      pulse();
      freeze(value);
    }
  }

  override mapKey(): MapKey {
    const kind =
      typeof this.constructorValue === "string" ? this.constructorValue : new Identity(this.constructorValue);
    const parts: Value[] = [kind];
    for (const [name, value] of this.fields) parts.push(name, value);
    return compositeKey("\u0102", parts);
  }

  override attribute(name: string): Value {
    const value = this.fields.get(name);
    if (value !== undefined) return value;
    const kind = this.constructorValue === "struct" ? "" : `${repr(this.constructorValue)} `;
    throw new NoSuchAttribute(`${kind}struct has no .${name} attribute`);
  }

  override attributeNames(): string[] {
    return [...this.fields.keys()];
  }

  override binary(operator: BinaryOperatorName, other: Value, isRight: boolean): Value | undefined {
    if (operator !== "+" || !(other instanceof Struct) || isRight) return undefined;
    if (!equals(this.constructorValue, other.constructorValue)) {
      const kinds = `${repr(this.constructorValue)} + ${repr(other.constructorValue)}`;
      throw new Failure(`cannot add structs of different constructors: ${kinds}`);
    }
    return new Struct([...this.fields, ...other.fields], this.constructorValue);
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue, depth: number): boolean {
    if (!(other instanceof Struct)) return operator === "!=";
    if (operator === "==") return this.equalsStruct(other, depth);
    if (operator === "!=") return !this.equalsStruct(other, depth);
    throw notOrdered(operator, this, other);
  }

  private equalsStruct(other: Struct, depth: number): boolean {
    if (this.fields.size !== other.fields.size) return false;
    if (!equals(this.constructorValue, other.constructorValue)) return false;
    for (const [name, value] of this.fields) {
      pulse();
      const otherValue = other.fields.get(name);
      if (otherValue === undefined || !equalsDepth(value, otherValue, depth - 1)) return false;
    }
    return true;
  }
}

/** Stands for a value that need not be hashable, by identity, within a key. */
class Identity extends StarlarkValue {
  override readonly typeName = "identity";

  constructor(private readonly value: Value) {
    super();
  }

  override toStarlarkString(): string {
    return "";
  }

  override mapKey(): MapKey {
    return this.value;
  }
}
