/**
 * The page of the phase graph. The extension sends what to show; everything else (focus, folding, zoom, search) is the
 * page's own and survives each new graph, so that typing in the source never moves what did not change.
 */
import "./phases.css";
import type { PhaseGraph } from "@ocuroot/server/protocol";
import { canRetry, isWaiting } from "../model/status.ts";
import { criticalPath, pathWords } from "../phases/criticalPath.ts";
import { environmentsIn, withoutEnvironments } from "../phases/filter.ts";
import { cardAside, findEdges, releaseNews } from "../phases/graphModel.ts";
import type { GraphPage, PhasesPage, ShowMessage } from "../phases/messages.ts";
import { planRelease } from "../phases/plan.ts";
import { changesPanel, hasChanges } from "./changesPanel.ts";
import { Columns } from "./columns.ts";
import { arrange, fillKeyed, make } from "./dom.ts";
import { Edges } from "./edges.ts";
import { EnvironmentMenu } from "./environmentMenu.ts";
import { exportGraph } from "./exporting.ts";
import { Finder } from "./finder.ts";
import { remember, remembered, send } from "./host.ts";
import { icon } from "./icons.ts";
import { Keyboard } from "./keyboard.ts";
import { Minimap } from "./minimap.ts";
import { emptyPage, type Notice, noPhases, noticesOf, runAction } from "./notices.ts";
import { SearchBox } from "./searchBox.ts";
import { type Overlay, Toolbar } from "./toolbar.ts";
import { Viewport } from "./viewport.ts";

/** Narrower than this (in pixels), phases stand below each other: one column would be all that fits. */
const stackBelow = 520;

const app = document.getElementById("app")!;
const expanded = new Set(remembered().expanded ?? []);
const hidden = new Set(remembered().hidden ?? []);
const overlays = new Set<Overlay>();
if (remembered().allEdges) overlays.add("edges");
if (remembered().path) overlays.add("path");
if (remembered().plan) overlays.add("plan");
/** The graph as it is shown: without the environments that are left out. */
let graph: PhaseGraph | undefined;
let last: PhasesPage | undefined;
let arrived = 0;
let scrollRestored = false;

const columns = new Columns((phase) => expanded.has(phase));
const canvas = make("div", { class: "canvas" });
const edges = new Edges(canvas);
canvas.append(columns.element, edges.element);
const sizer = make("div", { class: "sizer" }, canvas);
const frame = make("div", { class: "frame", tabindex: -1 }, sizer);
const notices = make("div", { class: "notices", "aria-live": "polite" });
const minimap = new Minimap(frame, sizer, canvas);
const viewport = new Viewport(frame, sizer, canvas, (scale) => {
  toolbar.setZoom(scale);
  minimap.zoomed(scale);
});
const finder = new Finder(canvas, (phase) => setExpanded(phase, true));
const search = new SearchBox({
  search: (words) => finder.search(graph, words),
  step: (direction) => finder.step(direction),
  close: () => finder.end(),
});
const environmentMenu = new EnvironmentMenu(hidden, () => {
  remember({ hidden: [...hidden] });
  if (last) show(last);
});
const stage = make("div", { class: "stage" }, frame, search.element, minimap.element);
const toolbar = new Toolbar(
  {
    zoomIn: () => viewport.zoomBy(1.2),
    zoomOut: () => viewport.zoomBy(1 / 1.2),
    zoomReset: () => viewport.reset(),
    fit: () => viewport.fit(),
    toggle: toggleOverlay,
    find: () => search.open(),
    whatIf: () => last?.kind === "graph" && runAction(whatIfOf(last)),
    save: (format) => void (graph && exportGraph(graph, format)),
    showNews,
    run: runAction,
  },
  environmentMenu.element,
  overlays,
);
const keyboard = new Keyboard(canvas, {
  act,
  zoom: zoomByKey,
  toggle: toggleOverlay,
  find: () => search.open(),
});

