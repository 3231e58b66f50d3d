import type { JsonValue } from "../../json/json.ts";
import { printJson } from "../../json/jsonText.ts";
import type { StoredDocument, StoreReader } from "../../state/store.ts";
import { StoreError } from "../../state/store.ts";
import { quoted } from "../../terminal/summary.ts";
import { breakable, command, linkified, refLink, section } from "../components.ts";
import { type Content, type Html, html } from "../html.ts";
import type { Page } from "../layout.ts";
import type { ViewSource } from "../model.ts";
import { encodePath } from "../urls.ts";

/** Any document: in state, in intent, and what hangs below it. */
export async function documentPage(source: ViewSource, ref: string): Promise<Page | undefined> {
  const [state, intent, children] = await Promise.all([
    readAt(source.state, ref),
    readAt(source.intent, ref),
    source.state.children(ref).catch(() => []),
  ]);
  if (!state && !intent && children.length === 0) return undefined;
  const body = html`<h1 class="long">${breakable(ref)}</h1>
${stateOf(state, intent, ref)}
${await behindLink(source, state)}
${children.length > 0 && section("Below", childList(ref, children), { count: children.length })}`;
  return { title: ref, path: pathOf(ref), body, watches: [ref] };
}

type AtRef = { readonly document: StoredDocument } | { readonly damage: string } | undefined;

async function readAt(store: StoreReader, ref: string): Promise<AtRef> {
  try {
    const document = await store.read(ref);
    return document && { document };
  } catch (error) {
    if (error instanceof StoreError) return { damage: error.message };
    return undefined; // Not a ref that a document can have.
  }
}

function stateOf(state: AtRef, intent: AtRef, ref: string): Content {
  if (state && intent && bodyText(state) === bodyText(intent)) return section("State, as intended", content(state));
  const isHeldByIntent = /(?:^|\/)@[^/]*\/(?:custom|environment)\//.test(ref);
  const apply = isHeldByIntent && html`<p>${command(`ocuroot state apply ${quoted(ref)}`)}</p>`;
  return html`${state && section("State", content(state))}${intent && section("Intent", html`${content(intent)}${apply}`)}`;
}

/** What a link leads to, in the end. */
async function behindLink({ state }: ViewSource, at: AtRef): Promise<Content> {
  if (!at || !("document" in at) || at.document.kind !== "link") return undefined;
  const target = await state.resolve(at.document.target);
  if (target === undefined) return html`<p class="banner status-failed">Nothing is there.</p>`;
  const found = await readAt(state, target);
  return found && section("What it leads to", html`<p>${refLink(target)}</p>${content(found)}`);
}

/** The text of `repo.ocu.star`, which its document holds in an unreadable form. */
function sourceText(body: JsonValue): string | undefined {
  const source = (body as { readonly Remotes?: unknown; readonly source?: unknown } | null)?.source;
  const isConfiguration = typeof source === "string" && Object.hasOwn(body as object, "Remotes");
  return isConfiguration ? Buffer.from(source, "base64").toString("utf8") : undefined;
}

function bodyText(at: AtRef): string | undefined {
  return at && "document" in at && at.document.kind === "ref" ? printJson(at.document.body) : undefined;
}

function content(at: NonNullable<AtRef>): Html {
  if ("damage" in at)
    return html`<p class="banner status-failed">${at.damage}</p><p>${command("ocuroot state check")}</p>`;
  const { document } = at;
  if (document.kind === "link") return html`<p>A link to ${refLink(document.target)}</p>`;
  const { body, links } = document;
  const text = sourceText(body);
  return html`${text !== undefined && html`<h3>repo.ocu.star</h3><pre class="json">${text}</pre><h3>Document</h3>`}<pre class="json">${linkified(printJson(body, 2))}</pre>${
    links.length > 0 &&
    html`<p class="faint">Links that lead here: ${links.map((link, index) => html`${index > 0 && ", "}${refLink(link)}`)}</p>`
  }`;
}

function childList(ref: string, children: readonly string[]): Html {
  return html`<ul class="refs">${children.map((name) => html`<li>${refLink(`${ref}/${name}`, name)}</li>`)}</ul>`;
}

/** Each segment of a ref leads to what is there. */
function pathOf(ref: string): { text: string; url: string }[] {
  const segments = ref.split("/");
  return segments.map((text, index) => ({ text, url: `/ref/${encodePath(segments.slice(0, index + 1).join("/"))}` }));
}
