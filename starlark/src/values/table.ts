import { hashNumber, hashText, longestHashed } from "./hashes.ts";
import { take } from "./pulse.ts";
import { Tuple } from "./tuple.ts";
import { areEqualTuples, hashTuple } from "./tupleKeys.ts";
import { Failure, type MapKey, type Value } from "./value.ts";

/**
 * A hash table that keeps its entries in order of insertion. It is several times as fast as a Map with the short
 * strings, the ints and the tuples of such that most keys are: a Map follows pointers to keys all over the heap, and
 * takes strings for tuples. Entries are counted from 0; those removed leave gaps until the table is rebuilt.
 *
 * A slot is 0 while it is free, else the number of an entry from 1 and, above it, some bits of the entry's hash: most slots
 * that hold another key are passed over without a look at the key.
 */
export class Table {
  /** The keys as the program gave them; undefined in gaps. */
  readonly keys: (Value | undefined)[] = [];
  readonly values: (Value | undefined)[] = [];
  /** Entries without the gaps. */
  size = 0;
  /** What keys are compared by (see `placeOf`): the very array of the keys while each of them is its own place. */
  private places: (MapKey | undefined)[] = this.keys;
  /** A power of 2 of them, at least twice as many as there are entries. */
  private slots = new Int32Array(smallest);
  private mask = smallest - 1;
  /** The hash of each entry that is in a slot. */
  private hashes = new Int32Array(smallest / 2);
  /** Where keys are found that take long to hash. */
  private others: Map<MapKey, number> | undefined;
  /** No entry before this one is in use. */
  private start = 0;
  /** The entry that was found last, and how far it is from the one that was found before it; whether that was so twice. */
  private last = 0;
  private stride = 0;
  private isRegular = false;

  get hasGaps(): boolean {
    return this.size < this.keys.length;
  }

  /** The first entry; -1 if there is none. */
  get first(): number {
    if (this.size === 0) return -1;
    while (this.values[this.start] === undefined) this.start++;
    return this.start;
  }

  get(place: MapKey): Value | undefined {
    const entry = this.find(place);
    return entry < 0 ? undefined : this.values[entry];
  }

  /**
   * The entry of a key; -1 if there is none. Programs mostly look for keys in the order in which they were set, all of them
   * or each second, say: then the next is found where the last two were found, as far on, and nothing need be hashed.
   */
  find(place: MapKey): number {
    const expected = this.isRegular ? this.last + this.stride : -1;
    const other = expected >= 0 && expected < this.keys.length ? this.places[expected] : undefined;
    if (typeof place === "string" && place.length <= longestHashed) {
      if (typeof other === "string" && other === place) return this.found(expected);
      return this.found(this.findText(place, hashText(place)));
    }
    if (typeof place === "number" && !Number.isNaN(place)) {
      if (typeof other === "number" && other === place) return this.found(expected);
      return this.found(this.findNumber(place, hashNumber(place)));
    }
    if (place instanceof Tuple) {
      if (other instanceof Tuple && areEqualTuples(other, place)) return this.found(expected);
      return this.found(this.findTuple(place, hashTuple(place)));
    }
    return this.others?.get(place) ?? -1;
  }

  private found(entry: number): number {
    if (entry < 0) return entry;
    const stride = entry - this.last;
    this.isRegular = stride === this.stride;
    this.stride = stride;
    this.last = entry;
    return entry;
  }

  /** Sets the value of a key, found at `place`; a key that is there already stays as it was given first. */
  set(place: MapKey, key: Value, value: Value): void {
    let hash: number;
    let entry: number;
    if (typeof place === "string" && place.length <= longestHashed) {
      hash = hashText(place);
      entry = this.findText(place, hash);
    } else if (typeof place === "number" && !Number.isNaN(place)) {
      hash = hashNumber(place);
      entry = this.findNumber(place, hash);
    } else if (place instanceof Tuple) {
      hash = hashTuple(place);
      entry = this.findTuple(place, hash);
    } else {
      this.setOther(place, key, value);
      return;
    }
    if (entry >= 0) {
      this.values[entry] = value;
      return;
    }
    if (this.keys.length === this.hashes.length) this.rebuild();
    this.enter(hash, this.add(place, key, value));
  }

  // The same three times, as V8 compares what is always of one type much faster.

  private findText(place: string, hash: number): number {
    const { places } = this;
    const slots = this.slots;
    const mask = this.mask;
    const tag = tagOf(hash);
    for (let at = spread(hash) & mask; ; at = (at + 1) & mask) {
      const slot = slots[at] as number;
      if (slot === 0) return -1;
      if ((slot & tagBits) !== tag) continue;
      const entry = (slot & entryBits) - 1;
      const other = places[entry];
      if (typeof other === "string" && other === place) return entry;
    }
  }

