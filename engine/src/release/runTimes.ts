/** When a run was at work: from its start to its end, without the time in which it was paused. */
import type { RunDocument } from "./documents.ts";

/** Time in which a paused run waited for its inputs; open while it does. ISO times. */
export interface RunPause {
  readonly from: string;
  readonly to?: string;
}

export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** The times of `whole` in which the run was not paused. */
export function activeIntervals(whole: Interval, pauses: readonly RunPause[] = []): Interval[] {
  const intervals: Interval[] = [];
  let { start } = whole;
  for (const { from, to } of pauses) {
    const [pause, end] = [Date.parse(from), to === undefined ? whole.end : Date.parse(to)];
    if (Number.isNaN(pause) || Number.isNaN(end)) continue;
    if (pause > start) intervals.push({ start, end: Math.min(pause, whole.end) });
    start = Math.max(start, end);
  }
  return start <= whole.end ? [...intervals, { start, end: whole.end }] : intervals;
}

/** Milliseconds that a run which has ended was at work; undefined as long as that is not known. */
export function activeTime({
  started,
  ended,
  pauses,
}: Pick<RunDocument, "started" | "ended" | "pauses">): number | undefined {
  const [start, end] = [Date.parse(started ?? ""), Date.parse(ended ?? "")];
  return Number.isNaN(start) || Number.isNaN(end) ? undefined : totalTime(activeIntervals({ start, end }, pauses));
}

export function totalTime(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0);
}

/** The document of a run that waits from now on. */
export function withPause(document: RunDocument, from: string): RunDocument {
  return { ...document, pauses: [...(document.pauses ?? []), { from }] };
}

/** The document of a run that goes on. */
export function withoutOpenPause(document: RunDocument, to: string): RunDocument {
  const { pauses } = document;
  if (!pauses) return document;
  return { ...document, pauses: pauses.map((pause) => (pause.to === undefined ? { ...pause, to } : pause)) };
}
