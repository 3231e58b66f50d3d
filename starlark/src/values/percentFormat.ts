/** Formats of `format % operand`, read. */
import { pulse } from "./pulse.ts";

export interface Conversion {
  /** The text before it. */
  readonly before: string;
  /** What it looks up; null when that does not end. */
  readonly key: string | null | undefined;
  /** Empty when the format ends before it. */
  readonly verb: string;
}

export interface PercentFormat {
  readonly conversions: readonly Conversion[];
  /** The text after the last conversion. */
  readonly end: string;
}

export function parsePercentFormat(format: string): PercentFormat {
  const conversions: Conversion[] = [];
  let before = "";
  let position = 0;
  for (;;) {
    pulse();
    const percent = format.indexOf("%", position);
    if (percent < 0) break;
    before += format.slice(position, percent);
    position = percent + 1;
    if (format[position] === "%") {
      before += "%";
      position++;
      continue;
    }
    let key: string | null | undefined;
    if (format[position] === "(") {
      const close = format.indexOf(")", position);
      key = close < 0 ? null : format.slice(position + 1, close);
      position = close < 0 ? format.length : close + 1;
    }
    conversions.push({ before, key, verb: format[position] ?? "" });
    before = "";
    position++;
  }
  return { conversions, end: before + format.slice(position) };
}
