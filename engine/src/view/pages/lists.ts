import { listRepositories, readReleases } from "../../history/index.ts";
import type { ReleaseHistory, WorkHistory } from "../../history/model.ts";
import type { JsonValue } from "../../json/json.ts";
import { compileGlob } from "../../refs/glob.ts";
import { diffIntent } from "../../release/intents.ts";
import type { StoreReader } from "../../state/store.ts";
import { quoted } from "../../terminal/summary.ts";
import {
  breakable,
  command,
  emptyState,
  jsonValue,
  missingList,
  moment,
  refLink,
  releaseName,
  section,
  workStatus,
} from "../components.ts";
import { type Content, type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Page } from "../layout.ts";
import { newestReleases, type ViewSource } from "../model.ts";
import { matchUrl, refUrl } from "../urls.ts";

const maxResults = 500;
const customGlobs = ["@/custom/**", "**/@*/custom/**"];

/** Custom state, with what intent says of it. */
export async function customPage({ state, intent }: ViewSource): Promise<Page> {
  const [present, intended] = await Promise.all([matchAll(state, customGlobs), matchAll(intent, customGlobs)]);
  const refs = [...new Set([...present, ...intended])].sort();
  const rows = await Promise.all(
    refs.map(async (ref) => {
      const [here, wanted] = await Promise.all([bodyAt(state, ref), bodyAt(intent, ref)]);
      return html`<tr><th scope="row">${refLink(ref)}</th><td>${here === undefined ? html`<span class="faint">not there yet</span>` : jsonValue(here)}</td><td>${intentOf(here, wanted)}</td></tr>`;
    }),
  );
  const body = html`<h1>Custom state${refs.length > 0 && html` <span class="count">${refs.length}</span>`}</h1>
${
  refs.length === 0
    ? emptyState(
        "Nobody has set any custom state: approvals, credentials and the like would be here.",
        "ocuroot state set @/custom/NAME VALUE",
      )
    : html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Ref</th><th scope="col">State</th><th scope="col">Intent</th></tr></thead><tbody>${rows}</tbody></table></div>`
}`;
  return { title: "Custom state", place: "custom", body, watches: [""] };
}

function intentOf(here: JsonValue | undefined, wanted: JsonValue | undefined): Content {
  if (wanted === undefined) return html`<span class="faint">to be removed</span>`;
  if (here === undefined) return html`<span class="tag">to be set</span> ${jsonValue(wanted)}`;
  return JSON.stringify(stringOf(here)) === JSON.stringify(stringOf(wanted))
    ? html`<span class="faint">the same</span>`
    : html`<span class="tag">to be</span> ${jsonValue(wanted)}`;
}

/** Big integers have no JSON of their own. */
function stringOf(value: JsonValue): unknown {
  return JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}n` : each)));
}

async function matchAll(store: StoreReader, globs: readonly string[]): Promise<string[]> {
  return [...new Set((await Promise.all(globs.map((glob) => store.match(glob)))).flat())];
}

async function bodyAt(store: StoreReader, ref: string): Promise<JsonValue | undefined> {
  const stored = await store.read(ref).catch(() => undefined);
  return stored?.kind === "ref" ? stored.body : undefined;
}

const unfinished = new Set(["running", "pending", "blocked", "paused", "interrupted", "failed"]);

