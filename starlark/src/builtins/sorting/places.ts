import { Float } from "../../values/float.ts";
import type { List } from "../../values/list.ts";
import { pulse, pulseAt, pulseForElements, take } from "../../values/pulse.ts";
import { copied } from "../../values/slices.ts";
import type { Tuple } from "../../values/tuple.ts";
import { Failure, type Value } from "../../values/value.ts";
import { isPartlyOrdered, sortPlacesExactly } from "../stableSort.ts";
import { DoubleHalves } from "./doubles.ts";
import { areSame, commonType, type KeyType, type Order, orderFor } from "./order.ts";
import { RadixKeys } from "./radix.ts";
import { TextKeys } from "./texts.ts";

/** Up to so many, comparing them is as fast as anything that has to look at all of them first. */
const few = 48;
/** Up to so many, places are put in order by moving them about one by one. */
const veryFew = 12;
/** Texts that have so many chars in common are compared. */
const longStart = 100;
/** Bytes for each place while it is sorted. */
const placeSize = 40;

/** The places (indexes) of the keys in the order of the keys; equal ones in their own order, also in reverse. */
export function placesInOrder(keys: readonly Value[], reverse: boolean): ArrayLike<number> {
  const places = new Uint32Array(keys.length);
  for (let i = 0; i < places.length; i++) places[i] = i;
  pulseForElements(places.length);
  const type = commonType(keys, places, 0, keys.length);
  if ((type === "other" || type === "row") && isPartlyOrdered(keys)) return sortPlacesExactly(keys, reverse);
  try {
    if (keys.length > few) {
      take(placeSize * keys.length);
      new Sorting(places, keys, reverse).sort(type, 0, keys.length);
      return places;
    }
    return type === "same" ? places : sortByComparing(places, keys, orderFor(type, reverse));
  } catch (error) {
    // Which comparison it is that fails is told by their order.
    if (error instanceof Failure) return sortPlacesExactly(keys, reverse);
    throw error;
  }
}

/** The values that are at places, in the order of those. */
export function inOrder(values: readonly Value[], places: ArrayLike<number>): Value[] {
  const result = copied(values.slice()); // Of the right length from the start: to grow would take it longer than to be filled.
  for (let i = 0; i < result.length; i++) {
    pulseAt(i);
    result[i] = values[places[i] as number] as Value;
  }
  return result;
}

function sortByComparing(places: Uint32Array, keys: readonly Value[], order: Order): readonly number[] {
  return Array.from(places).sort((a, b) => {
    pulse();
    return order(keys[a] as Value, keys[b] as Value);
  });
}

/** Sorts parts of the places by keys, each of which is found by its place. */
class Sorting {
  /** Of tuples and lists, their elements at one index. */
  private readonly columns: Value[][] = [];

  constructor(
    private readonly places: Uint32Array,
    private readonly keys: readonly Value[],
    private readonly reverse: boolean,
  ) {}

  /** Sorts the places from `start` to `end`, whose keys are of one type. */
  sort(type: KeyType, start: number, end: number): void {
    if (type === "row") this.sortRows(start, end, 0);
    else this.sortBy(this.keys, type, start, end);
  }

  private sortBy(keys: readonly Value[], type: KeyType, start: number, end: number): void {
    switch (type) {
      case "same":
        break;
      case "bool":
      case "number":
        this.sortNumbers(keys as readonly number[], start, end);
        break;
      case "float":
        this.sortDoubles(keys, start, end);
        break;
      case "string":
        this.sortTexts(keys as readonly string[], start, end, 0);
        break;
      default:
        this.compare(keys, orderFor(type, this.reverse), start, end);
    }
  }

  /** Moves places about; for very few of them. */
  private insert(keys: readonly Value[], order: Order, start: number, end: number): void {
    const { places } = this;
    for (let i = start + 1; i < end; i++) {
      const place = places[i] as number;
      const key = keys[place] as Value;
      let at = i;
      for (; at > start && order(keys[places[at - 1] as number] as Value, key) > 0; at--) {
        places[at] = places[at - 1] as number;
      }
      places[at] = place;
    }
  }

