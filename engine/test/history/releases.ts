import type { JsonValue } from "../../src/json/json.ts";
import type { Transaction } from "../../src/state/store.ts";

export const repo = "shop";
export const file = "frontend/release.ocu.star";
export const base = `${repo}/-/${file}`;

interface Work {
  readonly kind: "task" | "deploy";
  readonly name: string;
  readonly inputs?: JsonValue;
}

const fn = (name: string) => ({ name, pos: `${file}:${name.length}:1` });

/** Writes a release document with its commit marker. */
export function writeRelease(
  tx: Transaction,
  number: number,
  phases: { name: string; work: Work[] }[],
  at = "2026-01-01T10:00:00Z",
): void {
  const release = `${base}/@r${number}`;
  const tasks = (work: Work[]) =>
    work.map(({ kind, name, inputs = {} }) =>
      kind === "task"
        ? { task: { name, inputs, fn: fn(name) } }
        : { deploy: { environment: name, up: fn("up"), down: fn("down"), inputs } },
    );
  const body = {
    commit: "3f2c1a9",
    package: { functions: {}, phases: phases.map(({ name, work }) => ({ name, tasks: tasks(work) })) },
  };
  tx.set(release, "release", body as unknown as JsonValue);
  tx.set(`${release}/commit/3f2c1a9`, "marker", { time: at });
}

interface Run {
  readonly type?: "task" | "up" | "down";
  readonly status: string;
  readonly statusBody?: Record<string, JsonValue>;
  readonly started?: string;
  readonly ended?: string;
  readonly inputs?: Record<string, JsonValue>;
  readonly dependencies?: string[];
  readonly output?: JsonValue;
  readonly failure?: JsonValue;
  /** What the last function says of the result. */
  readonly annotation?: string;
  /** What the function that went on to this one says. */
  readonly said?: string;
  readonly log?: { message: string; stream?: string; timestamp?: string }[];
}

/** Writes one run: `work` is `task/build`. */
export function writeRun(tx: Transaction, number: number, work: string, attempt: number, run: Run): void {
  const release = `${base}/@r${number}`;
  const ref = `${release}/${work}/${attempt}`;
  const {
    type = work.startsWith("task") ? "task" : "up",
    status,
    statusBody = {},
    inputs = {},
    dependencies = [],
    said,
    log,
    ...rest
  } = run;
  const functions = [{ fn: fn("up"), dependencies, inputs, ...(said === undefined ? {} : { annotation: said }) }];
  const body = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  tx.set(ref, "run", { type, release, functions, ...body } as JsonValue);
  tx.set(`${ref}/status/${status}`, "marker", { time: run.ended ?? "2026-01-01T10:00:00Z", ...statusBody });
  if (!log) return;
  const entries = log.map(({ message, stream = "stdout", timestamp = "2026-01-01T10:00:00Z" }) => ({
    timestamp,
    message,
    attributes: {},
    stream,
  }));
  tx.set(`${ref}/logs`, "logs", entries);
}
