import { readReleaseHistory, readRunLog } from "../../history/index.ts";
import type { AttemptHistory, WorkHistory, WorkStatus } from "../../history/model.ts";
import type { JsonValue } from "../../json/json.ts";
import type { LogEntry, RunDocument, RunInputs } from "../../release/documents.ts";
import { readRun } from "../../release/readRelease.ts";
import { ansiToHtml } from "../ansi.ts";
import {
  attemptStatus,
  durationOf,
  emptyState,
  missingList,
  moment,
  refLink,
  section,
  status,
  valueTable,
  workStatus,
} from "../components.ts";
import { type Content, type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Page } from "../layout.ts";
import type { ViewSource } from "../model.ts";
import { refUrl } from "../urls.ts";
import { filePath } from "./releases.ts";

/** Lines of a log that a page shows; of longer ones the end, which is what one looks for. */
const maxLogLines = 5000;

/** A piece of work: its attempts, and the newest of them in full. */
export async function workPage(source: ViewSource, release: string, work: string): Promise<Page | undefined> {
  const found = await findWork(source, release, work);
  if (!found) return undefined;
  const { history } = found;
  const [latest] = history.attempts;
  const body = html`<div class="title"><h1>${icon(history.kind)}${history.name}</h1>${workStatus(history)}</div>
${history.missing.length > 0 && html`<div class="card next">${missingList(history.missing)}</div>`}
${history.attempts.length > 1 && section("Attempts", attemptTable(history.attempts))}
${latest ? await runDetails(source, latest.ref, latest) : emptyState("It has not run yet.")}`;
  return { ...frame(found), title: `${history.name} ${found.name}`, body };
}

/** One attempt. */
export async function runPage(
  source: ViewSource,
  release: string,
  work: string,
  run: string,
): Promise<Page | undefined> {
  const found = await findWork(source, release, work);
  const attempt = found?.history.attempts.find(({ ref }) => ref === run);
  if (!found || !attempt) return undefined;
  const { history } = found;
  const body = html`<div class="title"><h1>${icon(history.kind)}${history.name} <span class="faint">attempt ${attempt.number}</span></h1>${attemptStatus(attempt)}</div>
${await runDetails(source, run, attempt)}`;
  const { path, ...rest } = frame(found);
  const whole = [
    ...path.slice(0, -1),
    { text: history.name, url: refUrl(history.ref) },
    { text: `attempt ${attempt.number}` },
  ];
  return { ...rest, path: whole, title: `${history.name} attempt ${attempt.number}`, body };
}

interface FoundWork {
  readonly repo: string;
  readonly file: string;
  readonly name: string;
  readonly release: string;
  readonly history: WorkHistory;
}

async function findWork({ state }: ViewSource, release: string, work: string): Promise<FoundWork | undefined> {
  const found = await readReleaseHistory(state, release);
  const ref = found && `${found.ref}/${work}`;
  const history = found?.phases.flatMap((phase) => phase.work).find((each) => each.ref === ref);
  return found && history && { repo: found.repo, file: found.file, name: found.name, release: found.ref, history };
}

function frame({ repo, file, name, release, history }: FoundWork) {
  const path = filePath(repo, file, { text: name, url: refUrl(release) }, { text: history.name });
  const watches = history.missing.length > 0 ? [""] : [`${history.ref}/`, history.ref];
  return { place: "repositories", path, watches } as const;
}

function noOutputs(state: WorkStatus): string {
  if (state === "complete" || state === "removed") return "It gave nothing out.";
  return ["failed", "retried", "cancelled", "interrupted"].includes(state)
    ? "It ended before it gave any."
    : "There are none yet.";
}

function attemptTable(attempts: readonly AttemptHistory[]): Html {
  return html`<table class="list"><thead><tr><th scope="col">Attempt</th><th scope="col">Status</th><th scope="col">Started</th></tr></thead><tbody>${attempts.map(
    (attempt) =>
      html`<tr><th scope="row"><a href="${refUrl(attempt.ref)}">${attempt.number}</a></th><td>${attemptStatus(attempt)}</td><td>${moment(attempt.startedAt)}</td></tr>`,
  )}</tbody></table>`;
}

