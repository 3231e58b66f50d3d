import {
  parseRef,
  type ReleaseHistory,
  type RunFailure,
  type RunLog,
  readReleaseHistory,
  readRunLog,
  type StoreReader,
  type WorkHistory,
} from "@ocuroot/engine";
import type { RunLogResult } from "../protocol/index.ts";
import { describeWork } from "./words.ts";

/** A line of a log's text, and the entry it is from; headings and errors are from none. */
export interface LogLine {
  readonly text: string;
  /** With its number. */
  readonly run?: string;
  readonly entry?: RunLog["entries"][number];
}

export interface LogLines {
  readonly lines: readonly LogLine[];
  readonly finished: boolean;
}

/** The log of a run as text, ending with why it failed; for a release, the logs of all its work, one part each. */
export async function readLogText(store: StoreReader, ref: string): Promise<RunLogResult> {
  const { lines, finished } = await readLogLines(store, ref);
  return { text: lines.map(({ text }) => `${text}\n`).join(""), finished };
}

/** The same by line. */
export async function readLogLines(store: StoreReader, ref: string): Promise<LogLines> {
  const parsed = parseRef(ref);
  if (parsed.ok && parsed.ref.hasRelease && parsed.ref.kind === undefined) {
    const release = await readReleaseHistory(store, ref);
    if (release !== undefined) return await releaseLog(store, release);
  }
  const log = await readRunLog(store, ref);
  return log === undefined ? { lines: [], finished: true } : { lines: runLines(log), finished: log.finished };
}

/** The lines of one run. */
export function runLines({ run, entries, failure }: RunLog): LogLine[] {
  const printed = entries.flatMap((entry) =>
    entry.message
      .replace(/\n$/, "")
      .split("\n")
      .map((text): LogLine => ({ text, run, entry })),
  );
  if (failure === undefined) return printed;
  const text = printed.map((line) => line.text).join("\n");
  const gap = printed.length === 0 ? [] : [{ text: "" }];
  return [...printed, ...gap, ...failureLines(failure, text).map((each) => ({ text: each }))];
}

async function releaseLog(store: StoreReader, release: ReleaseHistory): Promise<LogLines> {
  const begun = release.phases.flatMap((phase) => phase.work).filter((work) => work.attempts.length > 0);
  const parts = await Promise.all(begun.map((work) => workPart(store, work)));
  const lines = parts.flatMap((part, index) => (index === 0 ? part : [{ text: "" }, ...part]));
  return { lines, finished: release.status === "complete" || release.status === "cancelled" };
}

/** `── deploy us · failed · 0.6 s ──`, then its log. The editor folds by such lines. */
async function workPart(store: StoreReader, work: WorkHistory): Promise<LogLine[]> {
  const log = await readRunLog(store, work.ref);
  const heading = { text: `── ${work.kind} ${work.name} · ${describeWork(work)} ──` };
  return [heading, ...(log === undefined ? [] : runLines(log))];
}

/**
 * The error without what was printed already (a failed command's error holds its last output), then where it happened:
 * innermost place first, so that the first link leads to what failed.
 */
function failureLines({ message, position, stack, interrupted }: RunFailure, printed: string): string[] {
  const [first = "", ...others] = message.trimEnd().split("\n");
  const news = others.filter((line) => !printed.includes(line.trim())).map((line) => `  ${line}`);
  const frames = stack.filter((frame) => frame.line > 0).reverse();
  const places = frames.map((frame) => `  ${frame.file}:${frame.line}:${frame.column} in ${frame.functionName}`);
  if (places.length === 0 && position) places.push(`  ${position.file}:${position.line}:${position.column}`);
  return [`${interrupted ? "! interrupted" : "✗ failed"}: ${first}`, ...news, ...places];
}
