/** The one line that says what is new about a piece of work. Pure. */
import type { LogEntry } from "../release/documents.ts";
import type { RunFailure } from "../release/events.ts";
import type { MissingInputHistory, WorkHistory, WorkStatus } from "./model.ts";

const maxNews = 200;
const terminalCodes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])/g;

/**
 * Why a run failed, in one line: what the failed command said last, else the error itself. A command's own words say more
 * than its exit status; an error of the program says more than what was printed before it.
 */
export function failureNews(failure: RunFailure | undefined, log: readonly LogEntry[]): string | undefined {
  const message = failure && lastLine(failure.message);
  if (message !== undefined && !isExitStatus(message)) return shorten(message);
  const said = lastMeaningful(log.filter((entry) => entry.stream === "stderr")) ?? lastMeaningful(log);
  const line = said ?? message;
  return line === undefined ? undefined : shorten(line);
}

/** What a run waits for: the name of the custom state, or of the input. */
export function missingNews(missing: readonly MissingInputHistory[]): string | undefined {
  if (missing.length === 0) return undefined;
  const names = missing.map((input) => /(?:^|\/)@[^/]*\/custom\/(.+?)(?:#|$)/.exec(input.ref)?.[1] ?? input.name);
  return `needs ${[...new Set(names)].join(", ")}`;
}

/** What is new about a release: its loudest piece of work. */
export function releaseNews(status: WorkStatus, work: readonly WorkHistory[]): string | undefined {
  const named = (wanted: readonly WorkStatus[]) => work.find((each) => wanted.includes(each.status));
  const id = (each: WorkHistory) => `${each.kind}/${each.name}`;
  if (status === "failed" || status === "interrupted") {
    const failed = named([status]);
    if (!failed) return undefined;
    return `${id(failed)} ${failed.status}${failed.news && status === "failed" ? `: ${failed.news}` : ""}`;
  }
  if (status === "blocked") return named(["paused", "blocked"])?.news;
  return undefined;
}

function lastMeaningful(log: readonly LogEntry[]): string | undefined {
  for (let index = log.length - 1; index >= 0; index--) {
    const line = lastLine(log[index]!.message);
    if (line !== undefined && /[\p{L}\p{N}]/u.test(line) && log[index]!.attributes.source !== "ocuroot") return line;
  }
  return undefined;
}

function lastLine(text: string): string | undefined {
  const lines = text.replace(terminalCodes, "").split(/[\r\n]+/);
  return lines.map((line) => line.trim()).findLast((line) => line !== "");
}

function isExitStatus(message: string): boolean {
  return /\bexit(?:ed)?\b.*\b(?:status|code)?\s*\d+\.?$|\bsignal\b/i.test(message);
}

function shorten(line: string): string {
  return line.length > maxNews ? `${line.slice(0, maxNews - 1)}…` : line;
}