async function runDetails({ state }: ViewSource, ref: string, attempt: AttemptHistory): Promise<Html> {
  const [run, log] = await Promise.all([readRun(state, ref), readRunLog(state, ref)]);
  const { entries = [], finished = true } = log ?? {};
  const logSection = section("Log", logLines(entries, finished), { count: entries.length });
  // Where something went wrong or goes on, what it says comes first.
  const isLoud = attempt.failure !== undefined || attempt.status === "running" || attempt.status === "interrupted";
  return html`<p class="facts">${attempt.type === "task" ? "task" : `deployment, ${attempt.type}`}${attempt.startedAt !== undefined && html` · started ${moment(attempt.startedAt)}`}${attempt.durationMs !== undefined && html` · took ${durationOf(attempt.durationMs)}`} · <a href="/json/${refUrl(ref).slice("/ref/".length)}">JSON</a></p>
${failureBox(attempt)}
${isLoud && logSection}
${section("Inputs", inputsOf(run))}
${section("Outputs", valueTable(attempt.outputs, { empty: noOutputs(attempt.status) }))}
${functionsOf(run)}
${!isLoud && logSection}`;
}

function failureBox({ failure, status: name }: AttemptHistory): Content {
  if (!failure)
    return (
      name === "interrupted" &&
      html`<p class="banner status-interrupted">${icon("interrupted")}The process that ran it is gone.</p>`
    );
  const stack = failure.stack ?? [];
  return html`<div class="failure" role="group" aria-label="Why it failed"><p>${status(name === "interrupted" ? name : "failed")} <strong>${failure.message}</strong></p>${
    stack.length > 0 &&
    html`<ol class="stack">${stack.map(({ functionName, file, line, column }) => html`<li><code>${file}:${line}:${column}</code> in <code>${functionName}</code></li>`)}</ol>`
  }</div>`;
}

function inputsOf({ functions }: RunDocument): Html {
  // Of an input that several functions have, the last one's.
  const entries = [...new Map(functions.flatMap((each) => Object.entries(each.inputs)))];
  const value = (input: RunInputs[string]): JsonValue | undefined => ("value" in input ? input.value : input.default);
  return valueTable(Object.fromEntries(entries.map(([name, input]) => [name, value(input)])), {
    empty: "It takes nothing in.",
    refs: Object.fromEntries(entries.map(([name, input]) => [name, input.ref])),
  });
}

function functionsOf({ functions, watch_files: watched = [] }: RunDocument): Content {
  const dependencies = functions.flatMap((each) => each.dependencies);
  return html`<details class="more" id="more"><summary>Functions, dependencies, watched files</summary>
<h3>Functions</h3><ol>${functions.map(({ fn }) => html`<li><code>${fn.name || "–"}</code> ${fn.pos && html`<span class="faint">${fn.pos}</span>`}</li>`)}</ol>
<h3>Dependencies</h3>${dependencies.length === 0 ? html`<p class="empty">It waits for no other work.</p>` : html`<ul>${dependencies.map((ref) => html`<li>${refLink(ref.replace(/\/\d+\/status\/[^/]+$/, ""))}</li>`)}</ul>`}
${watched.length > 0 && html`<h3>Watched files</h3><ul>${watched.map((file) => html`<li><code>${file}</code></li>`)}</ul>`}</details>`;
}

function logLines(entries: readonly LogEntry[], isFinished: boolean): Html {
  if (entries.length === 0)
    return html`<p class="empty">${isFinished ? "Nothing was printed." : "Nothing has been printed yet."}</p>`;
  const shown = entries.slice(-maxLogLines);
  const left = entries.length - shown.length;
  return html`${left > 0 && html`<p class="faint">${left} earlier lines are in the document.</p>`}<div class="log" id="log" tabindex="0" role="log" aria-label="Log" data-follow>${shown.map(logLine)}</div>`;
}

function logLine({ timestamp, message, stream, attributes }: LogEntry): Html {
  const kind = attributes.source === "ocuroot" ? "command-line" : stream;
  const lines = message.split("\n").map((line, index) => html`${index > 0 && "\n"}${ansiToHtml(line)}`);
  return html`<div class="line line-${kind}"><time title="${timestamp}">${timestamp.slice(11, 19)}</time><span>${lines}</span></div>`;
}
