import { equalsDepth, notOrdered } from "./compare.ts";
import { print } from "./print.ts";
import { pulse } from "./pulse.ts";
import { type JsonMember, Shape } from "./shape.ts";
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

/**
 * A dict. A small one whose keys are strings has a shape and its values in the order of the shape's keys. Any other has
 * a table, which finds values by their key's place.
 */
export class Dict extends StarlarkValue {
  /** Null when the dict has a shape. */
  private table: Table | null = null;
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
    freezeAll(this.table?.values ?? this.slots);
    if (this.table) freezeAll(this.table.keys);
  }

  override mapKey(): MapKey {
    throw new Failure("unhashable type: dict");
  }

  checkMutable(verb: string): void {
    if (this.isFrozen) throw new Failure(`cannot ${verb} frozen hash table`);
    if (this.iterations > 0) throw new Failure(`cannot ${verb} hash table during iteration`);
  }

  get size(): number {
    return this.table === null ? this.shape.size : this.table.size;
  }

  override length(): number {
    return this.size;
  }

  /** The value at a place (see `placeOf`). */
  lookUp(place: MapKey): Value | undefined {
    if (this.table !== null) return this.table.get(place);
    const index = typeof place === "string" ? this.shape.indexOf(place) : -1;
    return index < 0 ? undefined : this.slots[index];
  }

  override get(key: Value): Value | undefined {
    return this.lookUp(typeof key === "object" && key !== null ? placeOf(key) : key);
  }

  override set(key: Value, value: Value): void {
    if (this.isFrozen || this.iterations > 0) this.checkMutable("insert into");
    if (typeof key !== "object" || key === null) {
      this.store(key, value);
    } else {
      this.hashed().set(placeOf(key), key, value);
    }
  }

  /** Sets the value under a key that is its own place. */
  private store(key: string | number | bigint | boolean | null, value: Value): void {
    if (this.table !== null) this.table.set(key, key, value);
    else if (typeof key === "string") this.storeInSlot(key, value);
    else this.hashed().set(key, key, value);
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
      this.hashed().set(key, key, value);
      return;
    }
    if (shape.size === this.slots.length) this.slots = grown(this.slots);
    this.slots[shape.size] = value;
    this.shape = next;
  }

  /** The table of the entries; from now on the dict has no shape. */
  private hashed(): Table {
    if (this.table === null) {
      const { slots } = this;
      this.table = new Table();
      for (const [i, key] of this.shape.keys.entries()) this.table.set(key, key, slots[i] as Value);
      this.shape = Shape.empty;
      this.slots = noSlots;
    }
    return this.table;
  }

  /** The removed value; undefined when the key was missing. */
  delete(key: Value): Value | undefined {
    this.checkMutable("delete from");
    if (this.size === 0) return undefined; // even for what is not hashable
    const place = placeOf(key);
    if (this.table === null && this.lookUp(place) === undefined) return undefined;
    const table = this.hashed();
    const entry = table.find(place);
    if (entry < 0) return undefined;
    const value = table.values[entry];
    table.remove(entry);
    return value;
  }

  clear(): void {
    this.checkMutable("clear");
    this.table = null;
    this.shape = Shape.empty;
    this.slots = noSlots;
  }

  /** Sets every entry of another dict. The caller has checked that this dict may be changed. */
  addAll(other: Dict): void {
    if (other === this) return;
    const { table, shape, slots } = other;
    if (table !== null) {
      const target = this.hashed();
      for (let entry = 0; entry < table.keys.length; entry++) {
        pulse();
        const key = table.keys[entry];
        if (key !== undefined) target.set(placeOf(key), key, table.values[entry] as Value);
      }
    } else if (this.size === 0 && this.table === null) {
      this.shape = shape;
      this.slots = slots.slice();
    } else {
      for (const [i, key] of shape.keys.entries()) this.store(key, slots[i] as Value);
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
    return copied(this.currentKeys().slice());
  }

  /** The same in an array that is right until the dict changes, and must not be changed. */
  currentKeys(): readonly Value[] {
    const { table } = this;
    if (table === null) return this.shape.keys;
    return table.hasGaps ? present(table.keys) : (table.keys as Value[]);
  }

  firstKey(): Value | undefined {
    return this.table === null ? this.shape.keys[0] : this.table.keys[this.table.first];
  }

  values(): Value[] {
    const { table, slots, shape } = this;
    if (table === null) return slots.slice(0, shape.size) as Value[];
    return table.hasGaps ? present(table.values) : copied(table.values.slice() as Value[]);
  }

  override items(): [Value, Value][] {
    const items: [Value, Value][] = [];
    this.eachItem((key, value) => items.push([key, value]));
    return items;
  }

  /** Calls `visit`, which must not change the dict, with each entry. */
  eachItem(visit: (key: Value, value: Value) => void): void {
    const keys = this.currentKeys();
    const values = this.currentValues();
    for (let i = 0; i < keys.length; i++) {
      pulse();
      visit(keys[i] as Value, values[i] as Value);
    }
  }

  /** The values of `currentKeys`, in an array that may be longer, and must not be changed. */
  private currentValues(): readonly (Value | undefined)[] {
    const { table } = this;
    if (table === null) return this.slots;
    return table.hasGaps ? present(table.values) : table.values;
  }

  override has(key: Value): boolean {
    return this.lookUp(placeOf(key)) !== undefined;
  }

  /** The entries as JSON has them, if the dict has a shape. */
  membersInJson(encode: (key: string) => string): readonly JsonMember[] | undefined {
    return this.table === null ? this.shape.membersInJson(encode) : undefined;
  }

  /** The value of such an entry. */
  memberValue(index: number): Value {
    return this.slots[index] as Value;
  }

  override iterator(): ValueIterator {
    const keys = this.currentKeys();
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
    const values = this.currentValues();
    return this.currentKeys().every((key, i) => {
      pulse();
      const otherValue = other.lookUp(placeOf(key));
      return otherValue !== undefined && equalsDepth(values[i] as Value, otherValue, depth - 1);
    });
  }
}

/** Shared by dicts without entries; never written to, as it has no place. */
const noSlots: (Value | undefined)[] = [];

/** Twice as many places. Pushing would make seventeen at the first go. */
function grown(slots: (Value | undefined)[]): (Value | undefined)[] {
  if (slots.length === 0) return [undefined, undefined];
  return [...slots, ...slots.map(() => undefined)];
}
