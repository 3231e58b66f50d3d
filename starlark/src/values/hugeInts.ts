/** Ints of so many digits that one operation on them takes long. */
import { pulseFor, take } from "./pulse.ts";
import { Failure, type Int } from "./value.ts";

/** Bits that an int may have: JavaScript's operations on more than these cannot be interrupted in time. */
const maxBits = 2 ** 21;
const maxDigits = Math.floor(maxBits * Math.log10(2));

/** Bounds of what is neither that small nor that large; negating one of them takes as long as a multiplication. */
class Bounds {
  readonly most: bigint;
  readonly least: bigint;

  constructor(bits: number) {
    this.most = 1n << BigInt(bits);
    this.least = -this.most;
  }

  hold(value: bigint): boolean {
    return value < this.most && value > this.least;
  }
}

/** From here on, ints take memory worth counting. */
const small = new Bounds(8192);
let medium: Bounds | undefined;
let all: Bounds | undefined;

/** The value of a product or a shift, unless it is too large. */
export function checkSize(value: bigint): bigint {
  if (small.hold(value)) return value;
  medium ??= new Bounds(16 * 8192);
  if (medium.hold(value)) {
    take(16_384);
    return value;
  }
  all ??= new Bounds(maxBits);
  if (!all.hold(value)) throw new Failure(`value too large (an int of more than ${maxBits} bits)`);
  take(maxBits / 8);
  return value;
}

/** Fails when so many decimal digits make an int that is too large. */
export function checkDigits(count: number): void {
  if (count > maxDigits) throw new Failure(`value too large (an int of more than ${maxBits} bits)`);
}

/** Up to here, JavaScript's own conversion is quick enough. */
const quick = new Bounds(2 ** 18);

/** Decimal digits that are converted in one go. */
const pieceDigits = 16_384;

/** Decimal digits; halves what is huge, and looks up in between. */
export function intText(value: Int): string {
  if (typeof value === "number" || quick.hold(value)) return value.toString();
  const magnitude = value < 0n ? -value : value;
  // At most one less than it has; hexadecimal digits are found in no time.
  const count = Math.floor((magnitude.toString(16).length - 1) * 4 * Math.log10(2));
  const powers = powersBelow(count);
  const digits = digitsOf(magnitude, powers, powers.length - 1);
  return value < 0n ? `-${digits}` : digits;
}

/** 10 to the `pieceDigits`, its square, the square of that and so on: those of no more than so many digits. */
function powersBelow(count: number): readonly bigint[] {
  const powers = [10n ** BigInt(pieceDigits)];
  for (let digits = 2 * pieceDigits; digits <= count; digits *= 2) {
    pulseFor(pieceDigits);
    const last = powers[powers.length - 1] as bigint;
    powers.push(last * last);
  }
  return powers;
}

/** `powers[i]` is 10 to the 2^i times `pieceDigits`; `value` is at most some times the square of `powers[level]`. */
function digitsOf(value: bigint, powers: readonly bigint[], level: number): string {
  if (level < 0) return value.toString();
  pulseFor(pieceDigits);
  const power = powers[level] as bigint;
  const high = value / power;
  pulseFor(pieceDigits);
  const low = digitsOf(value - high * power, powers, level - 1);
  return high === 0n ? low : digitsOf(high, powers, level - 1) + low.padStart(pieceDigits * 2 ** level, "0");
}

/** The int that decimal digits stand for; halves what is huge, and looks up in between. */
export function decimalValue(digits: string): bigint {
  if (digits.length <= pieceDigits) return BigInt(digits);
  const powers = powersBelow(digits.length - 1);
  return valueOf(digits, powers, powers.length - 1);
}

function valueOf(digits: string, powers: readonly bigint[], level: number): bigint {
  if (level < 0 || digits.length <= pieceDigits) return BigInt(digits);
  const split = digits.length - pieceDigits * 2 ** level;
  if (split <= 0) return valueOf(digits, powers, level - 1);
  const high = valueOf(digits.slice(0, split), powers, level - 1);
  pulseFor(pieceDigits);
  return high * (powers[level] as bigint) + valueOf(digits.slice(split), powers, level - 1);
}
