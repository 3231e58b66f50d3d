import { pulseAt, pulseForElements } from "../../values/pulse.ts";

/** Bits of a digit: of few keys, counting more digits than there are keys would take longest. */
const manyBits = 11;
const fewBits = 8;
const fewKeys = 1024;

/**
 * Sorts places (indexes) by keys of 32 bits: digit by digit, beginning with the lowest, each time keeping the order of those
 * that have the same digit, so that places with equal keys stay in their order. Nothing is compared, and nothing called.
 */
export class RadixKeys {
  /** Their bits, as ints with sign: others of 32 bits are objects until V8 has optimised what handles them. */
  private keys: Int32Array<ArrayBuffer>;
  private readonly bits: number;
  /** For each digit, beginning with the lowest, how many keys have each value there. */
  private readonly counts: Int32Array;

  /** Of the places from `start` to `end`. */
  constructor(
    private readonly places: Uint32Array,
    private readonly start: number,
    end: number,
  ) {
    const size = end - start;
    this.keys = new Int32Array(size);
    this.bits = size < fewKeys ? fewBits : manyBits;
    this.counts = new Int32Array(Math.ceil(32 / this.bits) << this.bits);
  }

  /** Sets the key of the place that is now at `start + i`; to be done once for each. */
  setKey(i: number, key: number): void {
    const counts = this.counts;
    const bits = this.bits;
    const mask = (1 << bits) - 1;
    const keyBits = key | 0;
    this.keys[i] = keyBits;
    for (let shift = 0, first = 0; shift < 32; shift += bits, first += mask + 1) {
      const at = first + ((keyBits >>> shift) & mask);
      counts[at] = (counts[at] as number) + 1;
    }
  }

  /** Whether what is now at `start + i` has the same key as what is before it; to be asked once they are sorted. */
  isTie(i: number): boolean {
    return this.keys[i] === this.keys[i - 1];
  }

  /** Puts the places in the order of their keys. */
  sort(): void {
    const counts = this.counts;
    const bits = this.bits;
    const mask = (1 << bits) - 1;
    const size = this.keys.length;
    const target = this.places.subarray(this.start, this.start + size);
    let places = target;
    let spareKeys = new Int32Array(size);
    let sparePlaces: Uint32Array = new Uint32Array(size);
    pulseForElements(3 * size);
    for (let shift = 0, first = 0; shift < 32; shift += bits, first += mask + 1) {
      const ends = counts.subarray(first, first + mask + 1);
      // All have the same value there: nothing would move.
      if (ends[((this.keys[0] as number) >>> shift) & mask] === size) continue;
      startsOf(ends);
      distribute(this.keys, places, shift, ends, spareKeys, sparePlaces);
      [this.keys, spareKeys] = [spareKeys, this.keys];
      [places, sparePlaces] = [sparePlaces, places];
    }
    if (places !== target) target.set(places);
  }
}

/** Makes of how many there are of each where the first of each goes. */
function startsOf(counts: Int32Array): void {
  let sum = 0;
  for (let value = 0; value < counts.length; value++) {
    const count = counts[value] as number;
    counts[value] = sum;
    sum += count;
  }
}

/** Moves keys and places to where the digit that begins at the bit `shift` of the key says. */
function distribute(
  keys: Int32Array,
  places: Uint32Array,
  shift: number,
  starts: Int32Array,
  newKeys: Int32Array,
  newPlaces: Uint32Array,
): void {
  const mask = starts.length - 1;
  for (let i = 0; i < keys.length; i++) {
    pulseAt(i);
    const key = keys[i] as number;
    const digit = (key >>> shift) & mask;
    const to = starts[digit] as number;
    starts[digit] = to + 1;
    newKeys[to] = key;
    newPlaces[to] = places[i] as number;
  }
}
