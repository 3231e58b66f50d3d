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
import type { RunLogResult } from "../protocol.ts";
import { describeWork } from "../words.ts";

/** The log of a run as text, ending with why it failed; for a release, the logs of all its work, one part each. */
export async function readLogText(store: StoreReader, ref: string): Promise<RunLogResult> {
  const parsed = parseRef(ref);
  if (parsed.ok && parsed.ref.hasRelease && parsed.ref.kind === undefined) {
    const release = await readReleaseHistory(store, ref);
    if (release !== undefined) return await releaseLog(store, release);
  }
  const log = await readRunLog(store, ref);
  return log === undefined ? { text: "", finished: true } : { text: runText(log), finished: log.finished };
}

async function releaseLog(store: StoreReader, release: ReleaseHistory): Promise<RunLogResult> {
  const begun = release.phases.flatMap((phase) => phase.work).filter((work) => work.attempts.length > 0);
  const parts = await Promise.all(begun.map((work) => workPart(store, work)));
  return { text: parts.join("\n"), finished: release.status === "complete" || release.status === "cancelled" };
}

/** `── deploy us · failed · 0.6 s ──`, then its log. The editor folds by such lines. */
async function workPart(store: StoreReader, work: WorkHistory): Promise<string> {
  const log = await readRunLog(store, work.ref);
  return `── ${work.kind} ${work.name} · ${describeWork(work)} ──\n${log === undefined ? "" : runText(log)}`;
}

function runText({ entries, failure }: RunLog): string {
  const printed = entries.map((each) => (each.message.endsWith("\n") ? each.message : `${each.message}\n`)).join("");
  return failure === undefined ? printed : `${printed}${printed === "" ? "" : "\n"}${failureText(failure, printed)}`;
}

/**
 * The error without what was printed already (a failed command's error holds its last output), then where it happened:
 * innermost place first, so that the first link leads to what failed.
 */
function failureText({ message, position, stack, interrupted }: RunFailure, printed: string): string {
  const [first = "", ...others] = message.trimEnd().split("\n");
  const news = others.filter((line) => !printed.includes(line.trim())).map((line) => `  ${line}`);
  const frames = stack.filter((frame) => frame.line > 0).reverse();
  const places = frames.map((frame) => `  ${frame.file}:${frame.line}:${frame.column} in ${frame.functionName}`);
  if (places.length === 0 && position) places.push(`  ${position.file}:${position.line}:${position.column}`);
  return [`${interrupted ? "! interrupted" : "✗ failed"}: ${first}`, ...news, ...places, ""].join("\n");
}
