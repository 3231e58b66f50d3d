import { notOrdered } from "./compare.ts";
import { print } from "./print.ts";
import { pulse } from "./pulse.ts";
import { copied, present } from "./slices.ts";
import { Table } from "./table.ts";
import { placeOf } from "./tupleKeys.ts";
import {
  type ComparisonOperator,
  Failure,
  freezeAll,
  type MapKey,
  StarlarkValue,
  type Value,
  type ValueIterator,
} from "./value.ts";

/** A set: the keys of a table are its elements, in order of insertion. */
export class StarlarkSet extends StarlarkValue {
  override get typeName(): string {
    return "set";
  }

  private table = new Table();
  iterations = 0;
  isFrozen = false;

  override toStarlarkString(): string {
    return print(this);
  }

  override truth(): boolean {
    return this.size > 0;
  }

  override freeze(): void {
    if (this.isFrozen) return;
    this.isFrozen = true;
    freezeAll(this.table.keys);
  }

  override mapKey(): MapKey {
    throw new Failure("unhashable type: set");
  }

  checkMutable(verb: string): void {
    if (this.isFrozen) throw new Failure(`cannot ${verb} frozen hash table`);
    if (this.iterations > 0) throw new Failure(`cannot ${verb} hash table during iteration`);
  }

  get size(): number {
    return this.table.size;
  }

  override length(): number {
    return this.size;
  }

  override has(value: Value): boolean {
    return this.table.find(placeOf(value)) >= 0;
  }

  add(value: Value): void {
    if (this.isFrozen || this.iterations > 0) this.checkMutable("insert into");
    this.table.set(placeOf(value), value, value);
  }

  /** Whether the element was there. */
  delete(value: Value): boolean {
    this.checkMutable("delete from");
    if (this.size === 0) return false; // even for what is not hashable
    const entry = this.table.find(placeOf(value));
    if (entry < 0) return false;
    this.table.remove(entry);
    return true;
  }

  clear(): void {
    this.checkMutable("clear");
    this.table = new Table();
  }

  clone(): StarlarkSet {
    const result = new StarlarkSet();
    return result.addAll(this.currentElements());
  }

  private addAll(values: Iterable<Value>): this {
    for (const value of values) {
      pulse();
      this.add(value);
    }
    return this;
  }

  elements(): Value[] {
    return copied(this.currentElements().slice());
  }

  /** The same in an array that is right until the set changes, and must not be changed. */
  private currentElements(): readonly Value[] {
    const { keys, hasGaps } = this.table;
    return hasGaps ? present(keys) : (keys as Value[]);
  }

  /** The element that was added first; undefined if there is none. */
  first(): Value | undefined {
    return this.table.keys[this.table.first];
  }

  override iterator(): ValueIterator {
    const elements = this.currentElements();
    let index = 0;
    this.iterations++;
    return {
      next: () => (index < elements.length ? elements[index++] : undefined),
      done: () => {
        this.iterations--;
      },
    };
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    const that = other as StarlarkSet;
    switch (operator) {
      case "==":
        return this.size === that.size && this.contains(that);
      case "!=":
        return !(this.size === that.size && this.contains(that));
      case ">=":
        return this.contains(that);
      case ">":
        return this.size > that.size && this.contains(that);
      case "<=":
        return that.contains(this);
      case "<":
        return that.size > this.size && that.contains(this);
      default:
        throw notOrdered(operator, this, other);
    }
  }

  private contains(other: StarlarkSet): boolean {
    if (other.size > this.size) return false;
    for (const element of other.currentElements()) {
      pulse();
      if (!this.has(element)) return false;
    }
    return true;
  }

  union(other: Iterable<Value>): StarlarkSet {
    return this.clone().addAll(other);
  }

  intersection(other: Iterable<Value>): StarlarkSet {
    const result = new StarlarkSet();
    for (const value of other) {
      pulse();
      if (this.has(value)) result.add(value);
    }
    return result;
  }

  difference(other: Iterable<Value>): StarlarkSet {
    const result = this.clone();
    for (const value of other) {
      pulse();
      result.delete(value);
    }
    return result;
  }

  symmetricDifference(other: Iterable<Value>): StarlarkSet {
    const result = this.clone();
    for (const value of other) {
      pulse();
      if (!result.delete(value)) result.add(value);
    }
    return result;
  }

  isSuperset(other: Iterable<Value>): boolean {
    for (const value of other) {
      pulse();
      if (!this.has(value)) return false;
    }
    return true;
  }

  isSubset(other: Iterable<Value>): boolean {
    if (this.size === 0) return true;
    const seen = new Set<number>();
    for (const value of other) {
      pulse();
      const entry = this.table.find(placeOf(value));
      if (entry >= 0) seen.add(entry);
      if (seen.size === this.size) return true;
    }
    return false;
  }
}
