import { TextBuilder } from "./longText.ts";
import { pulseAt, pulseForElements } from "./pulse.ts";

/** Elements `start`, `start + step`, … before `end` (after it, when `step` is negative). */
export function sliceArray<T>(elements: readonly T[], start: number, end: number, step: number): T[] {
  if (step === 1) return copied(elements.slice(start, end));
  const result: T[] = [];
  if (step > 0) for (let i = start; i < end; i += step) pulseAt(result.push(elements[i] as T));
  else for (let i = start; i > end; i += step) pulseAt(result.push(elements[i] as T));
  return result;
}

/** An array that was made in one go, which takes its time when it is long. */
export function copied<T>(elements: T[]): T[] {
  pulseForElements(elements.length);
  return elements;
}

export function sliceText(text: string, start: number, end: number, step: number): string {
  if (step === 1) return text.slice(start, end);
  const result = new TextBuilder();
  if (step > 0) for (let i = start; i < end; i += step) result.add(text[i] as string);
  else for (let i = start; i > end; i += step) result.add(text[i] as string);
  return result.finish();
}

/** What is in an array with gaps. */
export function present<T>(entries: readonly (T | undefined)[]): T[] {
  const found: T[] = [];
  for (let i = 0; i < entries.length; i++) {
    pulseAt(i);
    const entry = entries[i];
    if (entry !== undefined) found.push(entry);
  }
  return found;
}
