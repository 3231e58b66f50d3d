/** In the memory of a double, the low half of its bits comes first on all but a few machines. */
const low = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;

/**
 * The bits of a double as two ints without sign, whose order is that of the doubles: those of a negative one are turned
 * round. Zero has no sign, and NaN comes after everything else.
 */
export class DoubleHalves {
  private readonly double = new Float64Array(1);
  private readonly bits = new Uint32Array(this.double.buffer);
  low = 0;
  high = 0;

  set(value: number): void {
    this.double[0] = Number.isNaN(value) ? Number.NaN : value + 0;
    const lowBits = this.bits[low] as number;
    const highBits = this.bits[1 - low] as number;
    const turned = highBits >>> 31 === 1 ? 0xffff_ffff : 0;
    this.low = (lowBits ^ turned) >>> 0;
    this.high = (highBits ^ (turned | 0x8000_0000)) >>> 0;
  }
}
