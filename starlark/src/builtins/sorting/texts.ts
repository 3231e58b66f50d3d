import { pulseForChars } from "../../values/longText.ts";
import { pulseAt } from "../../values/pulse.ts";

/** Chars that make a key, at most: of digits, a key has room for nine. */
const widest = 9;

/**
 * Makes keys of 32 bits from some texts: from the chars after those that all of them begin with. The fewer different
 * chars there are (digits, say), the more of them fit into a key.
 */
export class TextKeys {
  /** All texts are the same. */
  readonly areEqual: boolean;
  private readonly from: number;
  private readonly width: number;
  private readonly base: number;
  /** For each char its number from 1; 0 stands for the end of the text. */
  private readonly ranks = new Uint8Array(256);

  /** The texts of the places from `start` to `end`, which are known to have so many chars in common. */
  constructor(texts: readonly string[], places: Uint32Array, start: number, end: number, known: number) {
    const first = texts[places[start] as number] as string;
    let common = first.length;
    let areEqual = true;
    for (let i = start + 1; i < end && (areEqual || common > known); i++) {
      const text = texts[places[i] as number] as string;
      if (text === first) continue;
      areEqual = false;
      pulseForChars(common - known);
      common = commonLength(first, text, known, common);
    }
    this.areEqual = areEqual;
    this.from = common;
    const ranks = this.ranks;
    for (let i = start; i < end; i++) {
      pulseAt(i);
      const text = texts[places[i] as number] as string;
      const stop = Math.min(text.length, common + widest);
      for (let at = common; at < stop; at++) ranks[text.charCodeAt(at)] = 1;
    }
    let count = 0;
    for (let char = 0; char < 256; char++) if (ranks[char] === 1) ranks[char] = ++count;
    this.base = count + 1;
    this.width = Math.min(widest, Math.floor(32 / Math.log2(count + 1)));
  }

  /** How many chars texts with the same key have in common, unless they end before. */
  get common(): number {
    return this.from + this.width;
  }

  keyOf(text: string): number {
    const stop = this.from + this.width;
    const { length } = text;
    let key = 0;
    for (let at = this.from; at < stop; at++) {
      key = key * this.base + (at < length ? (this.ranks[text.charCodeAt(at)] as number) : 0);
    }
    return key;
  }
}

/** How many chars two texts begin with in common: `known` or more, up to `most`. */
function commonLength(a: string, b: string, known: number, most: number): number {
  const length = Math.min(most, b.length);
  let at = known;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}
