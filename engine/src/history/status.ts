/** How statuses add up, and times. Pure. */
import type { RunStatus } from "../release/documents.ts";
import type { Interval } from "../release/runTimes.ts";
import type { WorkStatus } from "./model.ts";

/** Loudest first: what a phase or a release is called when its parts differ. */
const loudness: readonly WorkStatus[] = [
  "running",
  "failed",
  "interrupted",
  "paused",
  "blocked",
  "cancelled",
  "pending",
  "complete",
  "removed",
  "retried",
];

/** The status of a whole from those of its parts; a whole without parts is complete. */
export function overallStatus(parts: readonly WorkStatus[]): WorkStatus {
  if (parts.length > 0 && parts.every((part) => part === "removed")) return "removed";
  const loudest = loudness.find((status) => parts.includes(status)) ?? "complete";
  if (loudest === "paused") return "blocked";
  return loudest === "removed" ? "complete" : loudest;
}

/**
 * The word for a run's stored status. `isInterrupted`: it says `running`, but its process is gone, or it failed because its
 * command was interrupted.
 */
export function attemptStatus(status: RunStatus, type: "task" | "up" | "down", isInterrupted: boolean): WorkStatus {
  switch (status) {
    case "complete":
      return type === "down" ? "removed" : "complete";
    case "failed_retried":
      return "retried";
    case "running":
    case "failed":
      return isInterrupted ? "interrupted" : status;
    default:
      return status;
  }
}

/** Time covered by intervals, overlaps counted once: work runs in parallel, and a retry may come a day later. */
export function coveredTime(intervals: readonly Interval[]): number {
  let total = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    total += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return total;
}

/** Milliseconds since 1970 of an ISO time; undefined for anything else. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
