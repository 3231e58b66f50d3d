import { Failure, type MapKey, type Value } from "./value.ts";

/**
 * A hash table that keeps its entries in order of insertion. It is several times as fast as a Map with the short
 * strings and the ints that most keys are: a Map follows pointers to keys all over the heap, and this compares hashes
 * that lie side by side. Entries are counted from 0; those removed leave gaps until the table is rebuilt.
 */
export class Table {
  /** The keys as the program gave them; undefined in gaps. */
  readonly keys: (Value | undefined)[] = [];
  readonly values: (Value | undefined)[] = [];
  /** Entries without the gaps. */
  size = 0;
  /** What keys are compared by: the very array of the keys while each of them is its own MapKey. */
  private places: (MapKey | undefined)[] = this.keys;
  /** For each slot a hash and the number of an entry, from 1; 0 where the slot is free. At least half of them are. */
  private slots = new Int32Array(2 * smallest);
  private mask = smallest - 1;
  /** Where keys are found that take long to hash. */
  private others: Map<MapKey, number> | undefined;
  /** No entry before this one is in use. */
  private start = 0;

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

  /** The entry of a key; -1 if there is none. */
  find(place: MapKey): number {
    let hash: number;
    if (typeof place === "string" && place.length <= longest) hash = hashText(place);
    else if (typeof place === "number" && !Number.isNaN(place)) hash = hashNumber(place);
    else return this.others?.get(place) ?? -1;
    const { places } = this;
    const slots = this.slots;
    const mask = this.mask;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = (slots[2 * slot + 1] as number) - 1;
      if (entry < 0) return -1;
      if (slots[2 * slot] === hash && places[entry] === place) return entry;
    }
  }

  /** Sets the value of a key whose MapKey is `place`; a key that is there already stays as it was given first. */
  set(place: MapKey, key: Value, value: Value): void {
    let hash: number;
    if (typeof place === "string" && place.length <= longest) hash = hashText(place);
    else if (typeof place === "number" && !Number.isNaN(place)) hash = hashNumber(place);
    else {
      this.setOther(place, key, value);
      return;
    }
    const { places } = this;
    const slots = this.slots;
    const mask = this.mask;
    let slot = spread(hash) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const entry = (slots[2 * slot + 1] as number) - 1;
      if (entry < 0) break;
      if (slots[2 * slot] === hash && places[entry] === place) {
        this.values[entry] = value;
        return;
      }
    }
    slots[2 * slot] = hash;
    slots[2 * slot + 1] = this.add(place, key, value) + 1;
    if (2 * this.keys.length > mask) this.rebuild();
  }

  private setOther(place: MapKey, key: Value, value: Value): void {
    this.others ??= new Map();
    const entry = this.others.get(place);
    if (entry === undefined) this.others.set(place, this.add(place, key, value));
    else this.values[entry] = value;
  }

  private add(place: MapKey, key: Value, value: Value): number {
    if (place !== key && this.places === this.keys) this.places = this.keys.slice();
    const entry = this.keys.length;
    if (entry >= most) throw new Failure(`too many entries (${most})`);
    this.keys.push(key);
    if (this.places !== this.keys) this.places.push(place);
    this.values.push(value);
    this.size++;
    return entry;
  }

  /** Removes an entry that is in use. */
  remove(entry: number): void {
    this.others?.delete(this.places[entry] as MapKey);
    this.keys[entry] = undefined;
    this.places[entry] = undefined;
    this.values[entry] = undefined;
    this.size--;
    const { length } = this.keys;
    if (length > 2 * smallest && 4 * this.size < length) this.rebuild();
  }

  /** Closes the gaps and makes the table as large as the entries need. */
  private rebuild(): void {
    const hashes = new Int32Array(this.keys.length);
    const isHashed = new Uint8Array(this.keys.length);
    const old = this.slots;
    for (let slot = 0; slot < old.length; slot += 2) {
      const entry = (old[slot + 1] as number) - 1;
      if (entry < 0) continue;
      hashes[entry] = old[slot] as number;
      isHashed[entry] = 1;
    }
    let capacity = smallest;
    while (capacity < 4 * this.size) capacity *= 2;
    this.slots = new Int32Array(2 * capacity);
    this.mask = capacity - 1;
    let entries = 0;
    for (let entry = 0; entry < hashes.length; entry++) {
      if (this.values[entry] === undefined) continue;
      if (isHashed[entry] === 1) this.enter(hashes[entry] as number, entries);
      else this.others?.set(this.places[entry] as MapKey, entries);
      if (entry !== entries) this.move(entry, entries);
      entries++;
    }
    this.keys.length = entries;
    this.places.length = entries;
    this.values.length = entries;
    this.start = 0;
  }

  private enter(hash: number, entry: number): void {
    const slots = this.slots;
    const mask = this.mask;
    let slot = spread(hash) & mask;
    while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
    slots[2 * slot] = hash;
    slots[2 * slot + 1] = entry + 1;
  }

  private move(from: number, to: number): void {
    this.places[to] = this.places[from];
    this.keys[to] = this.keys[from];
    this.values[to] = this.values[from];
  }
}

/** Slots of a small table; a power of 2, as any number of them. */
const smallest = 32;

/** JavaScript cannot hold many more, and would not fail but end the process. */
const most = 2 ** 26;

/** Chars. Longer strings are left to a Map, which keeps their hashes. */
const longest = 48;

function hashText(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

function hashNumber(value: number): number {
  const low = value | 0;
  if (low === value) return low;
  // Ints of more than 32 bits, and fractions.
  return low ^ ((value / 0x1_0000_0000) | 0) ^ ((value % 1) * 0x7fff_ffff);
}

/** Lets all bits of a hash have a say in its low ones; hashes in a row stay together. */
function spread(hash: number): number {
  return hash ^ (hash >>> 10) ^ (hash >>> 20);
}
