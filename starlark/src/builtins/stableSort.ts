/**
 * Sorting as the Go implementation does it: the same comparisons in the same order. They show where an order is not total
 * (sets are ordered by inclusion) or fails: what it reports is its last failed comparison, and it goes on after one.
 */
import { compare } from "../values/compare.ts";
import { List } from "../values/list.ts";
import { pulse, pulseAt } from "../values/pulse.ts";
import { StarlarkSet } from "../values/set.ts";
import { Tuple } from "../values/tuple.ts";
import { Failure, type Value } from "../values/value.ts";

/** Length of the blocks that are sorted by insertion before they are merged. */
const blockLength = 20;

/** Whether the order of these keys is not total, so that it matters which are compared. */
export function isPartlyOrdered(keys: readonly Value[]): boolean {
  return keys.some((key, i) => {
    pulseAt(i);
    if (key instanceof StarlarkSet) return true;
    return (key instanceof Tuple || key instanceof List) && key.elements.some((each) => each instanceof StarlarkSet);
  });
}

/** The indexes of the keys in the order of the keys. Throws the last failure of a comparison. */
export function sortPlacesExactly(keys: readonly Value[], reverse: boolean): number[] {
  const sort = new StableSort(keys, reverse);
  sort.run();
  if (sort.failure) throw sort.failure;
  return sort.places;
}

class StableSort {
  readonly places: number[];
  failure: Failure | undefined;
  private readonly keys: readonly Value[];
  private readonly reverse: boolean;

  constructor(keys: readonly Value[], reverse: boolean) {
    this.keys = keys;
    this.reverse = reverse;
    this.places = keys.map((_, i) => i);
  }

  run(): void {
    const count = this.places.length;
    for (let start = 0; start < count; start += blockLength) {
      this.insert(start, Math.min(start + blockLength, count));
    }
    for (let length = blockLength; length < count; length *= 2) {
      for (let start = 0; start + length < count; start += 2 * length) {
        this.merge(start, start + length, Math.min(start + 2 * length, count));
      }
    }
  }

  private isLess(i: number, j: number): boolean {
    pulse();
    const x = this.keys[this.places[i] as number] as Value;
    const y = this.keys[this.places[j] as number] as Value;
    try {
      return this.reverse ? compare("<", y, x) : compare("<", x, y);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.failure = error;
      return false;
    }
  }

  private insert(start: number, end: number): void {
    for (let i = start + 1; i < end; i++) {
      for (let j = i; j > start && this.isLess(j, j - 1); j--) this.rotate(j - 1, j, j + 1);
    }
  }

  /** Merges two neighbouring sorted ranges (SymMerge of Kim and Kutzner). */
  private merge(start: number, middle: number, end: number): void {
    if (middle - start === 1) {
      const place = this.search(middle, end, (i) => !this.isLess(i, start));
      this.rotate(start, middle, place);
      return;
    }
    if (end - middle === 1) {
      const place = this.search(start, middle, (i) => this.isLess(middle, i));
      this.rotate(place, middle, end);
      return;
    }
    const half = (start + end) >> 1;
    const sum = half + middle;
    const [low, high] = middle > half ? [sum - end, half] : [start, middle];
    const from = this.search(low, high, (i) => this.isLess(sum - 1 - i, i));
    const to = sum - from;
    if (from < middle && middle < to) this.rotate(from, middle, to);
    if (start < from && from < half) this.merge(start, from, half);
    if (half < to && to < end) this.merge(half, to, end);
  }

  /** The first place in a range at which `holds`, found by halving; its end if there is none. */
  private search(low: number, high: number, holds: (place: number) => boolean): number {
    while (low < high) {
      const place = (low + high) >> 1;
      if (holds(place)) high = place;
      else low = place + 1;
    }
    return low;
  }

  /** Exchanges the ranges before and behind `middle`. */
  private rotate(start: number, middle: number, end: number): void {
    const moved = this.places.slice(start, middle);
    this.places.copyWithin(start, middle, end);
    for (let i = 0, at = start + end - middle; i < moved.length; i++, at++) this.places[at] = moved[i] as number;
  }
}
