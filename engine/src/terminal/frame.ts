/** How a release looks at a moment, in lines for a terminal. Pure. */
import type { Colors } from "picocolors/types.js";
import { failureNews } from "../history/news.ts";
import { failureOf, type ReleaseProgress, type WorkProgress, workTitle } from "./progress.ts";
import { statusColor, statusSign, statusWords } from "./statusWords.ts";
import { displayWidth, duration, fit, padded, plainLine, shownOutputs } from "./text.ts";

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Time for which a picture of the spinner stays, in milliseconds. */
const spinnerMs = 100;

/** Column at which durations end, when titles leave room. */
const durationColumn = 46;

/** How a frame stands to the screen: a live one must fit, the last one stays in the scrollback in full. */
export interface FrameOptions {
  readonly columns: number;
  /** Lines at most; undefined for as many as there are. */
  readonly rows?: number;
  readonly now: number;
  readonly colors: Colors;
}

interface Layout extends FrameOptions {
  /** Column at which durations end. */
  readonly right: number;
}

/** The lines that show a release at a moment. */
export function frame(progress: ReleaseProgress, given: FrameOptions): string[] {
  const { release } = progress;
  if (!release) return [];
  const { columns } = given;
  const options: Layout = { ...given, right: durationEnd(progress, columns) };
  const header = headerLine(`${release.repo}/${release.file}`, release.name, release.commit.slice(0, 7), options);
  const lines = progress.phases.flatMap(({ name, work }) => phaseLines(name, work, options));
  const all = [header, ...(lines.length > 0 ? [""] : []), ...lines].map((line) => fit(line.trimEnd(), columns));
  return options.rows === undefined || all.length <= options.rows ? all : shorten(progress, all, options);
}

/** Narrow screens leave room for news; but titles that take at most three quarters keep durations below each other. */
function durationEnd(progress: ReleaseProgress, columns: number): number {
  const titles = progress.phases.flatMap(({ work }) => work.map(({ planned }) => displayWidth(workTitle(planned))));
  const widest = titles.reduce((most, width) => Math.max(most, width), 0);
  const wanted = widest + "  ✓  10.0 s".length;
  const room = Math.max(24, columns - 34, Math.min(wanted, Math.floor(columns * 0.75)));
  return Math.min(durationColumn, room, columns - 2);
}

/** Where there is little room the commit goes first, then the beginning of the path: what it ends with tells more. */
function headerLine(file: string, name: string, commit: string, { columns, colors }: FrameOptions): string {
  const rest = displayWidth(`${file}  ${name}  (${commit})`) <= columns ? `  ${colors.dim(`(${commit})`)}` : "";
  const room = Math.max(8, columns - displayWidth(`  ${name}`));
  const letters = [...file];
  while (rest === "" && displayWidth(letters.join("")) > room - 1 && letters.length > 1) letters.shift();
  const shown = letters.length === [...file].length ? file : `…${letters.join("")}`;
  return `${colors.bold(shown)}  ${name}${rest}`;
}

function phaseLines(name: string, work: readonly WorkProgress[], options: Layout): string[] {
  if (name === "") return work.map((each) => workLine(each, "", options));
  const heading = options.colors.bold(name);
  if (work.length === 0) return [`${heading} ${options.colors.dim("no work")}`];
  if (work.every((each) => each.status === "pending")) return [heading, ...waitingLines(work, options)];
  return [heading, ...work.map((each) => workLine(each, "  ", options))];
}

/** Work that waits takes few lines: names side by side. */
function waitingLines(work: readonly WorkProgress[], { columns, colors }: FrameOptions): string[] {
  const lines: string[] = [];
  let line = " ";
  for (const each of work) {
    const item = ` · ${workTitle(each.planned)}  `;
    if (line.trim() !== "" && displayWidth(line) + displayWidth(item.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = " ";
    }
    line += item;
  }
  return [...lines, line.trimEnd()].map((text) => colors.dim(text));
}

function workLine(work: WorkProgress, indent: string, options: Layout): string {
  const { colors, right, now } = options;
  const { status } = work;
  const frameIndex = Math.floor(now / spinnerMs) % spinner.length;
  const sign = status === "running" ? colors.blue(spinner[frameIndex] as string) : statusSign(colors, status);
  const time = shownTime(work, now);
  const title = `${indent}${sign} ${workTitle(work.planned)}`;
  const left = padded(title, right - displayWidth(time));
  return `${left}${left.endsWith(" ") ? "" : " "}${time && colors.dim(time)}${news(work, colors)}`;
}

function shownTime(work: WorkProgress, now: number): string {
  const ms = work.last?.durationMs ?? work.planned.durationMs;
  if (work.status === "running") return duration(work.startedAt === undefined ? 0 : now - work.startedAt);
  return ms === undefined || work.status === "pending" ? "" : duration(ms);
}

function news(work: WorkProgress, colors: Colors): string {
  const { status, last, planned } = work;
  const line = work.lines.findLast((each) => each.message.trim() !== "");
  if (status === "running")
    return line ? colors.dim(`   │ ${plainLine(line.message.trimEnd().split("\n").at(-1) ?? "")}`) : "";
  if (status === "complete") {
    const outputs = shownOutputs(last?.outputs ?? planned.outputs);
    return [annotationLine(last?.annotation), outputs].map((text) => (text ? `   ${text}` : "")).join("");
  }
  if (status === "failed" || status === "interrupted") {
    return `   ${statusColor(colors, status)(failureText(work))}`;
  }
  if (status === "blocked" || status === "paused") {
    const needs = last?.needs?.map((missing) => missing.written).join(", ");
    const what = [annotationLine(last?.annotation), needs ? `needs ${needs}` : ""].filter((text) => text !== "");
    return `   ${colors.yellow(what.join("; ") || statusWords[status])}`;
  }
  return "";
}

/** The first line of what a work function says of itself. */
export function annotationLine(annotation = ""): string {
  return plainLine(annotation.trim().split("\n")[0] ?? "");
}

/** Why it failed, in one line: what its command said last, else the error. */
function failureText(work: WorkProgress): string {
  const { status, lines } = work;
  const failure = failureOf(work);
  if (failure === undefined || failure.interrupted) return statusWords[status];
  const log = lines.map(({ stream, message, time }) => ({ stream, message, timestamp: time, attributes: {} }));
  return plainLine(failureNews(failure, log) ?? statusWords[status]);
}

/** Too much for the screen: what runs, failed or waits for someone is shown first, the rest is counted. */
function shorten(progress: ReleaseProgress, all: readonly string[], options: Layout): string[] {
  const rows = Math.max(3, options.rows as number);
  const important = [
    ...progress.withStatus("failed", "interrupted"),
    ...progress.withStatus("running"),
    ...progress.withStatus("blocked", "paused"),
  ];
  const lines = important.map((work) => {
    const phase = work.phase === "" ? "" : options.colors.dim(`${work.phase} › `);
    return fit(workLine(work, phase, options), options.columns);
  });
  const room = rows - 3;
  const counts = (["complete", "pending"] as const)
    .map((status) => [progress.withStatus(status).length, statusWords[status]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const hidden = lines.length > room ? [`${lines.length - room} more`] : [];
  const rest = options.colors.dim(`… ${[...hidden, ...counts].join(", ")}`);
  return [all[0] as string, "", ...lines.slice(0, room), fit(rest, options.columns)];
}
