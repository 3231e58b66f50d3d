import { readEnvironments } from "../../history/index.ts";
import type { EnvironmentHistory } from "../../history/model.ts";
import type { JsonValue } from "../../json/json.ts";
import type { StoreReader } from "../../state/store.ts";
import { breakable, emptyState, jsonValue, refLink, section, valueTable } from "../components.ts";
import { type Content, type Html, html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Page } from "../layout.ts";
import type { ViewSource } from "../model.ts";
import { environmentUrl, fileUrl, refUrl } from "../urls.ts";

const noEnvironments = "There are no environments yet: a file that calls register_environment makes them.";

/** What is deployed where: files down, environments across. */
export async function environmentsPage({ state }: ViewSource): Promise<Page> {
  const environments = await readEnvironments(state);
  const body = html`<h1>Environments</h1>
${
  environments.length === 0
    ? emptyState(noEnvironments, "ocuroot release new environments.ocu.star")
    : html`${environmentMatrix(environments)}
${section(
  "Attributes",
  html`<ul class="cards">${environments.map(
    ({ name, attributes }) =>
      html`<li class="card"><h3><a href="${environmentUrl(name)}">${icon("environment")}${name}</a></h3>${valueTable(attributes, { empty: "It has no attributes." })}</li>`,
  )}</ul>`,
)}`
}`;
  return { title: "Environments", place: "environments", body, watches: [""] };
}

export function environmentMatrix(environments: readonly EnvironmentHistory[]): Html {
  const rows = new Map<string, { repo: string; file: string }>();
  for (const { deployments } of environments) {
    for (const { repo, file } of deployments) rows.set(`${repo}\n${file}`, { repo, file });
  }
  const sorted = [...rows.values()].sort((a, b) => (`${a.repo}/${a.file}` < `${b.repo}/${b.file}` ? -1 : 1));
  const hasSeveral = new Set(sorted.map(({ repo }) => repo)).size > 1;
  const head = environments.map(
    ({ name }) => html`<th scope="col"><a href="${environmentUrl(name)}">${icon("environment")}${name}</a></th>`,
  );
  if (sorted.length === 0) {
    const names = environments.map(
      ({ name }) => html`<li><a href="${environmentUrl(name)}">${icon("environment")}${name}</a></li>`,
    );
    return html`<ul class="inline">${names}</ul><p class="empty">Nothing is deployed yet.</p>`;
  }
  const body = sorted.map(({ repo, file }) => {
    const cells = environments.map(({ deployments }) => {
      const here = deployments.find((each) => each.repo === repo && each.file === file);
      return html`<td>${here ? html`<a class="release" href="${refUrl(here.ref)}">${here.release}</a>` : html`<span class="faint" aria-label="not deployed">–</span>`}</td>`;
    });
    return html`<tr><th scope="row"><a href="${fileUrl(repo, file)}">${icon("file")}${hasSeveral && html`<span class="faint">${repo} › </span>`}${breakable(file)}</a></th>${cells}</tr>`;
  });
  return html`<div class="scroll"><table class="list matrix"><thead><tr><th scope="col">File</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** One environment: what it is, and all that is deployed in it. */
export async function environmentPage({ state }: ViewSource, name: string): Promise<Page | undefined> {
  const environment = (await readEnvironments(state)).find((each) => each.name === name);
  if (!environment) return undefined;
  const body = html`<h1>${icon("environment")}${name}</h1>
${section("Attributes", valueTable(environment.attributes, { empty: "It has no attributes." }))}
${section("Deployed here", await deploymentTable(state, [environment]), { count: environment.deployments.length })}`;
  const path = [{ text: "Environments", url: "/environments" }, { text: name }];
  return { title: name, place: "environments", path, body, watches: [""] };
}

/** Every deployment in every environment, with what it gave out. */
export async function deploymentsPage({ state }: ViewSource): Promise<Page> {
  const environments = await readEnvironments(state);
  const count = environments.reduce((sum, { deployments }) => sum + deployments.length, 0);
  const body = html`<h1>Deployments${count > 0 && html` <span class="count">${count}</span>`}</h1>
${await deploymentTable(state, environments)}`;
  return { title: "Deployments", place: "deployments", body, watches: [""] };
}

async function deploymentTable(state: StoreReader, environments: readonly EnvironmentHistory[]): Promise<Html> {
  const showsEnvironment = environments.length > 1;
  const rows = await Promise.all(
    environments.flatMap(({ name, deployments }) =>
      deployments.map(async ({ repo, file, release, ref }) => {
        const environment = showsEnvironment && html`<td><a href="${environmentUrl(name)}">${name}</a></td>`;
        return html`<tr><th scope="row"><a href="${fileUrl(repo, file)}">${icon("file")}${breakable(file)}</a></th>${environment}<td><a class="release" href="${refUrl(ref.replace(/\/deploy\/.*$/, ""))}">${release}</a></td><td>${await outputsAt(state, ref)}</td><td>${refLink(ref, "details")}</td></tr>`;
      }),
    ),
  );
  if (rows.length === 0) return emptyState("Nothing is deployed yet.", "ocuroot release new release.ocu.star");
  const head = html`<th scope="col">File</th>${showsEnvironment && html`<th scope="col">Environment</th>`}<th scope="col">Release</th><th scope="col">Outputs</th><th scope="col"><span class="hidden">Details</span></th>`;
  return html`<div class="scroll"><table class="list"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

async function outputsAt(state: StoreReader, ref: string): Promise<Content> {
  const stored = await state.read(ref).catch(() => undefined);
  const body = stored?.kind === "ref" ? stored.body : undefined;
  const output = (body as { readonly output?: JsonValue } | null | undefined)?.output;
  if (typeof output !== "object" || output === null || Array.isArray(output)) return undefined;
  const entries = Object.entries(output as Readonly<Record<string, JsonValue>>);
  return html`<dl class="outputs">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${jsonValue(value)}</dd></div>`)}</dl>`;
}