function show(page: PhasesPage): void {
  last = page;
  if (page.kind === "graph" && page.graph.phases.length > 0) {
    showGraph(page);
    return;
  }
  graph = undefined;
  const whatIf = page.kind === "graph" && page.whatIf && page.graph.problem ? noticesOf(page) : [];
  app.replaceChildren(...whatIf.map((each) => each.make()), page.kind === "graph" ? noPhases(page) : emptyPage(page));
}

function showGraph(page: GraphPage): void {
  const environments = environmentsIn(page.graph, page.environments);
  const left = new Set(environments.filter((each) => hidden.has(each.name)).map((each) => each.name));
  graph = withoutEnvironments(page.graph, left);
  arrived = Date.now();
  remember({ uri: graph.uri });
  toolbar.setRelease(graph.release, releaseNews(graph));
  toolbar.setNext(page.next);
  toolbar.setEnvironments(environments.length, left.size);
  environmentMenu.setEnvironments(environments);
  const path = overlays.has("path") ? criticalPath(graph) : undefined;
  const plan = overlays.has("plan") ? planRelease(graph) : undefined;
  const { now } = page;
  const pathNote = path ? pathWords(path) : "No work of this file has run yet.";
  fillKeyed(notices, [
    ...noticesOf(page),
    ...(now && hasChanges(now) ? [{ key: now, make: () => changesPanel(now, isOpen, rememberOpen) }] : []),
    ...(plan ? [note("play-circle", plan.summary)] : []),
    ...(overlays.has("path") ? [note("pulse", pathNote)] : []),
    ...(left.size > 0
      ? [note("filter", `${environments.length - left.size} of ${environments.length} environments`)]
      : []),
  ]);
  columns.draw({ ...page, graph }, { path, plan });
  canvas.classList.toggle("stale", graph.stale);
  canvas.classList.toggle("live", graph.release !== undefined);
  app.classList.toggle("what-if-page", page.whatIf !== undefined);
  if (stage.parentElement !== app) arrange(app, [toolbar.element, notices, stage]);
  for (const column of columns.element.children) heights.observe(column);
  edges.setEdges(findEdges(graph));
  layOut();
  keyboard.refresh();
  edges.setAll(overlays.has("edges"));
  search.refresh();
  if (!scrollRestored && remembered().scroll) viewport.restoreScroll();
  else if (!scrollRestored) cardOfNews()?.scrollIntoView({ block: "nearest", inline: "nearest" });
  scrollRestored = true;
}

function note(id: string, words: string): Notice {
  const line = () => make("div", { class: "notice" }, icon(id), make("span", { class: "words", title: words }, words));
  return { key: [id, words], make: line };
}

function isOpen(): boolean {
  return remembered().changes === true;
}

function rememberOpen(open: boolean): void {
  remember({ changes: open });
}

function layOut(): void {
  const stacked = frame.clientWidth > 0 && frame.clientWidth < stackBelow;
  canvas.classList.toggle("stacked", stacked);
  toolbar.element.classList.toggle("narrow", stacked);
  viewport.refresh();
  edges.moved();
  minimap.moved();
}

/** Puts the focus on the card that says why the release stands as it does. */
function showNews(): void {
  (cardOfNews() ?? canvas.querySelector<HTMLElement>("li"))?.focus();
}

/** The first card, or folded card, in trouble; else one that waits or runs. */
function cardOfNews(): HTMLElement | undefined {
  const cards = graph?.phases.flatMap((phase) => phase.cards) ?? [];
  const card =
    cards.find((each) => each.status && canRetry(each.status)) ??
    cards.find((each) => each.status && (isWaiting(each.status) || each.status === "running"));
  const id = card && CSS.escape(card.id);
  return canvas.querySelector<HTMLElement>(`[data-item="${id}"], [data-folded~="${id}"]`) ?? undefined;
}

