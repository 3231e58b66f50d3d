import { listRepositories, readEnvironments, readReleases } from "../../history/index.ts";
import type { EnvironmentHistory, FileHistory, ReleaseHistory, WorkHistory } from "../../history/model.ts";
import { StoreError } from "../../state/store.ts";
import {
  breakable,
  command,
  commitText,
  emptyState,
  missingList,
  moment,
  refLink,
  releaseName,
  releaseStatus,
  section,
} from "../components.ts";
import { type Content, type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Page } from "../layout.ts";
import type { ViewSource } from "../model.ts";
import { fileUrl, repositoryUrl } from "../urls.ts";
import { environmentMatrix } from "./environments.ts";

/** What needs a person, what runs, what is where. */
export async function overviewPage(source: ViewSource): Promise<Page> {
  const { state } = source;
  const repos = await listRepositories(state);
  const [files, environments] = await Promise.all([
    Promise.all(repos.map((repo) => readReleases(state, { repo, limit: 3 }))),
    // One damaged environment must not hide everything else.
    readEnvironments(state).catch(damageOf),
  ]);
  const all = files.flat();
  if (all.length === 0 && Array.isArray(environments) && environments.length === 0) return emptyOverview(source);
  const newest = all.flatMap((file) => file.releases[0] ?? []);
  const body = html`<h1>${source.name}</h1>
${summary(newest)}
${needsYou(newest)}
${repos.map((repo, index) => (files[index]?.length ? section(repos.length > 1 ? repo : "Releases", fileTable(files[index] as FileHistory[]), { id: `releases-${index}` }) : undefined))}
${section("Environments", environmentsOf(environments))}`;
  return { title: "Overview", place: "overview", body, watches: [""] };
}

function damageOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  throw error;
}

function environmentsOf(environments: readonly EnvironmentHistory[] | StoreError): Html {
  if (environments instanceof StoreError) {
    return html`<p class="banner status-failed">${icon("failed")}${environments.message}</p><p>${command("ocuroot state check")}</p>`;
  }
  if (environments.length > 0) return environmentMatrix(environments);
  return emptyState("There are no environments yet: a file that calls register_environment makes them.");
}

function emptyOverview({ name, folders }: ViewSource): Page {
  const body = html`<h1>${name}</h1>
${emptyState("There are no releases yet. This page follows the store: what you start shows here at once.", "ocuroot release new release.ocu.star")}
<p class="faint">State is read from <code>${folders.state}</code>.</p>`;
  return { title: "Overview", place: "overview", body, watches: [""] };
}

/** How many of the newest releases are in which state, loudest first. */
function summary(newest: readonly ReleaseHistory[]): Html {
  const count = (...statuses: readonly string[]) => newest.filter(({ status }) => statuses.includes(status)).length;
  const tiles = [
    { icon: "failed", text: "failed", count: count("failed", "interrupted") },
    { icon: "blocked", text: "waiting for you", count: count("blocked", "paused") },
    { icon: "running", text: "running", count: count("running", "pending") },
    { icon: "complete", text: "complete", count: count("complete", "removed") },
  ] as const;
  return html`<ul class="tiles" aria-label="Newest release of each file">${tiles.map(
    (tile) =>
      html`<li class="tile status-${tile.icon}${tile.count === 0 && " none"}">${icon(tile.icon)}<strong>${tile.count}</strong> ${tile.text}</li>`,
  )}</ul>`;
}

function needsYou(newest: readonly ReleaseHistory[]): Content {
  const waiting = newest.flatMap((release) => {
    const work = release.phases
      .flatMap((phase) => phase.work)
      .filter(({ missing }) => missing.some((each) => each.canBeSet));
    return work.length > 0 ? [{ release, missing: distinct(work) }] : [];
  });
  if (waiting.length === 0) return undefined;
  return section(
    "Waiting for you",
    html`<ul class="cards">${waiting.map(
      ({ release, missing }) =>
        html`<li class="card"><p>${releaseName(release)} of ${refLink(`${release.repo}/-/${release.file}`, release.file)}</p>${missingList(missing)}</li>`,
    )}</ul>`,
  );
}

function distinct(work: readonly WorkHistory[]) {
  const settable = work.flatMap(({ missing }) => missing.filter(({ canBeSet }) => canBeSet));
  return [...new Map(settable.map((each) => [each.ref, each])).values()];
}

/** One line for each file: the news of its newest release. */
export function fileTable(files: readonly FileHistory[]): Html {
  const sorted = [...files].sort((a, b) => (b.releases[0]?.startedAt ?? 0) - (a.releases[0]?.startedAt ?? 0));
  return html`<div class="scroll"><table class="list"><thead><tr><th scope="col">File</th><th scope="col">Newest release</th><th scope="col">Status</th><th scope="col">Commit</th><th scope="col">Started</th></tr></thead><tbody>${sorted.map(fileRow)}</tbody></table></div>`;
}

function fileRow({ repo, file, releases }: FileHistory): Html {
  const release = releases[0];
  if (!release) return html``;
  return html`<tr><th scope="row"><a href="${fileUrl(repo, file)}">${icon("file")}${breakable(file)}</a></th><td>${releaseName(release)}</td><td>${releaseStatus(release)}${newsOf(release)}</td><td>${commitText(release.commit)}</td><td>${moment(release.startedAt)}</td></tr>`;
}

/** The one line of news, where the status does not say it itself. */
export function newsOf({ status, news }: Pick<ReleaseHistory, "status" | "news">): Content {
  const isSaid = status === "blocked" || status === "paused";
  return news !== undefined && !isSaid && html`<span class="news">${news}</span>`;
}

/** All repositories in the store. */
export async function repositoriesPage({ state, name }: ViewSource): Promise<Page> {
  const repos = await listRepositories(state);
  const histories = await Promise.all(repos.map((repo) => readReleases(state, { repo, limit: 1 })));
  const body = html`<h1>Repositories</h1>
${
  repos.length === 0
    ? emptyState("No repository has put anything here yet.", "ocuroot release new release.ocu.star")
    : repos.map((repo, index) => {
        const files = histories[index] ?? [];
        const content = files.length > 0 ? fileTable(files) : emptyState("It has no releases yet.");
        return html`<section><h2><a href="${repositoryUrl(repo)}">${icon("repository")}${breakable(repo)}</a>${repo === name && html` <span class="tag">this one</span>`}</h2>${content}</section>`;
      })
}`;
  return { title: "Repositories", place: "repositories", body, watches: [""] };
}
