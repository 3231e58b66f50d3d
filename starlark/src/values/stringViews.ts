import { notOrdered } from "./compare.ts";
import { quote } from "./quote.ts";
import { decodeAt, encodeCodePoint } from "./text.ts";
import { type ComparisonOperator, StarlarkValue, type Value, type ValueIterator } from "./value.ts";

/** What `s.elems()` and `s.elem_ords()` return: the bytes of a string, as strings or as ints. */
export class StringElems extends StarlarkValue {
  override readonly typeName = "string.elems";

  constructor(
    private readonly text: string,
    private readonly asOrdinals: boolean,
  ) {
    super();
  }

  override toStarlarkString(): string {
    return `${quote(this.text)}.${this.asOrdinals ? "elem_ords" : "elems"}()`;
  }

  /** Two views are equal when they show the same, in the same way. */
  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    return compareViews(operator, this, other);
  }

  override length(): number {
    return this.text.length;
  }

  override at(index: number): Value {
    return this.asOrdinals ? this.text.charCodeAt(index) : (this.text[index] as string);
  }

  override iterator(): ValueIterator {
    let index = 0;
    return { next: () => (index < this.text.length ? this.at(index++) : undefined), done: () => {} };
  }
}

/** What `s.codepoints()` and `s.codepoint_ords()` return. */
export class StringCodepoints extends StarlarkValue {
  override readonly typeName = "string.codepoints";

  constructor(
    private readonly text: string,
    private readonly asOrdinals: boolean,
  ) {
    super();
  }

  override toStarlarkString(): string {
    return `${quote(this.text)}.${this.asOrdinals ? "codepoint_ords" : "codepoints"}()`;
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    return compareViews(operator, this, other);
  }

  override iterator(): ValueIterator {
    const { text, asOrdinals } = this;
    let index = 0;
    return {
      next: () => {
        if (index >= text.length) return undefined;
        const decoded = decodeAt(text, index);
        index += decoded & 7;
        return asOrdinals ? decoded >> 3 : encodeCodePoint(decoded >> 3);
      },
      done: () => {},
    };
  }
}

function compareViews(operator: ComparisonOperator, view: StarlarkValue, other: StarlarkValue): boolean {
  if (operator !== "==" && operator !== "!=") throw notOrdered(operator, view, other);
  return (view.toStarlarkString() === other.toStarlarkString()) === (operator === "==");
}
