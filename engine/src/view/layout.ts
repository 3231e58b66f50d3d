/** The frame of every page. */
import { type Content, type Html, html } from "./html.ts";

export interface Page {
  readonly title: string;
  /** Links from the outermost page to this one; the last is this one. */
  readonly path?: readonly { readonly text: string; readonly url?: string }[];
  readonly body: Content;
  /** Which part of the navigation this page belongs to. */
  readonly place?: NavigationPlace;
  /** Refs, or what they start with, whose change makes the page worth showing anew; "" is everything. */
  readonly watches: readonly string[];
  readonly status?: number;
}

export type NavigationPlace = "overview" | "environments" | "repositories" | "deployments" | "custom" | "pending";

const navigation: readonly { readonly place: NavigationPlace; readonly text: string; readonly url: string }[] = [
  { place: "overview", text: "Overview", url: "/" },
  { place: "environments", text: "Environments", url: "/environments" },
  { place: "repositories", text: "Repositories", url: "/repositories" },
  { place: "deployments", text: "Deployments", url: "/deployments" },
  { place: "custom", text: "Custom state", url: "/custom" },
  { place: "pending", text: "Pending work", url: "/pending" },
];

export function renderPage(page: Page, context: { readonly name: string; readonly query?: string }): Html {
  const { title, path, body, place, watches } = page;
  const links = navigation.map(
    (each) =>
      html`<li><a href="${each.url}"${each.place === place && html` aria-current="page"`}>${each.text}</a></li>`,
  );
  return renderFrame({
    title,
    name: context.name,
    follows: "the store",
    watches,
    header: html`<nav aria-label="Views"><ul>${links}</ul></nav>
<form role="search" action="/search"><input type="search" name="q" value="${context.query ?? ""}" placeholder="Search refs ( / )" aria-label="Search refs, or match a glob" autocomplete="off" spellcheck="false"></form>`,
    body: html`${path && path.length > 1 && breadcrumbs(path)}
${body}`,
  });
}

/** A whole page: what is at its top beside the name, and what it is about. */
export function renderFrame(frame: {
  readonly title: string;
  readonly name: string;
  /** What the page is kept up to date with. */
  readonly follows: string;
  readonly watches: readonly string[];
  readonly header: Content;
  readonly body: Content;
}): Html {
  const { title, name, follows, watches, header, body } = frame;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${name}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/style.css">
<script src="/script.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="/" title="${name}"><svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true"><circle cx="8" cy="8" r="6.2"/><circle cx="8" cy="8" r="1.900"/></svg><span>${name}</span></a>
${header}
<span id="live" role="status" title="Follows ${follows}"><span class="dot"></span><span class="text">live</span></span>
</header>
<main id="main" tabindex="-1" data-watches="${JSON.stringify(watches)}">
${body}
</main>
</body>
</html>
`;
}

function breadcrumbs(path: NonNullable<Page["path"]>): Html {
  const items = path.map(({ text, url }, index) =>
    index === path.length - 1
      ? html`<li aria-current="page">${text}</li>`
      : html`<li>${url === undefined ? text : html`<a href="${url}">${text}</a>`}</li>`,
  );
  return html`<nav class="path" aria-label="Breadcrumb"><ol>${items}</ol></nav>`;
}
