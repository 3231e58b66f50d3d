import { quote } from "../../values/quote.ts";
import { Failure } from "../../values/value.ts";
import { dateTimeOf, secondsOf } from "./calendar.ts";

/** What the clocks of a place show. */
export interface ZoneAt {
  /** Seconds east of Greenwich. */
  readonly offset: number;
  readonly abbreviation: string;
}

export interface Location {
  readonly name: string;
  at(unixSeconds: number): ZoneAt;
}

export const utc: Location = { name: "UTC", at: () => ({ offset: 0, abbreviation: "UTC" }) };

/** A place whose clocks never change; `abbreviation` may be empty. */
export function fixedLocation(offset: number, abbreviation: string): Location {
  return { name: abbreviation, at: () => ({ offset, abbreviation }) };
}

const known = new Map<string, Location>([
  ["", utc],
  ["UTC", utc],
]);

/** The place with a name of the time zone database. */
export function findLocation(name: string): Location {
  const location = known.get(name) ?? (name === "Local" ? localZone() : namedLocation(name));
  if (!location) throw new Failure(`unknown time zone ${isOddName(name) ? name : name || quote(name)}`);
  known.set(name, location);
  return location;
}

function isOddName(name: string): boolean {
  return name.includes("..") || name.startsWith("/") || name.startsWith("\\");
}

let local: Location | undefined;

export function localZone(): Location {
  if (!local) {
    const zone = namedLocation(new Intl.DateTimeFormat().resolvedOptions().timeZone);
    local = zone ? { ...zone, name: "Local" } : { ...utc, name: "Local" };
  }
  return local;
}

/** The formatter whose parts say what the clocks show. */
function formatterOf(timeZone: string, locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    timeZoneName: "short",
  });
}

/** Abbreviations that no locale in English has. */
const abbreviations = new Map([
  ["Africa/Lagos", "WAT"],
  ["Africa/Maputo", "CAT"],
  ["Africa/Nairobi", "EAT"],
  ["Asia/Hong_Kong", "HKT"],
  ["Asia/Jakarta", "WIB"],
  ["Asia/Karachi", "PKT"],
  ["Asia/Manila", "PST"],
  ["Asia/Seoul", "KST"],
  ["Asia/Shanghai", "CST"],
  ["Asia/Taipei", "CST"],
  ["Asia/Tokyo", "JST"],
  ["Europe/Moscow", "MSK"],
  ["Japan", "JST"],
]);

/** Which locale has an abbreviation for a zone depends on where the zone is. */
const locales = ["en-US", "en-GB", "en-AU", "en-IN", "en-ZA", "en-NZ"];

function namedLocation(name: string): Location | undefined {
  if (name !== "UTC" && !/^[A-Z][A-Za-z0-9_+/-]*$/.test(name)) return undefined;
  if (name === "UTC" || name === "Etc/UTC") return { name, at: utc.at };
  try {
    const formatters = locales.map((locale) => formatterOf(name, locale));
    return { name, at: (seconds) => zoneAt(name, formatters, seconds) };
  } catch {
    return undefined;
  }
}

/** Beyond this, JavaScript has no dates. */
const lastSecond = 8_640_000_000_000;

function zoneAt(name: string, formatters: readonly Intl.DateTimeFormat[], seconds: number): ZoneAt {
  const moment = Math.max(-lastSecond, Math.min(Math.floor(seconds), lastSecond));
  const [first] = formatters as [Intl.DateTimeFormat];
  const parts = new Map(first.formatToParts(moment * 1000).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get("era")?.startsWith("B") ? 1 - part("year") : part("year");
  const shown = secondsOf({
    ...dateTimeOf(0),
    year,
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  });
  const offset = shown - moment;
  for (const formatter of formatters) {
    const abbreviation =
      formatter.formatToParts(moment * 1000).find(({ type }) => type === "timeZoneName")?.value ?? "";
    if (/^[A-Z]{3,5}$/.test(abbreviation) && (abbreviation !== "GMT" || offset === 0)) return { offset, abbreviation };
  }
  return { offset, abbreviation: abbreviations.get(name) ?? signed(offset) };
}

/** What stands in for an abbreviation: `+03`, `-0330`. */
function signed(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60));
  const text = String(Math.floor(minutes / 60)).padStart(2, "0");
  const rest = minutes % 60 === 0 ? "" : String(minutes % 60).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${text}${rest}`;
}

/** The moment at which the clocks of a place show what clocks in Greenwich show at `seconds`. */
export function momentShown(location: Location, seconds: number): number {
  const { offset } = location.at(seconds);
  return seconds - location.at(seconds - offset).offset;
}
