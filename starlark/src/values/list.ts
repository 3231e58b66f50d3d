import { compareElements, findEqual } from "./compare.ts";
import { print } from "./print.ts";
import { sliceArray } from "./slices.ts";
import {
  type ComparisonOperator,
  Failure,
  freezeAll,
  type MapKey,
  StarlarkValue,
  type Value,
  type ValueIterator,
} from "./value.ts";

/** JavaScript cannot hold many more, and would not fail but end the process. */
export const maxLength = 2 ** 26;

export class List extends StarlarkValue {
  override get typeName(): string {
    return "list";
  }

  /** Loops that are iterating over the list; it must not be changed meanwhile. */
  iterations = 0;
  isFrozen = false;

  /** Takes the array over. */
  constructor(readonly elements: Value[] = []) {
    super();
  }

  override toStarlarkString(): string {
    return print(this);
  }

  override truth(): boolean {
    return this.elements.length > 0;
  }

  override freeze(): void {
    if (this.isFrozen) return;
    this.isFrozen = true;
    freezeAll(this.elements);
  }

  override mapKey(): MapKey {
    throw new Failure("unhashable type: list");
  }

  /** Fails when the list must not be changed; `verb` says what is about to be done to it. */
  checkMutable(verb: string): void {
    if (this.isFrozen) throw new Failure(`cannot ${verb} frozen list`);
    if (this.iterations > 0) throw new Failure(`cannot ${verb} list during iteration`);
  }

  append(value: Value): void {
    if (this.isFrozen || this.iterations > 0) this.checkMutable("append to");
    if (this.elements.push(value) > maxLength) throw new Failure(`too many elements (${maxLength})`);
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue, depth: number): boolean {
    return compareElements(operator, this.elements, (other as List).elements, depth);
  }

  override length(): number {
    return this.elements.length;
  }

  override at(index: number): Value {
    return this.elements[index] as Value;
  }

  override setAt(index: number, value: Value): void {
    this.checkMutable("assign to element of");
    this.elements[index] = value;
  }

  override slice(start: number, end: number, step: number): Value {
    return new List(sliceArray(this.elements, start, end, step));
  }

  override has(value: Value): boolean {
    return findEqual(this.elements, value, 0, this.elements.length) >= 0;
  }

  override iterator(): ValueIterator {
    let index = 0;
    this.iterations++;
    return {
      next: () => (index < this.elements.length ? this.elements[index++] : undefined),
      done: () => {
        this.iterations--;
      },
    };
  }
}