  private findNumber(place: number, hash: number): number {
    const { places } = this;
    const slots = this.slots;
    const mask = this.mask;
    const tag = tagOf(hash);
    for (let at = spread(hash) & mask; ; at = (at + 1) & mask) {
      const slot = slots[at] as number;
      if (slot === 0) return -1;
      if ((slot & tagBits) !== tag) continue;
      const entry = (slot & entryBits) - 1;
      const other = places[entry];
      if (typeof other === "number" && other === place) return entry;
    }
  }

  private findTuple(place: Tuple, hash: number): number {
    const { places } = this;
    const slots = this.slots;
    const mask = this.mask;
    const tag = tagOf(hash);
    for (let at = spread(hash) & mask; ; at = (at + 1) & mask) {
      const slot = slots[at] as number;
      if (slot === 0) return -1;
      if ((slot & tagBits) !== tag) continue;
      const entry = (slot & entryBits) - 1;
      if (this.hashes[entry] !== hash) continue;
      const other = places[entry];
      if (other instanceof Tuple && areEqualTuples(other, place)) return entry;
    }
  }

  private setOther(place: MapKey, key: Value, value: Value): void {
    this.others ??= new Map();
    const entry = this.others.get(place);
    if (entry !== undefined) {
      this.values[entry] = value;
      return;
    }
    if (this.keys.length === this.hashes.length) this.rebuild();
    this.others.set(place, this.add(place, key, value));
  }

  private add(place: MapKey, key: Value, value: Value): number {
    const { keys } = this;
    if (place !== key && this.places === keys) this.places = keys.slice();
    const entry = keys.length;
    if (entry >= most) throw new Failure(`too many entries (${most})`);
    keys.push(key);
    if (this.places !== keys) this.places.push(place);
    this.values.push(value);
    this.size++;
    return entry;
  }

  /** Removes an entry that is in use. Its slot is left as it is: no key is found there any more. */
  remove(entry: number): void {
    this.others?.delete(this.places[entry] as MapKey);
    this.keys[entry] = undefined;
    this.places[entry] = undefined;
    this.values[entry] = undefined;
    this.size--;
    const { length } = this.keys;
    if (length > smallest && 4 * this.size < length) this.rebuild();
  }

  /** Closes the gaps and makes the table as large as the entries need, with room for as many again, or thrice as many. */
  private rebuild(): void {
    const { values, places, others, hashes } = this;
    const slotsForEach = this.size < large ? 8 : 4;
    let capacity = smallest;
    while (capacity < slotsForEach * this.size) capacity *= 2;
    // With what the arrays of keys and values take until then, which grow by half and are copied.
    take(14 * capacity);
    this.slots = new Int32Array(capacity);
    this.mask = capacity - 1;
    this.hashes = new Int32Array(capacity / 2);
    const { length } = values;
    if (this.size === length && others === undefined) {
      this.hashes.set(hashes.length > capacity / 2 ? hashes.subarray(0, capacity / 2) : hashes);
      for (let entry = 0; entry < length; entry++) this.fillSlot(hashes[entry] as number, entry);
      return;
    }
    let entries = 0;
    for (let entry = 0; entry < length; entry++) {
      if (values[entry] === undefined) continue;
      if (others?.has(places[entry] as MapKey)) others.set(places[entry] as MapKey, entries);
      else this.enter(hashes[entry] as number, entries);
      if (entry !== entries) this.move(entry, entries);
      entries++;
    }
    if (entries === length) return;
    this.keys.length = entries;
    this.places.length = entries;
    this.values.length = entries;
    this.start = 0;
  }

  private enter(hash: number, entry: number): void {
    this.hashes[entry] = hash;
    this.fillSlot(hash, entry);
  }

  private fillSlot(hash: number, entry: number): void {
    const { slots, mask } = this;
    let at = spread(hash) & mask;
    while (slots[at] !== 0) at = (at + 1) & mask;
    slots[at] = tagOf(hash) | (entry + 1);
  }

  private move(from: number, to: number): void {
    this.places[to] = this.places[from];
    this.keys[to] = this.keys[from];
    this.values[to] = this.values[from];
  }
}

/** Slots of a small table; a power of 2, as any number of them. V8 allocates so small an array with the table. */
const smallest = 16;

/** Entries. Up to here, a table grows fourfold: making it anew takes longer than the memory is worth. */
const large = 2 ** 18;

/** Of a slot. */
const entryBits = 0x03ff_ffff;
const tagBits = ~entryBits;

/** As many as slots can tell apart. JavaScript cannot hold many more, and would not fail but end the process. */
const most = entryBits - 1;

/** What a slot has of a hash: never nothing, as a slot without an entry, and hashes in a row have different ones. */
function tagOf(hash: number): number {
  return (Math.imul(hash, 0x85eb_ca6b) | 0x0400_0000) & tagBits;
}

/** Lets all bits of a hash have a say in its low ones; hashes in a row stay together. */
function spread(hash: number): number {
  return hash ^ (hash >>> 10) ^ (hash >>> 20);
}
