import { toInt32 } from "./ints.ts";
import { Failure, type Int, typeOf, type Value } from "./value.ts";

/** Start, end and step of the slice `[low:high:step]` of a sequence; None stands for what is left out. */
export function indexRange(low: Value, high: Value, stepValue: Value, length: number): [number, number, number] {
  const step = stepValue === null ? 1 : sliceStep(stepValue);
  if (step > 0) {
    const [start, end] = indices(low, high, length);
    return [start, Math.max(start, end), step];
  }
  const start = Math.min(toIndex("start", low, length, length - 1), length - 1);
  const end = Math.max(toIndex("end", high, length, -1), -1);
  return [Math.max(start, end), end, step];
}

function sliceStep(value: Value): number {
  let step: number;
  try {
    step = toInt32(value);
  } catch (error) {
    throw new Failure(`invalid slice step: ${(error as Failure).message}`);
  }
  if (step === 0) throw new Failure("zero is not a valid slice step");
  return step;
}

/** Start and end, each in [0, length], of the part that optional arguments name. The end may be before the start. */
export function indices(start: Value, end: Value, length: number): [number, number] {
  const from = toIndex("start", start, length, 0);
  const to = toIndex("end", end, length, length);
  return [Math.min(Math.max(from, 0), length), Math.min(Math.max(to, 0), length)];
}

function toIndex(which: "start" | "end", value: Value, length: number, missing: number): number {
  if (value === null) return missing;
  try {
    const index = toInt32(value);
    return index < 0 ? index + length : index;
  } catch (error) {
    throw new Failure(`invalid ${which} index: ${(error as Failure).message}`);
  }
}

export function outOfRange(index: Int, length: number, x: Value): Failure {
  if (length === 0) return new Failure(`index ${index} out of range: empty ${typeOf(x)}`);
  return new Failure(`${typeOf(x)} index ${index} out of range [${-length}:${length - 1}]`);
}
