import type {
  LogEvent,
  PlannedWork,
  ReleaseEvent,
  ReleaseStartEvent,
  RunFailure,
  WorkEvent,
  WorkId,
  WorkStatus,
} from "../release/events.ts";

/** Log lines of a piece of work that are kept for the screen. */
const keptLines = 20;

/** One piece of work as the screen shows it. */
export interface WorkProgress {
  readonly planned: PlannedWork;
  readonly phase: string;
  status: WorkStatus;
  attempt: number;
  /** Milliseconds since 1970; undefined until it runs here. */
  startedAt: number | undefined;
  last: WorkEvent | undefined;
  readonly lines: LogEvent[];
}

/** Follows the events of one release, so that a view can draw it at any moment. */
export class ReleaseProgress {
  release: ReleaseStartEvent | undefined;
  readonly work = new Map<WorkId, WorkProgress>();

  take(event: ReleaseEvent): void {
    if (event.type === "release") this.#start(event);
    if (event.type === "work") this.#change(event);
    if (event.type === "log") this.#log(event);
  }

  /** Work of each phase, in order. */
  get phases(): { readonly name: string; readonly work: readonly WorkProgress[] }[] {
    return (this.release?.phases ?? []).map(({ name, work }) => ({
      name,
      work: work.flatMap((each) => this.work.get(each.work) ?? []),
    }));
  }

  withStatus(...statuses: readonly WorkStatus[]): WorkProgress[] {
    return [...this.work.values()].filter((work) => statuses.includes(work.status));
  }

  #start(event: ReleaseStartEvent): void {
    this.release = event;
    for (const phase of event.phases) {
      for (const planned of phase.work) {
        const { status } = planned;
        const entry = { planned, phase: phase.name, status, attempt: 1, startedAt: undefined, last: undefined };
        this.work.set(planned.work, { ...entry, lines: [] });
      }
    }
  }

  #change(event: WorkEvent): void {
    const work = this.work.get(event.work);
    if (!work) return;
    if (event.status === "running") work.startedAt = Date.parse(event.time);
    work.status = event.status;
    work.attempt = event.attempt;
    work.last = event;
  }

  #log(event: LogEvent): void {
    const lines = this.work.get(event.work)?.lines;
    if (!lines) return;
    lines.push(event);
    if (lines.length > keptLines) lines.shift();
  }
}

/** Why a piece of work failed: now, or before. */
export function failureOf({ last, planned }: WorkProgress): RunFailure | undefined {
  return last === undefined ? planned.failure : last.failure;
}

/** `deploy us`, `build`. */
export function workTitle(work: PlannedWork): string {
  return work.kind === "deploy" ? `deploy ${work.name}` : work.name;
}