  private compare(keys: readonly Value[], order: Order, start: number, end: number): void {
    if (end - start <= veryFew) this.insert(keys, order, start, end);
    else this.places.set(sortByComparing(this.places.subarray(start, end), keys, order), start);
  }

  /** Small ints, or bools. */
  private sortNumbers(keys: readonly number[], start: number, end: number): void {
    const { places, reverse } = this;
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = start; i < end; i++) {
      pulseAt(i);
      const key = Number(keys[places[i] as number]);
      if (key < least) least = key;
      if (key > most) most = key;
    }
    if (most - least > 0xffff_ffff) {
      this.sortDoubles(keys, start, end);
      return;
    }
    const radix = new RadixKeys(places, start, end);
    for (let i = start; i < end; i++) {
      pulseAt(i);
      const key = Number(keys[places[i] as number]);
      radix.setKey(i - start, reverse ? most - key : key - least);
    }
    radix.sort();
  }

  private sortDoubles(keys: readonly Value[], start: number, end: number): void {
    const { places } = this;
    const flip = this.reverse ? 0xffff_ffff : 0;
    const halves = new DoubleHalves();
    for (const half of ["low", "high"] as const) {
      const radix = new RadixKeys(places, start, end);
      for (let i = start; i < end; i++) {
        pulseAt(i);
        const key = keys[places[i] as number];
        halves.set(key instanceof Float ? key.value : (key as number));
        radix.setKey(i - start, halves[half] ^ flip);
      }
      radix.sort();
    }
  }

  /** The first `known` chars of the texts are the same. */
  private sortTexts(keys: readonly string[], start: number, end: number, known: number): void {
    const { places, reverse } = this;
    if (end - start <= veryFew || known > longStart) {
      this.compare(keys, orderFor("string", reverse), start, end);
      return;
    }
    const texts = new TextKeys(keys, places, start, end, known);
    if (texts.areEqual) return;
    const radix = new RadixKeys(places, start, end);
    for (let i = start; i < end; i++) {
      pulseAt(i);
      const key = texts.keyOf(keys[places[i] as number] as string);
      radix.setKey(i - start, reverse ? 0xffff_ffff - key : key);
    }
    radix.sort();
    let from = start;
    for (let i = start + 1; i <= end; i++) {
      pulseAt(i);
      if (i < end && radix.isTie(i - start)) continue;
      if (i - from > 1) this.sortTexts(keys, from, i, texts.common);
      from = i;
    }
  }

  /** Sorts tuples or lists by their elements at the index `depth`, and those that are equal by the next. */
  private sortRows(start: number, end: number, depth: number): void {
    const { places, reverse } = this;
    const rows = this.keys as readonly (Tuple | List)[];
    const { length } = (rows[places[start] as number] as Tuple).elements;
    const isEven = haveLength(length, rows, places, start, end);
    if (isEven && depth === length) return;
    const column = this.column(rows, depth);
    const type = isEven ? commonType(column, places, start, end) : "other";
    if (end - start <= veryFew || type === "other" || type === "row") {
      this.compare(rows, orderFor("row", reverse), start, end);
      return;
    }
    this.sortBy(column, type, start, end);
    let from = start;
    for (let i = start + 1; i <= end; i++) {
      pulseAt(i);
      if (i < end && areSame(column[places[from] as number] as Value, column[places[i] as number] as Value)) continue;
      if (i - from > 1) this.sortRows(from, i, depth + 1);
      from = i;
    }
  }

  private column(rows: readonly (Tuple | List)[], index: number): readonly Value[] {
    let column = this.columns[index];
    if (column === undefined) {
      take(8 * rows.length);
      column = rows.map((row, i) => {
        pulseAt(i);
        return row.elements[index] as Value;
      });
      this.columns[index] = column;
    }
    return column;
  }
}

function haveLength(
  length: number,
  rows: readonly (Tuple | List)[],
  places: Uint32Array,
  start: number,
  end: number,
): boolean {
  for (let i = start; i < end; i++) {
    pulseAt(i);
    if ((rows[places[i] as number] as Tuple).elements.length !== length) return false;
  }
  return true;
}
