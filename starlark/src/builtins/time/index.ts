/** The module `time`: moments, durations and how they are written. */
import { BuiltinFunction, type BuiltinImplementation } from "../../values/functions.ts";
import { NativeModule } from "../../values/module.ts";
import { Failure, type Int, type Value } from "../../values/value.ts";
import { unpackArguments, unpackPositional } from "../unpack.ts";
import { daysOf, secondsPerDay } from "./calendar.ts";
import { Duration, toDuration, unitSizes } from "./duration.ts";
import { findLocation, localZone, momentShown } from "./location.ts";
import { parseTime } from "./parse.ts";
import { Time } from "./time.ts";

const billion = 1_000_000_000n;
const rfc3339 = "2006-01-02T15:04:05Z07:00";

const functions: Record<string, BuiltinImplementation> = {
  from_timestamp(_thread, args, kwargs) {
    const [seconds = 0, nanoseconds = 0] = unpackPositional("from_timestamp", args, kwargs, 1, "int", "int");
    return new Time(BigInt(seconds) * billion + BigInt(nanoseconds), localZone());
  },

  is_valid_timezone(_thread, args, kwargs) {
    const [name = ""] = unpackPositional("is_valid_timezone", args, kwargs, 1, "string");
    try {
      return findLocation(name) !== undefined;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  },

  now(_thread) {
    return new Time(BigInt(Date.now()) * 1_000_000n, localZone());
  },

  parse_duration(_thread, args, kwargs) {
    const [value] = unpackPositional("parse_duration", args, kwargs, 1, "value");
    try {
      return toDuration(value as Value);
    } catch (error) {
      throw error instanceof Failure ? new Failure(`parse_duration: for parameter 1: ${error.message}`) : error;
    }
  },

  parse_time(_thread, args, kwargs) {
    const parameters = { x: "string", "format?": "string", "location?": "string" } as const;
    const { x, format = rfc3339, location = "UTC" } = unpackArguments("parse_time", args, kwargs, parameters);
    return parseTime(x, format, location === "UTC" ? undefined : findLocation(location));
  },

  time(_thread, args, kwargs) {
    const given = unpackArguments("time", args, kwargs, {
      "year?": "int",
      "month?": "int",
      "day?": "int",
      "hour?": "int",
      "minute?": "int",
      "second?": "int",
      "nanosecond?": "int",
      "location?": "string",
    });
    if (args.length > 0) throw new Failure("time: unexpected positional arguments");
    const [year, month, day] = [numberOf(given.year), numberOf(given.month), numberOf(given.day)];
    const clock = numberOf(given.hour) * 3600 + numberOf(given.minute) * 60 + numberOf(given.second);
    const nanosecond = BigInt(given.nanosecond ?? 0);
    const carried = nanosecond / billion - (nanosecond % billion < 0n ? 1n : 0n);
    const location = findLocation(given.location ?? "");
    const shown = daysOf(year, month, day) * secondsPerDay + clock + Number(carried);
    return new Time(BigInt(momentShown(location, shown)) * billion + nanosecond - carried * billion, location);
  },
};

function numberOf(value: Int = 0): number {
  return Number(value);
}

const members = new Map<string, Value>([
  ...Object.entries(functions).map(([name, run]): [string, Value] => [name, new BuiltinFunction(name, run)]),
  ...Object.entries(unitSizes).map(([name, size]): [string, Value] => [name, new Duration(size)]),
]);

export const timeModule = new NativeModule("time", members);
