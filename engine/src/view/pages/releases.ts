import { listPackageFiles, readReleaseHistory, readReleases } from "../../history/index.ts";
import type { PhaseHistory, ReleaseHistory, WorkHistory } from "../../history/model.ts";
import { statusWords } from "../../terminal/statusWords.ts";
import { quoted } from "../../terminal/summary.ts";
import { shownOutputs } from "../../terminal/text.ts";
import {
  attemptStatus,
  breakable,
  command,
  commitText,
  durationOf,
  emptyState,
  missingList,
  moment,
  releaseName,
  releaseStatus,
  section,
  workStatus,
} from "../components.ts";
import { type Content, type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Page } from "../layout.ts";
import { newestReleases, type ViewSource } from "../model.ts";
import { fileUrl, refUrl, repositoryUrl } from "../urls.ts";
import { fileTable, newsOf } from "./overview.ts";

/** A repository: its files. */
export async function repositoryPage({ state }: ViewSource, repo: string): Promise<Page | undefined> {
  const [files, children] = await Promise.all([readReleases(state, { repo, limit: 1 }), state.children(`${repo}/-`)]);
  if (files.length === 0 && children.length === 0) return undefined;
  const content = files.length > 0 ? fileTable(files) : emptyState("It has no releases yet.");
  const body = html`<h1>${icon("repository")}${breakable(repo)}</h1>${section("Files", content, { count: files.length })}`;
  const path = [{ text: "Repositories", url: "/repositories" }, { text: repo }];
  return { title: repo, place: "repositories", path, body, watches: [`${repo}/-/`] };
}

/** The releases of one file, newest first. */
export async function filePage(
  { state }: ViewSource,
  repo: string,
  file: string,
  limit = newestReleases,
): Promise<Page | undefined> {
  if (!(await listPackageFiles(state, repo)).includes(file)) return undefined;
  const [history] = await readReleases(state, { repo, file, limit });
  const { releases = [], moreReleases = 0 } = history ?? {};
  const more =
    moreReleases > 0 &&
    html`<p><a class="button" href="${fileUrl(repo, file)}?limit=${limit + 50}">Show older releases (${moreReleases})</a></p>`;
  const body = html`<h1>${icon("file")}${breakable(file)}</h1>
<div class="scroll"><table class="list"><thead><tr><th scope="col">Release</th><th scope="col">Status</th><th scope="col">Phases</th><th scope="col">Commit</th><th scope="col">Started</th></tr></thead><tbody>${releases.map(
    (release) =>
      html`<tr><th scope="row">${releaseName(release)}</th><td>${releaseStatus(release)}${newsOf(release)}</td><td>${phaseStrip(release.phases)}</td><td>${commitText(release.commit)}</td><td>${moment(release.startedAt)}</td></tr>`,
  )}</tbody></table></div>${more}`;
  return { title: file, place: "repositories", path: filePath(repo, file), body, watches: [`${repo}/-/${file}/`] };
}

/** The phases of a release as a row of icons, each with its name and state for who hovers or listens. */
function phaseStrip(phases: readonly PhaseHistory[]): Html {
  return html`<span class="strip">${phases.map(
    (phase) =>
      html`<span class="status-${phase.status}" title="${phaseTitle(phase)}: ${phase.status}">${icon(phase.status)}<span class="hidden">${phaseTitle(phase)}: ${phase.status}</span></span>`,
  )}</span>`;
}

function phaseTitle({ name, work }: PhaseHistory): string {
  return name || work.map((each) => each.name).join(", ");
}

export function filePath(
  repo: string,
  file: string,
  ...rest: readonly { readonly text: string; readonly url?: string }[]
) {
  const own = rest.length === 0 ? { text: file } : { text: file, url: fileUrl(repo, file) };
  return [{ text: "Repositories", url: "/repositories" }, { text: repo, url: repositoryUrl(repo) }, own, ...rest];
}

