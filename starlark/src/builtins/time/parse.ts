import { Failure } from "../../values/value.ts";
import { dateTimeOf, daysInMonth, daysOf, secondsOf, secondsPerDay } from "./calendar.ts";
import { type Element, monthNames, nextElement, weekdayNames } from "./layout.ts";
import { fixedLocation, type Location, localZone, momentShown, utc } from "./location.ts";
import { Time } from "./time.ts";

/** Reads a time that is written as a layout says. Without a zone, or in `place`, it is that of the place's clocks. */
export function parseTime(text: string, layout: string, place: Location | undefined): Time {
  return new TimeReader(text, layout).read(place ?? utc, place ?? localZone());
}

/** The text does not have what the element stands for. */
class Mismatch extends Error {}
/** It has, but there is no such hour, month … */
class OutOfRange extends Error {}

const billion = 1_000_000_000n;

class TimeReader {
  private rest: string;
  private year = 0;
  private month = -1;
  private day = -1;
  private yearDay = -1;
  private hour = 0;
  private minute = 0;
  private second = 0;
  private nanosecond = 0;
  private half: "am" | "pm" | undefined;
  private isUtc = false;
  private zoneOffset: number | undefined;
  private zoneName = "";

  constructor(
    private readonly text: string,
    private readonly layout: string,
  ) {
    this.rest = text;
  }

  read(place: Location, local: Location): Time {
    let position = 0;
    for (let element = nextElement(this.layout, 0); element; element = nextElement(this.layout, position)) {
      this.skip(element.prefix);
      position = element.end;
      this.readElement(element, nextElement(this.layout, position));
    }
    this.skip(this.layout.slice(position));
    if (this.rest !== "") throw this.failure(`: extra text: ${quoteAscii(this.rest)}`);
    if (this.half === "pm" && this.hour < 12) this.hour += 12;
    else if (this.half === "am" && this.hour === 12) this.hour = 0;
    this.settleDay();
    return this.settleZone(place, local);
  }

  private failure(message: string): Failure {
    return new Failure(`parsing time ${quoteAscii(this.text)}${message}`);
  }

  private cannotParse(rest: string, wanted: string): Failure {
    const as = `: cannot parse ${quoteAscii(rest)} as ${quoteAscii(wanted)}`;
    return new Failure(`parsing time ${quoteAscii(this.text)} as ${quoteAscii(this.layout)}${as}`);
  }

  /** Passes what stands between elements; blanks may be more or fewer. */
  private skip(prefix: string): void {
    for (let left = prefix; left !== ""; ) {
      if (left[0] === " ") {
        if (this.rest !== "" && this.rest[0] !== " ") throw this.cannotParse(this.rest, prefix);
        left = left.replace(/^ +/, "");
        this.rest = this.rest.replace(/^ +/, "");
      } else {
        if (this.rest[0] !== left[0]) throw this.cannotParse(this.rest, prefix);
        left = left.slice(1);
        this.rest = this.rest.slice(1);
      }
    }
  }

  private readElement(element: Element, following: Element | undefined): void {
    const before = this.rest;
    try {
      this.readPart(element, following);
    } catch (error) {
      if (error instanceof OutOfRange) throw this.failure(`: ${error.message} out of range`);
      if (error instanceof Mismatch) throw this.cannotParse(before, element.text);
      throw error;
    }
  }

  private readPart({ kind, text }: Element, following: Element | undefined): void {
    switch (kind) {
      case "year": {
        const year = Number(this.take(/^[0-9]{2}/));
        this.year = year + (year >= 69 ? 1900 : 2000);
        break;
      }
      case "longYear":
        this.year = Number(this.take(/^[0-9]{4}/));
        break;
      case "month":
      case "longMonth":
        this.month = this.name(kind === "month" ? monthNames.map((name) => name.slice(0, 3)) : monthNames) + 1;
        break;
      case "numMonth":
      case "zeroMonth":
        this.month = this.number(kind === "zeroMonth", 1, 12, "month");
        break;
      case "weekday":
      case "longWeekday":
        this.name(kind === "weekday" ? weekdayNames.map((name) => name.slice(0, 3)) : weekdayNames);
        break;
      case "day":
      case "underDay":
      case "zeroDay":
        if (kind === "underDay") this.rest = this.rest.replace(/^ /, "");
        this.day = this.number(kind === "zeroDay", 0, 99, "day");
        break;
      case "underYearDay":
        this.rest = this.rest.replace(/^ {0,2}/, "");
        this.yearDay = Number(this.take(/^[0-9]{1,3}/));
        break;
      case "zeroYearDay":
        this.yearDay = Number(this.take(/^[0-9]{3}/));
        break;
      case "hour":
        this.hour = this.number(false, 0, 23, "hour");
        break;
      case "hour12":
      case "zeroHour12":
        this.hour = this.number(kind === "zeroHour12", 0, 12, "hour");
        break;
      case "minute":
      case "zeroMinute":
        this.minute = this.number(kind === "zeroMinute", 0, 59, "minute");
        break;
      case "second":
      case "zeroSecond":
        this.second = this.number(kind === "zeroSecond", 0, 59, "second");
        // A fraction is taken even if the layout has none.
        if (following?.kind !== "fraction0" && following?.kind !== "fraction9") this.fraction(/^[.,][0-9]+/);
        break;
      case "PM":
      case "pm":
        this.half = this.take(kind === "PM" ? /^(?:AM|PM)/ : /^(?:am|pm)/).toLowerCase() as "am" | "pm";
        break;
      case "fraction0":
        if (!this.fraction(new RegExp(`^[.,][0-9]{${text.length - 1}}`))) throw new Mismatch();
        break;
      case "fraction9":
        this.fraction(/^[.,][0-9]+/);
        break;
      case "zone":
        this.readZoneName();
        break;
      case "isoZone":
      case "numZone":
        this.readZoneOffset(kind === "isoZone", text);
        break;
    }
  }

