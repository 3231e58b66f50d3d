import { equalsDepth, notOrdered } from "./compare.ts";
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

/**
 * A dict. Values lie in a Map under their key's MapKey. Most keys are their own MapKey; those that are not (floats,
 * tuples, bytes …) are kept in `originals`.
 */
export class Dict extends StarlarkValue {
  override readonly typeName = "dict";
  readonly map = new Map<MapKey, Value>();
  private originals: Map<MapKey, Value> | undefined;
  /** Loops that are iterating over the dict; it must not be changed meanwhile. */
  iterations = 0;
  isFrozen = false;

  static from(entries: Iterable<readonly [Value, Value]>): Dict {
    const dict = new Dict();
    for (const [key, value] of entries) dict.set(key, value);
    return dict;
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
    if (this.originals) for (const key of this.originals.values()) freeze(key);
    for (const [key, value] of this.map) {
      if (key instanceof StarlarkValue) key.freeze();
      freeze(value);
    }
  }

  override mapKey(): MapKey {
    throw new Failure("unhashable type: dict");
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

  override get(key: Value): Value | undefined {
    return this.map.get(typeof key === "object" && key !== null ? key.mapKey() : key);
  }

  override set(key: Value, value: Value): void {
    if (this.isFrozen || this.iterations > 0) this.checkMutable("insert into");
    if (typeof key !== "object" || key === null) {
      this.map.set(key, value);
    } else {
      const place = key.mapKey();
      if (place !== key && !this.map.has(place)) {
        this.originals ??= new Map();
        this.originals.set(place, key);
      }
      this.map.set(place, value);
    }
  }

  /** The removed value; undefined when the key was missing. */
  delete(key: Value): Value | undefined {
    this.checkMutable("delete from");
    if (this.map.size === 0) return undefined; // even for what is not hashable
    const place = mapKey(key);
    const value = this.map.get(place);
    if (value === undefined) return undefined;
    this.map.delete(place);
    this.originals?.delete(place);
    return value;
  }

  clear(): void {
    this.checkMutable("clear");
    this.map.clear();
    this.originals = undefined;
  }

  /** Sets every entry of another dict. The caller has checked that this dict may be changed. */
  addAll(other: Dict): void {
    if (other === this) return;
    for (const [place, value] of other.map) {
      const original = other.originals?.get(place);
      if (original !== undefined && !this.map.has(place)) {
        this.originals ??= new Map();
        this.originals.set(place, original);
      }
      this.map.set(place, value);
    }
  }

  union(other: Dict): Dict {
    const result = new Dict();
    result.addAll(this);
    result.addAll(other);
    return result;
  }

  /** The keys in order of insertion, in a new array. */
  keys(): Value[] {
    const { originals } = this;
    if (!originals) return [...this.map.keys()] as Value[];
    return Array.from(this.map.keys(), (place) => originals.get(place) ?? (place as Value));
  }

  firstKey(): Value | undefined {
    const first = this.map.keys().next();
    if (first.done) return undefined;
    return this.originals?.get(first.value) ?? (first.value as Value);
  }

  values(): Value[] {
    return [...this.map.values()];
  }

  override items(): [Value, Value][] {
    const { originals } = this;
    if (!originals) return [...this.map] as [Value, Value][];
    return Array.from(this.map, ([place, value]) => [originals.get(place) ?? (place as Value), value]);
  }

  override has(key: Value): boolean {
    return this.map.has(mapKey(key));
  }

  override iterator(): ValueIterator {
    const keys = this.keys();
    let index = 0;
    this.iterations++;
    return {
      next: () => (index < keys.length ? keys[index++] : undefined),
      done: () => {
        this.iterations--;
      },
    };
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue, depth: number): boolean {
    if (operator === "==") return this.equalsDict(other as Dict, depth);
    if (operator === "!=") return !this.equalsDict(other as Dict, depth);
    throw notOrdered(operator, this, other);
  }

  private equalsDict(other: Dict, depth: number): boolean {
    if (this.map.size !== other.map.size) return false;
    for (const [place, value] of this.map) {
      const otherValue = other.map.get(place);
      if (otherValue === undefined || !equalsDepth(value, otherValue, depth - 1)) return false;
    }
    return true;
  }
}
