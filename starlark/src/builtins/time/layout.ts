/** Go's layouts: a time is described by how the second of January 2006, 15:04:05 would be written. */

export type ElementKind =
  | "longMonth"
  | "month"
  | "numMonth"
  | "zeroMonth"
  | "longWeekday"
  | "weekday"
  | "day"
  | "underDay"
  | "zeroDay"
  | "underYearDay"
  | "zeroYearDay"
  | "hour"
  | "hour12"
  | "zeroHour12"
  | "minute"
  | "zeroMinute"
  | "second"
  | "zeroSecond"
  | "longYear"
  | "year"
  | "PM"
  | "pm"
  | "zone"
  | "isoZone"
  | "numZone"
  | "fraction0"
  | "fraction9";

/** A part of a layout that stands for something, and what stands before it. */
export interface Element {
  readonly prefix: string;
  readonly kind: ElementKind;
  /** The part itself. */
  readonly text: string;
  /** Where the layout goes on. */
  readonly end: number;
}

const simple: readonly (readonly [string, ElementKind])[] = [
  ["January", "longMonth"],
  ["Monday", "longWeekday"],
  ["MST", "zone"],
  ["01", "zeroMonth"],
  ["002", "zeroYearDay"],
  ["02", "zeroDay"],
  ["03", "zeroHour12"],
  ["04", "zeroMinute"],
  ["05", "zeroSecond"],
  ["06", "year"],
  ["15", "hour"],
  ["1", "numMonth"],
  ["2006", "longYear"],
  ["2", "day"],
  ["__2", "underYearDay"],
  ["_2", "underDay"],
  ["3", "hour12"],
  ["4", "minute"],
  ["5", "second"],
  ["PM", "PM"],
  ["pm", "pm"],
  ["-07:00:00", "numZone"],
  ["-070000", "numZone"],
  ["-07:00", "numZone"],
  ["-0700", "numZone"],
  ["-07", "numZone"],
  ["Z07:00:00", "isoZone"],
  ["Z070000", "isoZone"],
  ["Z07:00", "isoZone"],
  ["Z0700", "isoZone"],
  ["Z07", "isoZone"],
];
const abbreviations: readonly (readonly [string, ElementKind])[] = [
  ["Jan", "month"],
  ["Mon", "weekday"],
];
const fraction = /[.,](0+|9+)(?![0-9])/y;

/** The next element at or after an index. */
export function nextElement(layout: string, from: number): Element | undefined {
  for (let i = from; i < layout.length; i++) {
    const found = elementAt(layout, i);
    if (found) return { prefix: layout.slice(from, i + found.skipped), ...found };
  }
  return undefined;
}

function elementAt(layout: string, i: number): (Omit<Element, "prefix"> & { skipped: number }) | undefined {
  const element = (kind: ElementKind, text: string, skipped = 0) => ({
    kind,
    text,
    end: i + skipped + text.length,
    skipped,
  });
  if (layout.startsWith("_2006", i)) return element("longYear", "2006", 1);
  for (const [text, kind] of simple) if (layout.startsWith(text, i)) return element(kind, text);
  for (const [text, kind] of abbreviations) {
    if (layout.startsWith(text, i) && !/[a-z]/.test(layout[i + 3] ?? "")) return element(kind, text);
  }
  fraction.lastIndex = i;
  const digits = fraction.exec(layout)?.[0];
  return digits === undefined ? undefined : element(digits[1] === "0" ? "fraction0" : "fraction9", digits);
}

export const monthNames = [
  ..."January February March April May June July August September October November December".split(" "),
];
export const weekdayNames = [..."Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ")];
