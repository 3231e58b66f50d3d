/** From an address to a page. */

import { lookupForm } from "../refs/links.ts";
import { RefError, releaseNumber } from "../refs/ref.ts";
import { StoreError } from "../state/store.ts";
import { command } from "./components.ts";
import { html } from "./html.ts";
import type { Page } from "./layout.ts";
import type { ViewSource } from "./model.ts";
import { documentPage } from "./pages/documents.ts";
import { deploymentsPage, environmentPage, environmentsPage } from "./pages/environments.ts";
import { customPage, matchPage, pendingPage, searchPage } from "./pages/lists.ts";
import { overviewPage, repositoriesPage } from "./pages/overview.ts";
import { filePage, releasePage, repositoryPage } from "./pages/releases.ts";
import { runPage, workPage } from "./pages/runs.ts";
import { matchUrl } from "./urls.ts";

export type Answer = Page | { readonly redirect: string };

/** The page at a path, which is decoded. What goes wrong in the store is a page, too. */
export async function route(source: ViewSource, path: string, query: URLSearchParams): Promise<Answer> {
  try {
    return (await find(source, path, query)) ?? notFound(path);
  } catch (error) {
    if (error instanceof StoreError || error instanceof RefError) return damaged(error);
    throw error;
  }
}

async function find(source: ViewSource, path: string, query: URLSearchParams): Promise<Answer | undefined> {
  switch (path) {
    case "/":
      return await overviewPage(source);
    case "/environments":
      return await environmentsPage(source);
    case "/repositories":
      return await repositoriesPage(source);
    case "/deployments":
      return await deploymentsPage(source);
    case "/custom":
      return await customPage(source);
    case "/pending":
      return await pendingPage(source);
    case "/search":
      return await search(source, (query.get("q") ?? "").trim());
  }
  const [, place, rest] = /^\/(ref|repository|match)\/(.+?)\/?$/.exec(path) ?? [];
  if (rest === undefined) return undefined;
  if (place === "match") return await matchPage(source, rest);
  if (place === "repository") return await repositoryPage(source, rest);
  return await refPage(source, rest, query);
}

/** A glob is matched; a ref that is there is shown; anything else is looked for. */
async function search(source: ViewSource, query: string): Promise<Answer> {
  if (/[*?{]|\[[^\]]+\]/.test(query)) return { redirect: matchUrl(query) };
  return await searchPage(source, query);
}

async function refPage(source: ViewSource, written: string, query: URLSearchParams): Promise<Page | undefined> {
  const ref = lookupForm(written);
  const environment = /^@\/environment\/([^/]+)$/.exec(ref)?.[1];
  if (environment !== undefined) {
    const page = await environmentPage(source, environment);
    if (page) return page;
  }
  const isShown = !ref.startsWith("@") && !/\/repo\.ocu\.star(\/|$)/.test(ref);
  return (isShown && (await releaseOrFile(source, ref, query))) || (await documentPage(source, ref));
}

/** Pages of their own: a file, a release (by any of its names), a piece of work, an attempt. */
async function releaseOrFile(source: ViewSource, ref: string, query: URLSearchParams): Promise<Page | undefined> {
  const file = /^([^@]+?)\/-\/([^@]+?)$/.exec(ref);
  if (file) return await filePage(source, file[1] as string, file[2] as string, limitIn(query));
  const match = /^([^@]+?\/-\/[^@]+?\/@[^/]*)(?:\/((?:task|deploy)\/.+))?$/.exec(ref);
  if (!match) return undefined;
  const [, release, work] = match as unknown as [string, string, string | undefined];
  if (work === undefined) return await releasePage(source, release);
  const found = await source.state.resolve(ref);
  const target = found === undefined ? undefined : /^(.*?\/@[^/]+)\/((?:task|deploy)\/.+)$/.exec(found);
  const [at, name] = target ? [target[1] as string, target[2] as string] : [release, work];
  if (releaseNumber(at.slice(at.lastIndexOf("/@") + 2)) === undefined) return undefined;
  const page = await workPage(source, at, name);
  if (page) return page;
  const run = /^(.*)\/\d+$/.exec(name)?.[1];
  return run === undefined ? undefined : await runPage(source, at, run, `${at}/${name}`);
}

function limitIn(query: URLSearchParams): number | undefined {
  const limit = Number(query.get("limit"));
  return Number.isSafeInteger(limit) && limit > 0 ? Math.min(limit, 1000) : undefined;
}

function notFound(path: string): Page {
  const ref = path.replace(/^\/(?:ref|repository)\//, "");
  const body = html`<h1>There is nothing here</h1><p>${ref === path ? html`The view has no page <code>${path}</code>.` : html`Nothing in state or intent is called <code>${ref}</code>. It may come: this page follows the store.`}</p><p><a class="button" href="/">Overview</a></p>`;
  return { title: "Nothing here", body, watches: ref === path ? [] : [ref], status: 404 };
}

function damaged(error: Error): Page {
  const body = html`<h1>This cannot be read</h1><p class="banner status-failed">${error.message}</p><p>${command("ocuroot state check")}</p>`;
  return { title: "Cannot be read", body, watches: [""], status: 500 };
}
