import type { Colors } from "picocolors/types.js";
import type { WorkStatus } from "../release/events.ts";

/** The status language on a terminal: a sign, a colour, a word. */
export const statusSigns: Readonly<Record<WorkStatus, string>> = {
  pending: "·",
  running: "⠿",
  complete: "✓",
  failed: "✗",
  blocked: "⏸",
  paused: "⏸",
  cancelled: "−",
  interrupted: "!",
  retried: "↻",
  removed: "−",
};

export const statusWords: Readonly<Record<WorkStatus, string>> = {
  pending: "waiting",
  running: "running",
  complete: "done",
  failed: "failed",
  blocked: "blocked",
  paused: "paused",
  cancelled: "cancelled",
  interrupted: "interrupted",
  retried: "retried",
  removed: "removed",
};

export function statusColor(colors: Colors, status: WorkStatus): (text: string) => string {
  switch (status) {
    case "complete":
      return colors.green;
    case "failed":
      return colors.red;
    case "interrupted":
    case "blocked":
    case "paused":
      return colors.yellow;
    case "running":
      return colors.blue;
    default:
      return colors.dim;
  }
}

/** The sign of a status in its colour. */
export function statusSign(colors: Colors, status: WorkStatus): string {
  return statusColor(colors, status)(statusSigns[status]);
}
