/**
 * Sorts places (indexes) by keys of 32 bits. A key and its place are one number of 64 bits, which V8 sorts several times
 * as fast as it sorts with a function that compares; as the place counts last, equal keys stay in their order.
 */
import { pulseFor, pulseForElements } from "../../values/pulse.ts";

/** In the memory of a number of 64 bits, its low half comes first on all but a few machines. */
const low = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const high = 1 - low;

/** How many are sorted in one go, in which nobody can end the program: about 15 ms. */
const chunkSize = 2 ** 18;

/** Part of the places that are being sorted, with the keys by which it is sorted next. */
export class PackedKeys {
  private numbers: BigUint64Array;
  private halves: Uint32Array;

  constructor(
    private readonly places: Uint32Array,
    private readonly start: number,
    private readonly end: number,
  ) {
    this.numbers = new BigUint64Array(end - start);
    this.halves = new Uint32Array(this.numbers.buffer);
  }

  /** Sets the key of the place that is now at `start + i`. */
  setKey(i: number, key: number): void {
    this.halves[2 * i + low] = i;
    this.halves[2 * i + high] = key;
  }

  /** Whether what is now at `start + i` has the same key as what is before it; to be asked once it is sorted. */
  isTie(i: number): boolean {
    return this.halves[2 * i + high] === this.halves[2 * i - 2 + high];
  }

  /** Puts the places in the order of their keys. */
  sort(): void {
    const count = this.numbers.length;
    for (let chunk = 0; chunk < count; chunk += chunkSize) {
      this.numbers.subarray(chunk, chunk + chunkSize).sort();
      pulseFor(chunkSize);
    }
    for (let size = chunkSize; size < count; size *= 2) this.mergePairs(size);
    const { halves } = this;
    const part = this.places.subarray(this.start, this.end);
    const before = part.slice();
    pulseForElements(count);
    for (let i = 0; i < count; i++) part[i] = before[halves[2 * i + low] as number] as number;
  }

  /** Merges sorted runs of `size` two by two. */
  private mergePairs(size: number): void {
    const count = this.numbers.length;
    const merged = new BigUint64Array(count);
    const target = new Uint32Array(merged.buffer);
    for (let from = 0; from < count; from += 2 * size) {
      const middle = Math.min(from + size, count);
      this.merge(from, middle, Math.min(middle + size, count), target);
    }
    this.numbers = merged;
    this.halves = target;
  }

  private merge(from: number, middle: number, end: number, target: Uint32Array): void {
    const { halves } = this;
    let a = from;
    let b = middle;
    for (let i = from; i < end; i++) {
      if ((i & 0xfff) === 0) pulseFor(0x1000);
      const takesFirst =
        b === end || (a < middle && (halves[2 * a + high] as number) <= (halves[2 * b + high] as number));
      const next = takesFirst ? a++ : b++;
      target[2 * i] = halves[2 * next] as number;
      target[2 * i + 1] = halves[2 * next + 1] as number;
    }
  }
}