  private take(pattern: RegExp): string {
    const found = pattern.exec(this.rest)?.[0];
    if (found === undefined) throw new Mismatch();
    this.rest = this.rest.slice(found.length);
    return found;
  }

  private number(isFixed: boolean, least: number, most: number, what: string): number {
    const value = Number(this.take(isFixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/));
    if (value < least || value > most) throw new OutOfRange(what);
    return value;
  }

  private name(names: readonly string[]): number {
    const rest = this.rest.toLowerCase();
    const index = names.findIndex((name) => rest.startsWith(name.toLowerCase()));
    if (index < 0) throw new Mismatch();
    this.rest = this.rest.slice((names[index] as string).length);
    return index;
  }

  private fraction(pattern: RegExp): boolean {
    const found = pattern.exec(this.rest)?.[0];
    if (found === undefined) return false;
    this.rest = this.rest.slice(found.length);
    this.nanosecond = Number(found.slice(1, 10).padEnd(9, "0"));
    return true;
  }

  private readZoneOffset(allowsZ: boolean, text: string): void {
    if (allowsZ && this.rest.startsWith("Z")) {
      this.rest = this.rest.slice(1);
      this.isUtc = true;
      return;
    }
    const form = text.slice(1).replace(/00|07/g, "([0-9]{2})");
    const match = new RegExp(`^([-+])${form}`).exec(this.rest);
    if (!match) throw new Mismatch();
    this.rest = this.rest.slice(match[0].length);
    const [hours, minutes, seconds] = match.slice(2).concat("0", "0").map(Number) as [number, number, number];
    if (hours > 24) throw new OutOfRange("time zone offset hour");
    if (minutes > 60) throw new OutOfRange("time zone offset minute");
    if (seconds > 60) throw new OutOfRange("time zone offset second");
    this.zoneOffset = ((hours * 60 + minutes) * 60 + seconds) * (match[1] === "-" ? -1 : 1);
  }

  private readZoneName(): void {
    if (this.rest.startsWith("UTC")) {
      this.rest = this.rest.slice(3);
      this.isUtc = true;
      return;
    }
    const special = /^(?:ChST|MeST)/.exec(this.rest)?.[0];
    const signed = /^(?:GMT)?[-+](?:0*[0-9]|0*1[0-9]|0*2[0-3])(?![0-9])/.exec(this.rest)?.[0];
    const letters = /^[A-Z]{0,6}/.exec(this.rest)?.[0] ?? "";
    const isName = /^(?:[A-Z]{3}|[A-Z]{3}T|WITA|[A-Z]{4}T)$/.test(letters);
    const name = special ?? signed ?? (this.rest.startsWith("GMT") ? "GMT" : isName ? letters : undefined);
    if (name === undefined || this.rest.length < 3) throw new Mismatch();
    this.rest = this.rest.slice(name.length);
    this.zoneName = name;
  }

  private settleDay(): void {
    const year = this.year;
    const yearDay = this.yearDay;
    if (yearDay >= 0) {
      const days = daysOf(year + 1, 1, 1) - daysOf(year, 1, 1);
      if (yearDay < 1 || yearDay > days) throw this.failure(": day-of-year out of range");
      const { month, day } = dateTimeOf((daysOf(year, 1, 1) + yearDay - 1) * secondsPerDay);
      if (this.month >= 0 && this.month !== month) throw this.failure(": day-of-year does not match month");
      if (this.day >= 0 && this.day !== day) throw this.failure(": day-of-year does not match day");
      this.month = month;
      this.day = day;
    }
    if (this.month < 0) this.month = 1;
    if (this.day < 0) this.day = 1;
    if (this.day < 1 || this.day > daysInMonth(year, this.month)) throw this.failure(": day out of range");
  }

  private settleZone(place: Location, local: Location): Time {
    const zoneName = this.zoneName;
    const shown = secondsOf({
      year: this.year,
      month: this.month,
      day: this.day,
      hour: this.hour,
      minute: this.minute,
      second: this.second,
    });
    if (this.isUtc) return this.time(shown, utc);
    if (this.zoneOffset !== undefined) {
      const moment = shown - this.zoneOffset;
      const { offset, abbreviation } = local.at(moment);
      const isLocal = offset === this.zoneOffset && (zoneName === "" || abbreviation === zoneName);
      return this.time(moment, isLocal ? local : fixedLocation(this.zoneOffset, zoneName));
    }
    if (zoneName !== "") {
      const moment = momentShown(local, shown);
      if (local.at(moment).abbreviation === zoneName) return this.time(moment, local);
      const offset = zoneName.length > 3 && zoneName.startsWith("GMT") ? Number(zoneName.slice(3)) * 3600 : 0;
      return this.time(shown, fixedLocation(offset, zoneName)); // as Go has it, though the clocks show another time
    }
    return this.time(momentShown(place, shown), place);
  }

  private time(seconds: number, location: Location): Time {
    return new Time(BigInt(seconds) * billion + BigInt(this.nanosecond), location);
  }
}

/** As Go's package `time` quotes: bytes that are no printable ASCII in hexadecimal. */
function quoteAscii(text: string): string {
  const escaped = text.replace(/["\\]|[^\x20-\x7f]/g, (char) =>
    char === '"' || char === "\\" ? `\\${char}` : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}
