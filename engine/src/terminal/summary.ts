/** What is said when a release stops: its state, why, and what to do next. */
import type { Colors } from "picocolors/types.js";
import type { MissingInput, ReleaseEndEvent } from "../release/events.ts";
import { failureLines, type Places } from "./failure.ts";
import { failureOf, type ReleaseProgress, type WorkProgress, workTitle } from "./progress.ts";
import { statusSign } from "./statusWords.ts";
import { duration, plainLine, plural } from "./text.ts";

/** Lines of a failed work's log that are shown. */
const shownLogLines = 3;
/** Names in a list of work, at most; one more is not worth being counted. */
const shownNames = 6;
/** Missing inputs that are shown where not all are asked for. */
const shownNeeds = 10;

export interface SummaryContext {
  readonly places: Places;
  readonly colors: Colors;
  /** Other releases run at the same time: which one is meant is said. */
  readonly isOneOfMany?: boolean;
  /** Nothing is left out, however much there is. */
  readonly isWhole?: boolean;
}

export function summaryLines(progress: ReleaseProgress, end: ReleaseEndEvent, context: SummaryContext): string[] {
  const { release } = progress;
  if (!release) return [];
  const file = context.places.shown(release.file);
  const head = headOf(release.name, file, context);
  const goOn = progress.withStatus("failed", "interrupted").length > 0 ? "retry" : "continue";
  switch (end.outcome) {
    case "complete":
      return [`${statusSign(context.colors, "complete")} ${head} complete in ${duration(end.durationMs)}`];
    case "failed":
      return failedLines(progress, file, context);
    case "blocked":
      return blockedLines(progress, file, context);
    case "interrupted":
      return [
        `${statusSign(context.colors, "interrupted")} ${head} interrupted`,
        ...nextSteps([["go on", `ocuroot release ${goOn} ${quoted(`${file}/@${release.name}`)}`]], context),
      ];
    case "running":
      return [`${statusSign(context.colors, "running")} ${head} is being worked on by another process`];
  }
}

function headOf(release: string, file: string, { isOneOfMany }: SummaryContext): string {
  return isOneOfMany ? `${release} of ${file}` : release;
}

function failedLines(progress: ReleaseProgress, file: string, context: SummaryContext): string[] {
  const { name } = progress.release!;
  const failed = progress.withStatus("failed", "interrupted");
  const lines = alike(failed).flatMap((group) => failedWorkLines(group, name, file, context));
  return [...lines, ...nextSteps([["retry", `ocuroot release retry ${quoted(`${file}/@${name}`)}`]], context)];
}

/** Work of a phase that failed for the same reason at the same place, but for its own name: told together. */
function alike(failed: readonly WorkProgress[]): (readonly [WorkProgress, ...WorkProgress[]])[] {
  const groups = new Map<string, [WorkProgress, ...WorkProgress[]]>();
  for (const work of failed) {
    const { message = "", position, interrupted } = failureOf(work) ?? {};
    const reason = withoutWord(message, work.planned.name);
    const key = JSON.stringify([work.phase, work.status, position, reason, interrupted === true]);
    const group = groups.get(key);
    if (group) group.push(work);
    else groups.set(key, [work]);
  }
  return [...groups.values()];
}

/** A text without a name, where that stands as a word of its own. */
function withoutWord(text: string, word: string): string {
  return text.replace(new RegExp(`(?<![\\w-])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`, "g"), "\0");
}

/** One block for work that failed alike: all of its names, the reason and the log of the first. */
function failedWorkLines(
  group: readonly [WorkProgress, ...WorkProgress[]],
  release: string,
  file: string,
  context: SummaryContext,
): string[] {
  const { colors, places } = context;
  const [work] = group;
  const names = someOf(
    group.map((each) => each.planned.name),
    shownNames,
  );
  const path = work.phase === "" ? names : `${work.phase} › ${names}`;
  const word = work.status === "interrupted" ? "was interrupted" : "failed";
  const head = `${statusSign(colors, work.status)} ${headOf(release, file, context)} ${word}: ${path}`;
  const failure = failureOf(work);
  const why = failure && !failure.interrupted ? failureLines(failure, places, colors) : [];
  // An error that quotes what the command said needs no more of its log.
  const log = failure?.message.includes("\n") ? [] : lastLines(work, failure?.message ?? "");
  const logRef = `${file}/@${release}/${work.planned.work}`;
  return [
    head,
    ...[...why, ...log].map((line) => `  ${line}`),
    ...nextSteps([["log", `ocuroot release logs ${quoted(logRef)}`]], context),
  ];
}

/** The end of its log, without what the error already says. */
function lastLines(work: WorkProgress, message: string): string[] {
  return work.lines
    .map((line) => plainLine(line.message).trim())
    .filter((line) => line !== "" && !message.includes(line))
    .slice(-shownLogLines);
}

function blockedLines(progress: ReleaseProgress, file: string, context: SummaryContext): string[] {
  const { colors } = context;
  const { name } = progress.release!;
  const waiting = progress.withStatus("blocked", "paused");
  const needs = new Map<string, { readonly missing: MissingInput; readonly titles: string[] }>();
  for (const work of waiting) {
    for (const missing of work.last?.needs ?? []) {
      const entry = needs.get(missing.ref) ?? { missing, titles: [] };
      entry.titles.push(work.phase === "" ? workTitle(work.planned) : `${work.phase} › ${workTitle(work.planned)}`);
      needs.set(missing.ref, entry);
    }
  }
  const what = needs.size > 0 ? `waits for ${plural(needs.size, "input")}` : "has work that nobody has begun";
  const head = `${statusSign(colors, "blocked")} ${headOf(name, file, context)} ${what}`;
  const count = context.isWhole || needs.size <= shownNeeds + 1 ? needs.size : shownNeeds;
  const lines = [...needs.values()].slice(0, count).flatMap(({ missing, titles }) => neededLines(titles, missing));
  const release = `${file}/@${name}`;
  if (count < needs.size) lines.push(`  … and ${needs.size - count} more: ocuroot release show ${quoted(release)}`);
  return [head, ...lines, ...nextSteps([["then", `ocuroot release continue ${quoted(release)}`]], context)];
}

/** What is missing, who needs it, and what to do: once for each ref. */
function neededLines(titles: readonly string[], { written, help }: MissingInput): string[] {
  const line = `  ${written}  for ${someOf(titles, 2)}`;
  return [line, "command" in help ? `    ${help.command}` : `    ${help.sentence}`];
}

/** The first of several, and how many there are beside. */
function someOf(names: readonly string[], shown: number): string {
  if (names.length <= shown + 1) return names.join(", ");
  return `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
}

function nextSteps(steps: readonly (readonly [string, string])[], { colors }: SummaryContext): string[] {
  return steps.map(([label, command]) => `  ${colors.dim(`${label}:`.padEnd(7))} ${command}`);
}

/** An argument as a shell takes it. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./~-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
