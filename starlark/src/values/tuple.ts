import { compareElements, findEqual } from "./compare.ts";
import { compositeKey } from "./hashing.ts";
import { print } from "./print.ts";
import { pulseAt } from "./pulse.ts";
import { sliceArray } from "./slices.ts";
import {
  type ComparisonOperator,
  freezeAll,
  type MapKey,
  StarlarkValue,
  type Value,
  type ValueIterator,
} from "./value.ts";

/** Tuples with tuples in them whose elements are frozen: one may be in many others, twice in each. */
const frozen = new WeakSet<Tuple>();

export class Tuple extends StarlarkValue {
  override get typeName(): string {
    return "tuple";
  }

  /** Takes the array over; nobody may change it afterwards. */
  constructor(readonly elements: readonly Value[]) {
    super();
  }

  override toStarlarkString(): string {
    return print(this);
  }

  override truth(): boolean {
    return this.elements.length > 0;
  }

  override freeze(): void {
    if (holdsTuple(this.elements)) {
      if (frozen.has(this)) return;
      frozen.add(this);
    }
    freezeAll(this.elements);
  }

  override mapKey(): MapKey {
    return compositeKey("\u0100", this.elements);
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue, depth: number): boolean {
    return compareElements(operator, this.elements, (other as Tuple).elements, depth);
  }

  override length(): number {
    return this.elements.length;
  }

  override at(index: number): Value {
    return this.elements[index] as Value;
  }

  override slice(start: number, end: number, step: number): Value {
    return new Tuple(sliceArray(this.elements, start, end, step));
  }

  override has(value: Value): boolean {
    return findEqual(this.elements, value, 0, this.elements.length) >= 0;
  }

  override iterator(): ValueIterator {
    let index = 0;
    return { next: () => (index < this.elements.length ? this.elements[index++] : undefined), done: () => {} };
  }
}

function holdsTuple(elements: readonly Value[]): boolean {
  for (let i = 0; i < elements.length; i++) {
    pulseAt(i);
    if (elements[i] instanceof Tuple) return true;
  }
  return false;
}
