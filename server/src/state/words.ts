import type { JsonValue } from "@ocuroot/engine";
import type { WorkSummary } from "../analysis/stateView.ts";
import type { WorkStatus } from "../protocol/index.ts";

/** Icons and words of the design page, the same in terminal, tree, graph and hover. */
const statusWords: Readonly<Record<WorkStatus, string>> = {
  pending: "waiting",
  running: "running",
  complete: "done",
  failed: "failed",
  blocked: "needs input",
  paused: "needs input",
  retried: "retried",
  cancelled: "cancelled",
  interrupted: "interrupted",
  removed: "removed",
};

const statusMarks: Readonly<Record<WorkStatus, string>> = {
  pending: "·",
  running: "…",
  complete: "✓",
  failed: "✗",
  blocked: "⏸",
  paused: "⏸",
  retried: "↻",
  cancelled: "✗",
  interrupted: "!",
  removed: "−",
};

/** `✓ r8 done in 4.1 s`. */
export function describeStatus(summary: WorkSummary): string {
  const { status, release, durationMs, news } = summary;
  const took = durationMs === undefined ? "" : ` ${status === "complete" ? "in " : ""}${formatDuration(durationMs)}`;
  return `${statusMarks[status]} ${release} ${statusWords[status]}${took}${news === undefined ? "" : `: ${news}`}`;
}

/** What a person has to look at comes first. */
const byUrgency: readonly WorkStatus[] = [
  "failed",
  "interrupted",
  "cancelled",
  "blocked",
  "paused",
  "running",
  "pending",
  "complete",
  "removed",
  "retried",
];

/** More names than this are counted. */
const maxNames = 3;

/** Work that one line of a file stands for: `✗ r8 us failed · 2 of 3 done`, `✓ r8 eu, us done`. */
export function describeMany(all: readonly { readonly name: string; readonly summary: WorkSummary }[]): {
  readonly title: string;
  /** Those that the title is about: of the most urgent status. */
  readonly foremost: readonly WorkSummary[];
} {
  const status = byUrgency.find((each) => all.some(({ summary }) => summary.status === each));
  const group = all.filter(({ summary }) => summary.status === status);
  const [first] = group;
  if (status === undefined || first === undefined) return { title: "", foremost: [] };
  const names =
    group.length <= maxNames ? group.map(({ name }) => name).join(", ") : `${group.length} of ${all.length}`;
  const done = all.filter(({ summary }) => summary.status === "complete").length;
  const rest = status === "complete" || done === 0 ? "" : ` · ${done} of ${all.length} done`;
  const title = `${statusMarks[status]} ${first.summary.release} ${names} ${statusWords[status]}${rest}`;
  return { title, foremost: group.map(({ summary }) => summary) };
}

/** `failed · 0.6 s`, of work in a list. */
export function describeWork({ status, durationMs }: { status: WorkStatus; durationMs?: number }): string {
  return durationMs === undefined ? statusWords[status] : `${statusWords[status]} · ${formatDuration(durationMs)}`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 04 min`, as in the terminal. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** A value on one line, at most `limit` characters long. */
export function shortValue(value: JsonValue, limit = 80): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, " ").replaceAll("`", "'");
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
