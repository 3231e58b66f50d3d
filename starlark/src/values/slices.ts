import { TextBuilder } from "./longText.ts";
/** Elements `start`, `start + step`, … before `end` (after it, when `step` is negative). */
export function sliceArray<T>(elements: readonly T[], start: number, end: number, step: number): T[] {
  if (step === 1) return elements.slice(start, end);
  const result: T[] = [];
  if (step > 0) for (let i = start; i < end; i += step) result.push(elements[i] as T);
  else for (let i = start; i > end; i += step) result.push(elements[i] as T);
  return result;
}

export function sliceText(text: string, start: number, end: number, step: number): string {
  if (step === 1) return text.slice(start, end);
  const result = new TextBuilder();
  if (step > 0) for (let i = start; i < end; i += step) result.add(text[i] as string);
  else for (let i = start; i > end; i += step) result.add(text[i] as string);
  return result.finish();
}
