/** One run as a store has it: its document, its status, its times. */

import type { JsonValue } from "../json/json.ts";
import {
  environmentRemoved,
  type LogEntry,
  type RunDocument,
  type RunInputs,
  type RunStatus,
  readLogBody,
  readRunBody,
  refs,
  runStatuses,
} from "../release/documents.ts";
import { activeIntervals, type Interval, totalTime } from "../release/runTimes.ts";
import { ownerIsAlive, readOwner } from "../state/owner.ts";
import { type ReadOptions, StoreError, type StoreReader } from "../state/store.ts";
import type { AttemptHistory } from "./model.ts";
import { attemptStatus, timeOf } from "./status.ts";

export interface LoadedRun {
  readonly ref: string;
  readonly number: number;
  readonly document: RunDocument;
  readonly status: RunStatus;
  readonly isAbandoned: boolean;
  /** Cancelled, since its environment was removed before it began. */
  readonly isDropped: boolean;
  readonly time: number | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** Reads one run. */
export async function loadRun(
  store: StoreReader,
  ref: string,
  number: number,
  options: ReadOptions,
): Promise<LoadedRun> {
  const [stored, status] = await Promise.all([store.read(ref, options), readStatus(store, ref, options)]);
  if (stored?.kind !== "ref") throw new StoreError(`The run ${ref} has no document.`, "missing");
  const document = readRunBody(ref, stored.body);
  const isOver = ["complete", "failed", "failed_retried", "cancelled"].includes(status.status);
  let start = timeOf(document.started);
  let end = timeOf(document.ended) ?? (isOver ? status.time : undefined);
  if (start === undefined && status.status === "running") start = status.time;
  if (start === undefined && isOver) {
    // Written by another tool: only the log tells when it began.
    const times = (await readLog(store, ref, options)).flatMap((entry) => timeOf(entry.timestamp) ?? []);
    start = times[0];
    end ??= times.at(-1);
  }
  return { ref, number, document, ...status, start, end: isOver ? end : undefined };
}

function isInterrupted({ isAbandoned, document }: LoadedRun): boolean {
  return isAbandoned || document.failure?.interrupted === true;
}

/** A run as people see it. */
export function attemptOf(run: LoadedRun): AttemptHistory {
  const { document, start } = run;
  const intervals = intervalsOf(run);
  const output = document.output;
  return {
    ref: run.ref,
    number: run.number,
    type: document.type,
    status: run.isDropped ? "removed" : attemptStatus(run.status, document.type, isInterrupted(run)),
    inputs: valuesOf(document.functions[0]?.inputs ?? {}),
    outputs:
      typeof output === "object" && output !== null && !Array.isArray(output)
        ? (output as Record<string, JsonValue>)
        : {},
    ...optional({
      startedAt: start,
      durationMs: intervals && totalTime(intervals),
      annotation: isWaiting(run) ? document.functions.at(-1)?.annotation : document.annotation,
      failure: document.failure,
    }),
  };
}

function isWaiting({ status }: LoadedRun): boolean {
  return status === "pending" || status === "paused";
}

/** The times in which a run was at work, once it is over. */
export function intervalsOf({ document, start, end }: LoadedRun): Interval[] | undefined {
  return start === undefined || end === undefined ? undefined : activeIntervals({ start, end }, document.pauses);
}

function valuesOf(inputs: RunInputs): Record<string, JsonValue> {
  const known = Object.entries(inputs).flatMap(([name, input]) => {
    const value = input.value ?? input.default;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(known);
}

/** A run's status now. A reader may come between two steps of another tool: the later stage counts, and none is retried. */
export async function readStatus(store: StoreReader, run: string, options: ReadOptions) {
  for (let attempt = 0; ; attempt++) {
    const found = await store.children(`${run}/status`, options);
    const status = runStatuses.findLast((known) => found.includes(known));
    const document = status && (await store.read(refs.status(run, status), options));
    if (status && document) {
      const body = document.kind === "ref" ? document.body : undefined;
      const isAbandoned = status === "running" && !ownerIsAlive(readOwner(fieldOf(body, "owner")));
      const isDropped = status === "cancelled" && fieldOf(body, "reason") === environmentRemoved;
      return { status, isAbandoned, isDropped, time: timeOf(fieldOf(body, "time")) };
    }
    if (attempt >= 5) return { status: "pending" as const, isAbandoned: false, isDropped: false, time: undefined };
  }
}

/** A run's log; empty when there is none. */
export async function readLog(store: StoreReader, run: string, options: ReadOptions): Promise<LogEntry[]> {
  const stored = await store.read(refs.logs(run), options);
  return readLogBody(stored?.kind === "ref" ? stored.body : undefined);
}

/** The numbers among names, highest first. */
export function numbersIn(names: readonly string[]): number[] {
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a);
}

/** A field of a document's body. */
export function fieldOf(value: JsonValue | undefined, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** The fields that have a value. */
export function optional<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
