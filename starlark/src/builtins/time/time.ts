import { BuiltinFunction } from "../../values/functions.ts";
import { normalize } from "../../values/ints.ts";
import { holds } from "../../values/order.ts";
import {
  type BinaryOperatorName,
  type ComparisonOperator,
  type MapKey,
  StarlarkValue,
  type Value,
} from "../../values/value.ts";
import { unpackPositional } from "../unpack.ts";
import { type DateTime, dateTimeOf, secondsOf } from "./calendar.ts";
import { compareBig, Duration } from "./duration.ts";
import { formatTime } from "./format.ts";
import { findLocation, type Location } from "./location.ts";

const billion = 1_000_000_000n;
/** Midnight of the first day of year 1, which counts as no time at all. */
const zeroSeconds = secondsOf({ year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0 });

/** A moment, and the place whose clocks show it. */
export class Time extends StarlarkValue {
  override readonly typeName = "time.time";

  constructor(
    /** From 1970 on. */
    readonly nanoseconds: bigint,
    readonly location: Location,
  ) {
    super();
  }

  get unixSeconds(): number {
    return Number((this.nanoseconds - BigInt(this.nanosecond)) / billion);
  }

  get nanosecond(): number {
    return Number(((this.nanoseconds % billion) + billion) % billion);
  }

  /** What the clocks of the place show. */
  get shown(): DateTime {
    return dateTimeOf(this.unixSeconds + this.location.at(this.unixSeconds).offset);
  }

  plus(nanoseconds: bigint): Time {
    return new Time(this.nanoseconds + nanoseconds, this.location);
  }

  override toStarlarkString(): string {
    return formatTime(this, "2006-01-02 15:04:05.999999999 -0700 MST");
  }

  override truth(): boolean {
    return this.nanoseconds !== BigInt(zeroSeconds) * billion;
  }

  override mapKey(): MapKey {
    return `\u0111${this.nanoseconds}`;
  }

  override compareSameType(operator: ComparisonOperator, other: StarlarkValue): boolean {
    return holds(operator, compareBig(this.nanoseconds, (other as Time).nanoseconds));
  }

  override attribute(name: string): Value | undefined {
    switch (name) {
      case "year":
      case "month":
      case "day":
      case "hour":
      case "minute":
      case "second":
        return this.shown[name];
      case "nanosecond":
        return this.nanosecond;
      case "unix":
        return this.unixSeconds;
      case "unix_nano":
        return normalize(BigInt.asIntN(64, this.nanoseconds));
      case "format":
        return this.method(name, (layout) => formatTime(this, layout));
      case "in_location":
        return this.method(name, (place) => new Time(this.nanoseconds, findLocation(place)));
      default:
        return undefined;
    }
  }

  private method(name: string, run: (argument: string) => Value): Value {
    return new BuiltinFunction(
      name,
      (_thread, args, kwargs) => run(unpackPositional(name, args, kwargs, 1, "string")[0] as string),
      this,
      this.typeName,
    );
  }

  override attributeNames(): string[] {
    const shown = ["day", "hour", "minute", "month", "nanosecond", "second", "unix", "unix_nano", "year"];
    return ["format", "in_location", ...shown].sort();
  }

  override binary(operator: BinaryOperatorName, other: Value): Value | undefined {
    if (other instanceof Duration) {
      if (operator === "+") return this.plus(other.nanoseconds);
      // Go does not look at which side the time is on.
      return operator === "-" ? this.plus(-other.nanoseconds) : undefined;
    }
    if (operator !== "-" || !(other instanceof Time)) return undefined;
    const difference = this.nanoseconds - other.nanoseconds;
    return new Duration(
      difference > mostNanoseconds ? mostNanoseconds : difference < leastNanoseconds ? leastNanoseconds : difference,
    );
  }
}

const mostNanoseconds = (1n << 63n) - 1n;
const leastNanoseconds = -(1n << 63n);
