import { equalsDepth, notOrdered } from "./compare.ts";
import { mapKey } from "./hashing.ts";
import { print } from "./print.ts";
import { type JsonMember, Shape } from "./shape.ts";
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
 * A dict. A small one whose keys are strings has a shape and its values in the order of the shape's keys. In any other,
 * values lie in a Map under their key's MapKey; most keys are their own MapKey, and those that are not (floats, tuples,
 * bytes …) are kept in `originals`.
 */
export class Dict extends StarlarkValue {
  /** Null when the dict has a shape. */
  private map: Map<MapKey, Value> | null = null;
  private originals: Map<MapKey, Value> | undefined;
  /** Loops that are iterating over the dict; it must not be changed meanwhile. */
  iterations = 0;
  isFrozen = false;

  /** Takes the array over. It may be longer than the shape. */
  constructor(
    private shape: Shape = Shape.empty,
    private slots: (Value | undefined)[] = noSlots,
  ) {
    super();
  }

  static from(entries: Iterable<readonly [Value, Value]>): Dict {
    const dict = new Dict();
    for (const [key, value] of entries) dict.set(key, value);
    return dict;
  }

  override get typeName(): string {
    return "dict";
  }

  override toStarlarkString(): string {
    return print(this);
  }

  override truth(): boolean {
    return this.size > 0;
  }

  override freeze(): void {
    if (this.isFrozen) return;
    this.isFrozen = true;
    if (this.originals) for (const key of this.originals.values()) freeze(key);
    if (this.map === null) {
      for (const value of this.slots) if (typeof value === "object") freeze(value);
      return;
    }
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
    return this.map === null ? this.shape.size : this.map.size;
  }

  override length(): number {
    return this.size;
  }

  /** The value under a MapKey. */
  lookUp(place: MapKey): Value | undefined {
    if (this.map !== null) return this.map.get(place);
    const index = typeof place === "string" ? this.shape.indexOf(place) : -1;
    return index < 0 ? undefined : this.slots[index];
  }

  override get(key: Value): Value | undefined {
    return this.lookUp(typeof key === "object" && key !== null ? key.mapKey() : key);
  }

  override set(key: Value, value: Value): void {
    if (this.isFrozen || this.iterations > 0) this.checkMutable("insert into");
    if (typeof key !== "object" || key === null) {
      this.store(key, value);
    } else {
      const place = key.mapKey();
      if (place !== key && this.lookUp(place) === undefined) {
        this.originals ??= new Map();
        this.originals.set(place, key);
      }
      this.hashed().set(place, value);
    }
  }

  /** Sets the value under a key that is its own MapKey. */
  private store(place: MapKey, value: Value): void {
    if (this.map !== null) this.map.set(place, value);
    else if (typeof place === "string") this.storeInSlot(place, value);
    else this.hashed().set(place, value);
  }

  private storeInSlot(key: string, value: Value): void {
    const { shape } = this;
    const index = shape.indexOf(key);
    if (index >= 0) {
      this.slots[index] = value;
      return;
    }
    const next = shape.next(key);
    if (next === undefined) {
      this.hashed().set(key, value);
      return;
    }
    if (shape.size === this.slots.length) this.slots = grown(this.slots);
    this.slots[shape.size] = value;
    this.shape = next;
  }

  /** The Map of the entries; from now on the dict has no shape. */
  private hashed(): Map<MapKey, Value> {
    if (this.map === null) {
      const { slots } = this;
      this.map = new Map();
      for (const [i, key] of this.shape.keys.entries()) this.map.set(key, slots[i] as Value);
      this.shape = Shape.empty;
      this.slots = noSlots;
    }
    return this.map;
  }

  /** The removed value; undefined when the key was missing. */
  delete(key: Value): Value | undefined {
    this.checkMutable("delete from");
    if (this.size === 0) return undefined; // even for what is not hashable
    const place = mapKey(key);
    const value = this.lookUp(place);
    if (value === undefined) return undefined;
    this.hashed().delete(place);
    this.originals?.delete(place);
    return value;
  }

  clear(): void {
    this.checkMutable("clear");
    this.map = null;
    this.shape = Shape.empty;
    this.slots = noSlots;
    this.originals = undefined;
  }

  /** Sets every entry of another dict. The caller has checked that this dict may be changed. */
  addAll(other: Dict): void {
    if (other === this) return;
    if (other.map === null) {
      if (this.size === 0 && this.map === null) {
        this.shape = other.shape;
        this.slots = other.slots.slice();
        return;
      }
      for (const [i, key] of other.shape.keys.entries()) this.store(key, other.slots[i] as Value);
      return;
    }
    const map = this.hashed();
    for (const [place, value] of other.map) {
      const original = other.originals?.get(place);
      if (original !== undefined && !map.has(place)) {
        this.originals ??= new Map();
        this.originals.set(place, original);
      }
      map.set(place, value);
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
    const { map, originals } = this;
    if (map === null) return this.shape.keys.slice();
    if (!originals) return [...map.keys()] as Value[];
    return Array.from(map.keys(), (place) => originals.get(place) ?? (place as Value));
  }

  firstKey(): Value | undefined {
    if (this.map === null) return this.shape.keys[0];
    const first = this.map.keys().next();
    if (first.done) return undefined;
    return this.originals?.get(first.value) ?? (first.value as Value);
  }

  values(): Value[] {
    return this.map === null ? (this.slots.slice(0, this.shape.size) as Value[]) : [...this.map.values()];
  }

  override items(): [Value, Value][] {
    const { map, originals, slots } = this;
    if (map === null) return this.shape.keys.map((key, i) => [key, slots[i] as Value]);
    if (!originals) return [...map] as [Value, Value][];
    return Array.from(map, ([place, value]) => [originals.get(place) ?? (place as Value), value]);
  }

  override has(key: Value): boolean {
    return this.lookUp(mapKey(key)) !== undefined;
  }

  /** The entries as JSON has them, if the dict has a shape. */
  membersInJson(encode: (key: string) => string): readonly JsonMember[] | undefined {
    return this.map === null ? this.shape.membersInJson(encode) : undefined;
  }

  /** The value of such an entry. */
  memberValue(index: number): Value {
    return this.slots[index] as Value;
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
    if (this.size !== other.size) return false;
    const { map, slots } = this;
    const agrees = (place: MapKey, value: Value) => {
      const otherValue = other.lookUp(place);
      return otherValue !== undefined && equalsDepth(value, otherValue, depth - 1);
    };
    if (map === null) return this.shape.keys.every((key, i) => agrees(key, slots[i] as Value));
    for (const [place, value] of map) if (!agrees(place, value)) return false;
    return true;
  }
}

/** Shared by dicts without entries; never written to, as it has no place. */
const noSlots: (Value | undefined)[] = [];

/** Twice as many places. Pushing would make seventeen at the first go. */
function grown(slots: (Value | undefined)[]): (Value | undefined)[] {
  if (slots.length === 0) return [undefined, undefined];
  return [...slots, ...slots.map(() => undefined)];
}