/** What is not done: work of the newest releases, and intent that state has not followed. */
export async function pendingPage(source: ViewSource): Promise<Page> {
  const { state } = source;
  const repos = await listRepositories(state);
  const files = (await Promise.all(repos.map((repo) => readReleases(state, { repo, limit: newestReleases })))).flat();
  const open = files
    .flatMap((file) => file.releases.slice(0, file.releases.findIndex(isOver) + 1 || undefined))
    .flatMap(openWork);
  const [differences, operations] = await Promise.all([diffIntent(source), state.match("**/@*/op/*")]);
  const body = html`<h1>Pending work</h1>
${section("Work", open.length === 0 ? html`<p class="empty">All work of the newest releases is done.</p>` : openTable(open), { count: open.length })}
${section(
  "Intent that state has not followed",
  differences.length === 0
    ? html`<p class="empty">State is as intended.</p>`
    : html`<ul class="refs">${differences.map(({ ref, change }) => html`<li><span class="tag">${change}</span> ${refLink(ref)} ${command(`ocuroot state apply ${quoted(ref)}`)}</li>`)}</ul>`,
  { count: differences.length },
)}
${operations.length > 0 && section("Releases that must look again at the environments", html`<ul class="refs">${operations.map((ref) => html`<li>${refLink(ref)}</li>`)}</ul><p>${command("ocuroot work ops")}</p>`, { count: operations.length })}`;
  return { title: "Pending work", place: "pending", body, watches: [""] };
}

function isOver({ status }: ReleaseHistory): boolean {
  return status === "complete";
}

function openWork(release: ReleaseHistory): { release: ReleaseHistory; work: WorkHistory }[] {
  const all = release.phases.flatMap((phase) => phase.work);
  return all.filter(({ status }) => unfinished.has(status)).map((work) => ({ release, work }));
}

function statusCell(work: WorkHistory): Content {
  if (work.missing.length > 0) return missingList(work.missing);
  const isFailed = work.status === "failed" && work.news !== undefined;
  return html`${workStatus(work)}${isFailed && html`<span class="news">${work.news}</span>`}`;
}

function openTable(open: readonly { readonly release: ReleaseHistory; readonly work: WorkHistory }[]): Html {
  const rows = open.map(
    ({ release, work }) =>
      html`<tr><th scope="row"><a href="${refUrl(work.ref)}">${icon(work.kind)}${work.name}</a></th><td>${statusCell(work)}</td><td class="wide">${breakable(release.file)} ${releaseName(release)}</td><td>${moment(work.attempts[0]?.startedAt ?? release.startedAt)}</td></tr>`,
  );
  return html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Work</th><th scope="col">Status</th><th scope="col">Release</th><th scope="col">Since</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Refs that match a glob. */
export async function matchPage({ state }: ViewSource, glob: string): Promise<Page> {
  const found = await state.match(glob);
  const path = [{ text: "Search", url: "/search" }, { text: glob }];
  const body = html`<h1 class="long"><code>${glob}</code> <span class="count">${found.length}</span></h1>${resultList(found, `Nothing matches ${glob}. * stands for one segment, ** for any number.`)}`;
  const { prefix } = compileGlob(glob);
  return { title: glob, path, body, watches: [prefix] };
}

/** Refs that hold what was typed, in any case of letters; globs go to their own page. */
export async function searchPage(source: ViewSource, query: string): Promise<Page> {
  if (query === "") {
    const body = html`<h1>Search</h1><p>Type a part of a ref above, or a glob:</p><ul class="refs">${["@/environment/*", "**/@/deploy/*", "**/status/failed", "**/@*/custom/**"].map((glob) => html`<li><a href="${matchUrl(glob)}"><code>${glob}</code></a></li>`)}</ul>`;
    return { title: "Search", body, watches: [] };
  }
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const all = await source.allRefs();
  const found = all.filter((ref) => words.every((word) => ref.toLowerCase().includes(word)));
  // What is nearer to the top of the store is more likely meant.
  const ranked = [...found].sort((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
  const body = html`<h1>${query} <span class="count">${found.length}</span></h1>${resultList(ranked, `No ref holds ${query}.`)}`;
  return { title: query, body, watches: [""] };
}

function resultList(refs: readonly string[], none: string): Html {
  if (refs.length === 0) return emptyState(none);
  const more = refs.length - maxResults;
  return html`<ul class="refs">${refs.slice(0, maxResults).map((ref) => html`<li>${refLink(ref)}</li>`)}</ul>${more > 0 && html`<p class="faint">and ${more} more: narrow it down</p>`}`;
}
