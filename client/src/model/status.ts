import type { WorkStatus } from "@ocuroot/server/protocol";
import { formatDuration } from "./format.ts";

/** How a status looks everywhere in the editor (design page "ux"): never colour alone, so icon and word go together. */
export interface StatusLook {
  /** Codicon id, without `$(…)`. */
  readonly icon: string;
  /** Theme colour id. */
  readonly color: string;
  /** The word when there is nothing more to say. */
  readonly word: string;
}

const looks: Readonly<Record<WorkStatus, StatusLook>> = {
  pending: { icon: "circle-outline", color: "descriptionForeground", word: "waiting" },
  running: { icon: "sync~spin", color: "charts.blue", word: "running" },
  complete: { icon: "pass", color: "testing.iconPassed", word: "done" },
  failed: { icon: "error", color: "testing.iconFailed", word: "failed" },
  blocked: { icon: "watch", color: "charts.yellow", word: "needs input" },
  paused: { icon: "watch", color: "charts.yellow", word: "needs input" },
  retried: { icon: "history", color: "disabledForeground", word: "retried" },
  cancelled: { icon: "circle-slash", color: "descriptionForeground", word: "cancelled" },
  interrupted: { icon: "debug-disconnect", color: "charts.orange", word: "interrupted" },
  removed: { icon: "trash", color: "descriptionForeground", word: "removed" },
};

/** The look of a status; an unknown one (a newer server) is shown as waiting rather than not at all. */
export function lookOf(status: WorkStatus): StatusLook {
  return looks[status] ?? looks.pending;
}

/** What there is to know beside the status itself. */
export interface StatusDetail {
  readonly durationMs?: number;
  /** Name of the first missing input. */
  readonly needs?: string;
}

/** "running 12 s", "done in 4.1 s", "needs approval", else the plain word. */
export function statusWords(status: WorkStatus, detail: StatusDetail = {}): string {
  const { word } = lookOf(status);
  const duration = detail.durationMs === undefined ? undefined : formatDuration(detail.durationMs);
  switch (status) {
    case "running":
      return duration ? `running ${duration}` : word;
    case "complete":
      return duration ? `done in ${duration}` : word;
    case "blocked":
    case "paused":
      return detail.needs ? `needs ${detail.needs}` : word;
    default:
      return word;
  }
}

/** True while something may still happen by itself. */
export function isLive(status: WorkStatus): boolean {
  return status === "running";
}

/** True when a retry would pick the work up. */
export function canRetry(status: WorkStatus): boolean {
  return status === "failed" || status === "interrupted";
}

/** True when the work waits for a value or a person. */
export function isWaiting(status: WorkStatus): boolean {
  return status === "blocked" || status === "paused";
}

/** True for work that cancelling its release would keep from being started. */
export function hasNotBegun({ status }: { readonly status: WorkStatus }): boolean {
  return status === "pending" || isWaiting(status);
}
