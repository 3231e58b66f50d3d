/** What is said when a release stops: its state, why, and what to do next. */
import type { Colors } from "picocolors/types.js";
import type { MissingInput, ReleaseEndEvent } from "../../runner/events.ts";
import { failureLines, type Places } from "./failure.ts";
import { type ReleaseProgress, type WorkProgress, workTitle } from "./progress.ts";
import { statusSign } from "./statusWords.ts";
import { duration, plainLine, plural } from "./text.ts";

/** Lines of a failed work's log that are shown. */
const shownLogLines = 3;

export interface SummaryContext {
  readonly places: Places;
  readonly colors: Colors;
}

export function summaryLines(progress: ReleaseProgress, end: ReleaseEndEvent, context: SummaryContext): string[] {
  const { release } = progress;
  if (!release) return [];
  const file = context.places.shown(release.file);
  switch (end.outcome) {
    case "complete":
      return [`${statusSign(context.colors, "complete")} ${release.name} complete in ${duration(end.durationMs)}`];
    case "failed":
      return failedLines(progress, file, context);
    case "blocked":
      return blockedLines(progress, file, context);
    case "interrupted":
      return [
        `${statusSign(context.colors, "interrupted")} ${release.name} interrupted`,
        ...nextSteps([["go on", `ocuroot release retry ${quoted(file)}/@${release.name}`]], context),
      ];
    case "running":
      return [`${statusSign(context.colors, "running")} ${release.name} is being worked on by another process`];
  }
}

function failedLines(progress: ReleaseProgress, file: string, context: SummaryContext): string[] {
  const { name } = progress.release!;
  const failed = progress.withStatus("failed", "interrupted");
  const lines = failed.flatMap((work) => failedWorkLines(work, name, file, context));
  return [...lines, ...nextSteps([["retry", `ocuroot release retry ${quoted(`${file}/@${name}`)}`]], context)];
}

function failedWorkLines(work: WorkProgress, release: string, file: string, context: SummaryContext): string[] {
  const { colors, places } = context;
  const path = work.phase === "" ? work.planned.name : `${work.phase} › ${work.planned.name}`;
  const word = work.status === "interrupted" ? "was interrupted" : "failed";
  const head = `${statusSign(colors, work.status)} ${release} ${word}: ${path}`;
  const failure = work.last?.failure;
  const why = failure && !failure.interrupted ? failureLines(failure, places, colors) : [];
  const log = lastLines(work, failure?.message ?? "");
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
  const head = `${statusSign(colors, "blocked")} ${name} waits for ${plural(waiting.flatMap((work) => work.last?.needs ?? []).length, "input")}`;
  const lines = waiting.flatMap((work) => {
    const title = work.phase === "" ? workTitle(work.planned) : `${work.phase} › ${workTitle(work.planned)}`;
    return (work.last?.needs ?? []).flatMap((missing) => neededLines(title, missing));
  });
  return [head, ...lines, ...nextSteps([["then", `ocuroot release continue ${quoted(`${file}/@${name}`)}`]], context)];
}

function neededLines(title: string, missing: MissingInput): string[] {
  const line = `  ${title} needs ${missing.input}: ${missing.written}`;
  return "command" in missing.help ? [line, `    ${missing.help.command}`] : [`${line} (${missing.help.sentence})`];
}

function nextSteps(steps: readonly (readonly [string, string])[], { colors }: SummaryContext): string[] {
  return steps.map(([label, command]) => `  ${colors.dim(`${label}:`.padEnd(7))} ${command}`);
}

/** An argument as a shell takes it. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./~-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
