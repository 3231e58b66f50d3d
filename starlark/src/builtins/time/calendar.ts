/** The Gregorian calendar, for any year. Seconds count from 1970. */

export interface DateTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export const secondsPerDay = 86_400;

/** Days from 1970-01-01 to a date; month and day may lie beyond their ranges. */
export function daysOf(year: number, month: number, day: number): number {
  const years = year + Math.floor((month - 1) / 12);
  const monthFromMarch = (modulo(month - 1, 12) + 10) % 12;
  const yearFromMarch = monthFromMarch >= 10 ? years - 1 : years;
  const era = Math.floor(yearFromMarch / 400);
  const yearOfEra = yearFromMarch - era * 400;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function secondsOf({ year, month, day, hour, minute, second }: DateTime): number {
  return daysOf(year, month, day) * secondsPerDay + hour * 3600 + minute * 60 + second;
}

export function dateTimeOf(seconds: number): DateTime {
  const days = Math.floor(seconds / secondsPerDay);
  const rest = seconds - days * secondsPerDay;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
  };
}

/** 0 for Sunday. */
export function weekdayOf(seconds: number): number {
  return modulo(Math.floor(seconds / secondsPerDay) + 4, 7);
}

/** From 1. */
export function dayOfYear({ year, month, day }: DateTime): number {
  return daysOf(year, month, day) - daysOf(year, 1, 1) + 1;
}

export function daysInMonth(year: number, month: number): number {
  return daysOf(year, month + 1, 1) - daysOf(year, month, 1);
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b;
}
