import { toByte } from "./ints.ts";
import { compareTexts, holds } from "./order.ts";
import { quote } from "./quote.ts";
import { sliceText } from "./slices.ts";
import {
  type ComparisonOperator,
  Failure,
  type MapKey,
  StarlarkValue,
  typeOf,
  type Value,
  type ValueIterator,
} from "./value.ts";

export class Bytes extends StarlarkValue {
  override get typeName(): string {
    return "bytes";
  }

  /** `bytes` has one char for each byte. */
  constructor(readonly bytes: string) {
    super();
  }

  override toStarlarkString(): string {
    return quote(this.bytes, "b");
  }

  override truth(): boolean {
    return this.bytes !== "";
  }

  override mapKey(): MapKey {
    return `\u0101${this.bytes}`;
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    return holds(operator, compareTexts(this.bytes, (other as Bytes).bytes));
  }

  override length(): number {
    return this.bytes.length;
  }

  override at(index: number): Value {
    return new Bytes(this.bytes[index] as string);
  }

  override slice(start: number, end: number, step: number): Value {
    return new Bytes(sliceText(this.bytes, start, end, step));
  }

  override has(value: Value): boolean {
    if (value instanceof Bytes) return this.bytes.includes(value.bytes);
    if (typeof value !== "number" && typeof value !== "bigint") {
      throw new Failure(`'in bytes' requires bytes or int as left operand, not ${typeOf(value)}`);
    }
    try {
      return this.bytes.includes(String.fromCharCode(toByte(value)));
    } catch (error) {
      if (error instanceof Failure) throw new Failure(`int in bytes: ${error.message}`);
      throw error;
    }
  }
}

/** What `bytes.elems()` returns: the bytes as ints. */
export class BytesElems extends StarlarkValue {
  override readonly typeName = "bytes.elems";

  constructor(private readonly bytes: string) {
    super();
  }

  override toStarlarkString(): string {
    return `${quote(this.bytes, "b")}.elems()`;
  }

  override iterator(): ValueIterator {
    const { bytes } = this;
    let index = 0;
    return { next: () => (index < bytes.length ? bytes.charCodeAt(index++) : undefined), done: () => {} };
  }
}