function toggleOverlay(overlay: Overlay): boolean {
  const shown = !overlays.delete(overlay);
  if (shown) overlays.add(overlay);
  remember({ allEdges: overlays.has("edges"), path: overlays.has("path"), plan: overlays.has("plan") });
  toolbar.setOverlay(overlay, shown);
  if (overlay === "edges") edges.setAll(shown);
  else if (last) show(last);
  return shown;
}

function whatIfOf({ graph: { uri } }: GraphPage) {
  return { label: "What if…", command: "ocuroot.whatIfEnvironments", context: { uri } };
}

function zoomByKey(key: "+" | "-" | "0"): void {
  if (key === "0") viewport.reset();
  else viewport.zoomBy(key === "+" ? 1.2 : 1 / 1.2);
}

function act(item: HTMLElement, action: "open" | "log" | "retry"): void {
  const phase = item.dataset.expand;
  if (phase !== undefined) {
    setExpanded(phase, true);
    return;
  }
  const card = graph?.phases.flatMap((each) => each.cards).find((each) => each.id === item.dataset.card);
  if (!card || !graph) return;
  const context = JSON.parse(item.dataset.vscodeContext ?? "{}") as Record<string, unknown>;
  if (action === "open") send({ type: "open", uri: card.uri, range: card.range });
  else if (action === "log" && context.hasLog) send({ type: "command", command: "ocuroot.showLog", context });
  else if (action === "retry" && context.canRetry) send({ type: "command", command: "ocuroot.retryRelease", context });
}

function setExpanded(phase: string, open: boolean): void {
  if (open) expanded.add(phase);
  else expanded.delete(phase);
  remember({ expanded: [...expanded] });
  if (last) show(last);
  const item = canvas
    .querySelector<HTMLElement>(`[data-phase="${CSS.escape(phase)}"]`)
    ?.closest(".phase")
    ?.querySelector<HTMLElement>("li");
  item?.focus({ preventScroll: false });
}

canvas.addEventListener("click", (event) => {
  const target = event.target as Element;
  const fold = target.closest<HTMLElement>("[data-fold]")?.dataset.fold;
  if (fold !== undefined) return setExpanded(fold, false);
  const phase = target.closest<HTMLElement>("[data-phase]")?.dataset.phase;
  const found = graph?.phases.find((each) => each.id === phase);
  if (graph && found) return send({ type: "open", uri: graph.uri, range: found.range });
  const item = target.closest<HTMLElement>("li");
  if (item) act(item, "open");
});

const cardAt = (event: Event) => (event.target as Element).closest<HTMLElement>("[data-card]")?.dataset.card;
canvas.addEventListener("pointerover", (event) => edges.setFocus(cardAt(event)));
canvas.addEventListener("pointerleave", () => edges.setFocus(undefined));
canvas.addEventListener("focusin", (event) => edges.setFocus(cardAt(event)));
canvas.addEventListener("focusout", () => edges.setFocus(undefined));

new ResizeObserver(() => graph && layOut()).observe(app);

// A card that comes into sight may be higher than it was taken for.
const heights = new ResizeObserver(() => requestAnimationFrame(() => graph && layOut()));

// The map is painted in the theme's colours.
new MutationObserver(() => minimap.moved()).observe(document.body, {
  attributeFilter: ["class", "data-vscode-theme-id"],
});

// Durations of running work tick here; statuses themselves come from the extension.
setInterval(() => {
  for (const card of graph?.phases.flatMap((phase) => phase.cards) ?? []) {
    if (card.status !== "running" || card.durationMs === undefined) continue;
    const aside = canvas.querySelector(`[data-card="${CSS.escape(card.id)}"] .aside`);
    if (aside) aside.textContent = cardAside(card, Date.now() - arrived);
  }
}, 1000);

window.addEventListener("message", ({ data }: MessageEvent<ShowMessage>) => {
  if (data?.type === "show") show(data.page);
});
send({ type: "ready" });
