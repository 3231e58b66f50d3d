import { notOrdered } from "./compare.ts";
import { mapKey } from "./hashing.ts";
import { print } from "./print.ts";
import {
  type ComparisonOperator,
  Failure,
  freeze,
  type MapKey,
  StarlarkValue,
  type Value,
  type ValueIterator,
} from "./value.ts";

/** A set: its elements under their MapKey, in order of insertion. */
export class StarlarkSet extends StarlarkValue {
  override get typeName(): string {
    return "set";
  }

  readonly map: Map<MapKey, Value>;
  iterations = 0;
  isFrozen = false;

  constructor(elements?: ReadonlyMap<MapKey, Value>) {
    super();
    this.map = new Map(elements);
  }

  override toStarlarkString(): string {
    return print(this);
  }

  override truth(): boolean {
    return this.map.size > 0;
  }

  override freeze(): void {
    if (this.isFrozen) return;
    this.isFrozen = true;
    for (const element of this.map.values()) freeze(element);
  }

  override mapKey(): MapKey {
    throw new Failure("unhashable type: set");
  }

  checkMutable(verb: string): void {
    if (this.isFrozen) throw new Failure(`cannot ${verb} frozen hash table`);
    if (this.iterations > 0) throw new Failure(`cannot ${verb} hash table during iteration`);
  }

  get size(): number {
    return this.map.size;
  }

  override length(): number {
    return this.map.size;
  }

  override has(value: Value): boolean {
    return this.map.has(mapKey(value));
  }

  add(value: Value): void {
    this.checkMutable("insert into");
    const key = mapKey(value);
    if (!this.map.has(key)) this.map.set(key, value);
  }

  /** Whether the element was there. */
  delete(value: Value): boolean {
    this.checkMutable("delete from");
    if (this.map.size === 0) return false; // even for what is not hashable
    return this.map.delete(mapKey(value));
  }

  clear(): void {
    this.checkMutable("clear");
    this.map.clear();
  }

  clone(): StarlarkSet {
    return new StarlarkSet(this.map);
  }

  elements(): Value[] {
    return [...this.map.values()];
  }

  override iterator(): ValueIterator {
    const elements = this.elements();
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
    for (const key of other.map.keys()) if (!this.map.has(key)) return false;
    return true;
  }

  union(other: Iterable<Value>): StarlarkSet {
    const result = this.clone();
    for (const value of other) result.add(value);
    return result;
  }

  intersection(other: Iterable<Value>): StarlarkSet {
    const result = new StarlarkSet();
    for (const value of other) if (this.has(value)) result.add(value);
    return result;
  }

  difference(other: Iterable<Value>): StarlarkSet {
    const result = this.clone();
    for (const value of other) result.delete(value);
    return result;
  }

  symmetricDifference(other: Iterable<Value>): StarlarkSet {
    const result = this.clone();
    for (const value of other) if (!result.delete(value)) result.add(value);
    return result;
  }

  isSuperset(other: Iterable<Value>): boolean {
    for (const value of other) if (!this.has(value)) return false;
    return true;
  }

  isSubset(other: Iterable<Value>): boolean {
    if (this.size === 0) return true;
    const seen = new Set<MapKey>();
    for (const value of other) {
      const key = mapKey(value);
      if (this.map.has(key)) seen.add(key);
      if (seen.size === this.size) return true;
    }
    return false;
  }
}