/** A release as a pipeline: a column for each phase, a card for each piece of work. */
export async function releasePage({ state }: ViewSource, ref: string): Promise<Page | undefined> {
  const release = await readReleaseHistory(state, ref);
  if (!release) return undefined;
  const { repo, file, name, phases } = release;
  const work = phases.flatMap((phase) => phase.work);
  const body = html`<div class="title"><h1>${name}${release.tags.map((tag) => html` <span class="tag">${tag}</span>`)}</h1>${releaseStatus(release)}</div>
<p class="facts">${facts(release)}</p>
${newsOf(release) && html`<p class="banner status-${release.status}">${icon(release.status)}${release.news}</p>`}
${nextStep(release, work)}
${phases.length === 0 ? emptyState("This release has no work to do: its file registers environments, or declares nothing.") : pipeline(phases)}
<p class="faint">${html`<a href="/json/${refUrl(ref).slice("/ref/".length)}">Document as JSON</a>`}</p>`;
  const path = filePath(repo, file, { text: name });
  // What it waits for may be anywhere.
  const watches = work.some(({ missing }) => missing.length > 0) ? [""] : [`${release.ref}/`, release.ref];
  return { title: `${name} ${file}`, place: "repositories", path, body, watches };
}

function facts(release: ReleaseHistory): Content {
  const parts: Content[] = [
    release.commit !== "" && html`commit ${commitText(release.commit)}`,
    release.startedAt !== undefined && html`started ${moment(release.startedAt)}`,
    release.durationMs !== undefined && html`took ${durationOf(release.durationMs)}`,
  ];
  return parts.filter(Boolean).map((part, index) => (index === 0 ? part : html` · ${part}`));
}

function nextStep({ ref, status: state }: ReleaseHistory, work: readonly WorkHistory[]): Content {
  if (state === "failed" || state === "interrupted")
    return html`<p class="next">${command(`ocuroot release retry ${quoted(ref)}`)}</p>`;
  const missing = [...new Map(work.flatMap((each) => each.missing).map((each) => [each.ref, each])).values()];
  if (missing.length === 0) return undefined;
  return html`<div class="card next">${missingList(missing)}<p>then ${command(`ocuroot release continue ${quoted(ref)}`)}</p></div>`;
}

function pipeline(phases: readonly PhaseHistory[]): Html {
  return html`<ol class="pipeline" tabindex="0" aria-label="Phases">${phases.map((phase) => {
    const done = phase.work.filter((each) => each.status === "complete" || each.status === "removed").length;
    const { name } = phase;
    const head = name && html`<span class="name">${name}</span>`;
    return html`<li class="phase"><h2 class="status-${phase.status}">${icon(phase.status)}${head || html`<span class="hidden">a phase of its own</span>`}${phase.work.length > 1 && html`<span class="count">${done} of ${phase.work.length}</span>`}</h2><ul>${cards(phase)}</ul></li>`;
  })}</ol>`;
}

/** More cards than this in a phase fold, except for those that say something. */
const maxCards = 12;

function cards({ name, work }: PhaseHistory): Content {
  if (work.length <= maxCards) return work.map(workCard);
  const isQuiet = ({ status }: WorkHistory) =>
    ["complete", "removed", "pending", "cancelled", "retried"].includes(status);
  const quiet = work.filter(isQuiet);
  const counts = [...new Set(quiet.map(({ status }) => status))].map((each) => {
    return html` ${icon(each)}${quiet.filter(({ status }) => status === each).length} ${statusWords[each]}`;
  });
  const folded = html`<li class="quiet-cards"><details class="quiet" id="quiet-${name}"><summary>${counts}</summary><ul>${quiet.map(workCard)}</ul></details></li>`;
  return [work.filter((each) => !isQuiet(each)).map(workCard), quiet.length > 0 && folded];
}

function workCard(work: WorkHistory): Html {
  const [latest] = work.attempts;
  const outputs = latest ? shownOutputs(latest.outputs) : "";
  const isLoud = work.status === "failed" || work.status === "interrupted";
  const earlier = work.attempts.length > 1;
  return html`<li class="card work work-${work.kind} card-${work.status}"><a class="name" href="${refUrl(work.ref)}">${icon(work.kind)}<span>${work.name}</span></a>
${workStatus(work)}
${isLoud && work.news !== undefined && html`<p class="news">${work.news}</p>`}
${outputs !== "" && html`<p class="outputs" title="${outputs}">${outputs}</p>`}
${
  earlier &&
  html`<details id="attempts-${work.kind}-${work.name}"><summary>${work.attempts.length} attempts</summary><ol reversed class="attempts">${work.attempts.map(
    (attempt) =>
      html`<li><a href="${refUrl(attempt.ref)}">${attempt.number}</a> ${attemptStatus(attempt)} ${moment(attempt.startedAt)}</li>`,
  )}</ol></details>`
}</li>`;
}
