/** The pieces that pages are made of. */

import type { AttemptHistory, MissingInputHistory, ReleaseHistory, WorkHistory, WorkStatus } from "../history/model.ts";
import { missingNews } from "../history/news.ts";
import type { JsonValue } from "../json/json.ts";
import { printJson } from "../json/jsonText.ts";
import { statusWords } from "../terminal/statusWords.ts";
import { quoted } from "../terminal/summary.ts";
import { ago, duration } from "../terminal/text.ts";
import { type Content, type Html, html } from "./html.ts";
import { icon } from "./icons.ts";
import { refUrl } from "./urls.ts";

/** What a status badge knows beside the status. */
export interface StatusDetails {
  readonly durationMs?: number | undefined;
  /** Milliseconds since 1970: a running time counts from here. */
  readonly startedAt?: number | undefined;
  readonly needs?: string | undefined;
}

/** Icon and word, in the words of the terminal and the editor. */
export function status(name: WorkStatus, details: StatusDetails = {}): Html {
  return html`<span class="status status-${name}">${icon(name)}<span class="word">${statusText(name, details)}</span></span>`;
}

function statusText(name: WorkStatus, { durationMs, startedAt, needs }: StatusDetails): Content {
  if (name === "complete") return durationMs === undefined ? "done" : `done in ${duration(durationMs)}`;
  if (name === "running") {
    return startedAt === undefined
      ? "running"
      : html`running <span data-since="${startedAt}">${duration(Date.now() - startedAt)}</span>`;
  }
  if ((name === "blocked" || name === "paused") && needs !== undefined) return needs;
  return statusWords[name];
}

/** A moment: how long ago, exact in the tooltip. */
export function moment(time: number | undefined): Content {
  if (time === undefined) return undefined;
  const exact = new Date(time).toISOString();
  return html`<time datetime="${exact}" title="${exact}">${ago(time, Date.now())}</time>`;
}

export function durationOf(ms: number | undefined): Content {
  return ms === undefined ? undefined : html`<span class="duration">${duration(ms)}</span>`;
}

/** A ref that leads to its page; long ones may break at slashes. */
export function refLink(ref: string, shown = ref): Html {
  return html`<a class="ref" href="${refUrl(ref)}" title="${ref}">${breakable(shown)}</a>`;
}

/** Text that may break after each slash. */
export function breakable(text: string): Content {
  const parts = text.split(/(?<=\/)/);
  return parts.map((part, index) => (index === 0 ? part : html`<wbr>${part}`));
}

export function commitText(commit: string): Content {
  return commit === "" ? undefined : html`<code class="commit" title="${commit}">${commit.slice(0, 7)}</code>`;
}

/** Names and values: inputs, outputs, attributes. Refs in `refs` show where a value comes from. */
export function valueTable(
  values: Readonly<Record<string, JsonValue | undefined>>,
  options: { readonly empty: string; readonly refs?: Readonly<Record<string, string | undefined>> },
): Html {
  const names = Object.keys(values);
  if (names.length === 0) return html`<p class="empty">${options.empty}</p>`;
  return html`<table class="values"><tbody>${names.map((name) => {
    const from = options.refs?.[name];
    return html`<tr><th scope="row">${name}</th><td>${values[name] === undefined ? html`<span class="faint">not there yet</span>` : jsonValue(values[name])}</td>${
      options.refs && html`<td class="from">${from && refLink(from)}</td>`
    }</tr>`;
  })}</tbody></table>`;
}

/** A value: short ones on the line, long ones folded. Links in it are links, refs too. */
export function jsonValue(value: JsonValue): Html {
  if (typeof value === "string") return textValue(value);
  const text = printJson(value, 2);
  if (text.length <= 60 && !text.includes("\n")) return html`<code>${text}</code>`;
  const lines = text.split("\n").length;
  if (lines <= 12) return html`<pre class="json">${linkified(text)}</pre>`;
  return html`<details><summary>${lines} lines</summary><pre class="json">${linkified(text)}</pre></details>`;
}

function textValue(value: string): Html {
  if (value === "") return html`<code class="faint">""</code>`;
  if (/^https?:\/\/\S+$/.test(value))
    return html`<a href="${value}" rel="noreferrer noopener" target="_blank">${value}</a>`;
  if (!value.includes("\n")) return html`<code>${value}</code>`;
  const lines = value.split("\n").length;
  const block = html`<pre class="json">${value}</pre>`;
  return lines <= 12 ? block : html`<details><summary>${lines} lines</summary>${block}</details>`;
}

/** JSON text in which refs lead to their pages. */
export function linkified(text: string): Content {
  return text.split(/("(?:[^"\\\n]|\\.)*")/).map((part): Content => {
    const ref = /^"((?:[^"\\]*\/-\/[^"\\]*|@\/(?:environment|custom)\/[^"\\]+))"$/.exec(part)?.[1];
    return ref === undefined ? part : html`"<a class="ref" href="${refUrl(ref)}">${ref}</a>"`;
  });
}

/** What has to be there before work goes on, and how to give it. */
export function missingList(missing: readonly MissingInputHistory[]): Html {
  return html`<ul class="missing">${missing.map(
    ({ name, ref, canBeSet }) =>
      html`<li>${status("blocked", { needs: missingNews([{ name, ref, canBeSet }]) })} ${refLink(ref)}${
        canBeSet && command(`ocuroot state set ${quoted(ref)} VALUE`)
      }</li>`,
  )}</ul>`;
}

/** A command to be copied. */
export function command(text: string): Html {
  return html`<span class="command"><code>${text}</code><button type="button" data-copy="${text}">Copy</button></span>`;
}

export function releaseName({ name, tags, ref }: Pick<ReleaseHistory, "name" | "tags" | "ref">): Html {
  return html`<a class="release" href="${refUrl(ref)}">${name}</a>${tags.map((tag) => html` <span class="tag">${tag}</span>`)}`;
}

export function attemptStatus({ status: name, durationMs, startedAt }: AttemptHistory): Html {
  return status(name, { durationMs, startedAt });
}

export function workStatus(work: WorkHistory): Html {
  const { status: name, durationMs, news, attempts } = work;
  return status(name, { durationMs, startedAt: attempts[0]?.startedAt, needs: news });
}

export function releaseStatus({ status: name, durationMs, startedAt, news }: ReleaseHistory): Html {
  return status(name, { durationMs, startedAt, needs: news });
}

/** A sentence where a list would be, and what to do about it. */
export function emptyState(sentence: string, hint?: string): Html {
  return html`<div class="empty-state"><p>${sentence}</p>${hint && command(hint)}</div>`;
}

export function section(
  title: string,
  content: Content,
  options: { readonly id?: string; readonly count?: number } = {},
): Html {
  const id = options.id ?? title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return html`<section id="${id}"><h2>${title}${options.count !== undefined && html` <span class="count">${options.count}</span>`}</h2>${content}</section>`;
}
