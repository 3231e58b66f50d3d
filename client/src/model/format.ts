const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** As the terminal writes them: `0.4 s`, `4.0 s`, `12 s`, `3 min 05 s`, `2 h 07 min`. Negative values (clocks that disagree) count as 0. */
export function formatDuration(milliseconds: number): string {
  const ms = Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0;
  if (ms < 9950) return `${(ms / second).toFixed(1)} s`;
  const seconds = Math.round(ms / second);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

/** `just now`, `2 min ago`, `3 h ago`, `yesterday`, `5 d ago`, then the date. Both in milliseconds since 1970. */
export function formatAge(time: number, now: number): string {
  const age = now - time;
  if (age < 45 * second) return "just now";
  if (age < hour) return `${Math.max(1, Math.round(age / minute))} min ago`;
  if (age < day && isSameDay(time, now)) return `${Math.round(age / hour)} h ago`;
  const days = Math.round((startOfDay(now) - startOfDay(time)) / day);
  if (days <= 1) return age < 12 * hour ? `${Math.round(age / hour)} h ago` : "yesterday";
  if (days < 14) return `${days} d ago`;
  return formatDate(time);
}

/** `2026-11-22`, in local time. */
function formatDate(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** `2026-11-22 16:31:05`, in local time: the exact form for tooltips. */
export function formatTime(time: number): string {
  const date = new Date(time);
  return `${formatDate(time)} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

function isSameDay(a: number, b: number): boolean {
  return startOfDay(a) === startOfDay(b);
}

/** Seven characters of a commit, as git shows it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** The last line with something in it: of an error with a stack, that is what went wrong. */
export function lastMeaningfulLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "").at(-1) ?? "";
}

/** A line of a view in words for those who hear it: its parts with commas, and no signs between them. */
export function spoken(...parts: readonly (string | boolean | undefined)[]): string {
  return parts
    .filter((part) => typeof part === "string" && part !== "")
    .join(", ")
    .replaceAll(" · ", ", ")
    .replace(/ {2,}/g, ", ");
}

/** Cut in the middle of nothing: at most `length` characters, an ellipsis in place of the rest. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}

/** `1 release`, `2 releases`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
