import { dayOfYear, weekdayOf } from "./calendar.ts";
import { type Element, monthNames, nextElement, weekdayNames } from "./layout.ts";
import type { ZoneAt } from "./location.ts";
import type { Time } from "./time.ts";

/** A time written as a layout says. */
export function formatTime(time: Time, layout: string): string {
  const zone = time.location.at(time.unixSeconds);
  let out = "";
  let position = 0;
  for (let element = nextElement(layout, 0); element; element = nextElement(layout, position)) {
    out += element.prefix + formatElement(element, time, zone);
    position = element.end;
  }
  return out + layout.slice(position);
}

function formatElement({ kind, text }: Element, time: Time, zone: ZoneAt): string {
  const { year, month, day, hour, minute, second } = time.shown;
  const localSeconds = time.unixSeconds + zone.offset;
  const hour12 = hour % 12 || 12;
  switch (kind) {
    case "year":
      return padded(((year % 100) + 100) % 100, 2);
    case "longYear":
      return padded(year, 4);
    case "month":
      return (monthNames[month - 1] as string).slice(0, 3);
    case "longMonth":
      return monthNames[month - 1] as string;
    case "numMonth":
      return String(month);
    case "zeroMonth":
      return padded(month, 2);
    case "weekday":
      return (weekdayNames[weekdayOf(localSeconds)] as string).slice(0, 3);
    case "longWeekday":
      return weekdayNames[weekdayOf(localSeconds)] as string;
    case "day":
      return String(day);
    case "underDay":
      return String(day).padStart(2);
    case "zeroDay":
      return padded(day, 2);
    case "underYearDay":
      return String(dayOfYear(time.shown)).padStart(3);
    case "zeroYearDay":
      return padded(dayOfYear(time.shown), 3);
    case "hour":
      return padded(hour, 2);
    case "hour12":
      return String(hour12);
    case "zeroHour12":
      return padded(hour12, 2);
    case "minute":
      return String(minute);
    case "zeroMinute":
      return padded(minute, 2);
    case "second":
      return String(second);
    case "zeroSecond":
      return padded(second, 2);
    case "PM":
      return hour >= 12 ? "PM" : "AM";
    case "pm":
      return hour >= 12 ? "pm" : "am";
    case "zone":
      return zone.abbreviation === "" ? numericZone("-0700", zone.offset) : zone.abbreviation;
    case "isoZone":
      return zone.offset === 0 ? "Z" : numericZone(text, zone.offset);
    case "numZone":
      return numericZone(text, zone.offset);
    case "fraction0":
    case "fraction9":
      return formatFraction(text, time.nanosecond);
  }
}

function padded(value: number, width: number): string {
  return (value < 0 ? "-" : "") + String(Math.abs(value)).padStart(width, "0");
}

/** The offset in the form that an element such as `-07:00` shows. */
function numericZone(text: string, offset: number): string {
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map((each) => padded(each, 2));
  const digits = text.replace(/[^0-9]/g, "").length;
  return (offset < 0 ? "-" : "+") + parts.slice(0, digits / 2).join(text.includes(":") ? ":" : "");
}

/** Nines leave zeros at the end out, and the point with them. */
function formatFraction(text: string, nanosecond: number): string {
  const digits = padded(nanosecond, 9)
    .padEnd(text.length, "0")
    .slice(0, text.length - 1);
  if (text[1] === "0") return text[0] + digits;
  const shortened = digits.replace(/0+$/, "");
  return shortened === "" ? "" : text[0] + shortened;
}
