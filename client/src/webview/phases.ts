/**
 * The page of the phase graph. The extension sends what to show; everything else (focus, folding, zoom) is the page's own
 * and survives each new graph, so that typing in the source never moves what did not change.
 */
import "./phases.css";
import type { PhaseGraph } from "@ocuroot/server/protocol";
import { canRetry, isWaiting } from "../model/status.ts";
import { cardAside, findEdges } from "../phases/graphModel.ts";
import type { PhasesPage, ShowMessage } from "../phases/messages.ts";
import { Columns } from "./columns.ts";
import { arrange, make } from "./dom.ts";
import { Edges } from "./edges.ts";
import { exportGraph } from "./exporting.ts";
import { remember, remembered, send } from "./host.ts";
import { icon } from "./icons.ts";
import { Keyboard } from "./keyboard.ts";
import { Toolbar } from "./toolbar.ts";
import { Viewport } from "./viewport.ts";

/** Narrower than this (in pixels), phases stand below each other: one column would be all that fits. */
const stackBelow = 520;

const app = document.getElementById("app")!;
const expanded = new Set(remembered().expanded ?? []);
let allEdges = remembered().allEdges ?? false;
let graph: PhaseGraph | undefined;
let arrived = 0;
let scrollRestored = false;

const columns = new Columns((phase) => expanded.has(phase));
const canvas = make("div", { class: "canvas" });
const edges = new Edges(canvas);
canvas.append(columns.element, edges.element);
const sizer = make("div", { class: "sizer" }, canvas);
const frame = make("div", { class: "frame" }, sizer);
const notices = make("div", { class: "notices", "aria-live": "polite" });
const viewport = new Viewport(frame, sizer, canvas, (scale) => toolbar.setZoom(scale));
const toolbar = new Toolbar(
  {
    zoomIn: () => viewport.zoomBy(1.2),
    zoomOut: () => viewport.zoomBy(1 / 1.2),
    zoomReset: () => viewport.reset(),
    fit: () => viewport.fit(),
    toggleEdges,
    save: (format) => void (graph && exportGraph(graph, format)),
    showNews,
    run: (next) => send({ type: "command", command: next.command, context: next.context ?? {} }),
  },
  allEdges,
);
const keyboard = new Keyboard(canvas, act, zoomByKey, () => toolbar.setEdges(toggleEdges()));

function show(page: PhasesPage): void {
  if (page.kind !== "graph") showEmpty(page);
  else if (page.graph.phases.length === 0) showNoPhases(page.graph);
  else showGraph(page);
}

function showGraph(page: PhasesPage & { kind: "graph" }): void {
  graph = page.graph;
  arrived = Date.now();
  remember({ uri: graph.uri });
  toolbar.setRelease(graph.release);
  toolbar.setNext(page.next);
  notices.replaceChildren(...noticesOf(graph));
  columns.draw(page);
  canvas.classList.toggle("stale", graph.stale);
  canvas.classList.toggle("live", graph.release !== undefined);
  if (frame.parentElement !== app) arrange(app, [toolbar.element, notices, frame]);
  layOut();
  keyboard.refresh();
  edges.setEdges(findEdges(graph));
  edges.setAll(allEdges);
  if (!scrollRestored && remembered().scroll) viewport.restoreScroll();
  else if (!scrollRestored) cardOfNews()?.scrollIntoView({ block: "nearest", inline: "nearest" });
  scrollRestored = true;
}

function layOut(): void {
  const stacked = frame.clientWidth > 0 && frame.clientWidth < stackBelow;
  canvas.classList.toggle("stacked", stacked);
  toolbar.element.classList.toggle("narrow", stacked);
  viewport.refresh();
  edges.draw();
}

function showEmpty(page: Exclude<PhasesPage, { kind: "graph" }>): void {
  if (page.kind === "loading") {
    drawEmpty("Reading the file…");
    return;
  }
  const { action } = page;
  if (action)
    drawEmpty(page.text, action.label, () =>
      send({ type: "command", command: action.command, context: action.context ?? {} }),
    );
  else drawEmpty(page.text);
}

/** A file without a graph: its first error and the way there, else that there is no work in it. */
function showNoPhases({ uri, problem }: PhaseGraph): void {
  if (!problem) {
    drawEmpty("This file has no work yet. Add a call, a deploy or a phase.");
    return;
  }
  const { message, range } = problem;
  if (range) drawEmpty(message, `Go to Line ${range.start.line + 1}`, () => send({ type: "open", uri, range }));
  else drawEmpty(message);
}

/** One sentence, and at most one button. */
function drawEmpty(text: string, label?: string, click?: () => void): void {
  graph = undefined;
  const button = label !== undefined && make("button", { class: "action", click }, label);
  app.replaceChildren(make("div", { class: "empty", role: "status" }, make("p", {}, text), button));
}

function noticesOf(current: PhaseGraph): HTMLElement[] {
  const list: HTMLElement[] = [];
  const { problem } = current;
  if (current.stale || problem) {
    const words = problem?.message ?? "The file has an error.";
    const lead = () => send({ type: "open", uri: current.uri, ...(problem?.range ? { range: problem.range } : {}) });
    const tail = current.stale ? make("span", { class: "dim" }, " This is the last good graph.") : null;
    list.push(
      make(
        "button",
        { class: "notice error", title: words, click: lead },
        icon("error"),
        make("span", { class: "words" }, words, tail),
      ),
    );
  }
  if (current.environmentsNotReleased) {
    const words = "Environments come from register_environment calls: none is released yet.";
    list.push(make("div", { class: "notice" }, icon("info"), make("span", { class: "words" }, words)));
  }
  return list;
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

function toggleEdges(): boolean {
  allEdges = !allEdges;
  remember({ allEdges });
  edges.setAll(allEdges);
  return allEdges;
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

// Durations of running work tick here; statuses themselves come from the extension.
setInterval(() => {
  for (const card of graph?.phases.flatMap((phase) => phase.cards) ?? []) {
    if (card.status !== "running" || card.durationMs === undefined) continue;
    const aside = canvas.querySelector(`[data-card="${CSS.escape(card.id)}"] .aside`);
    if (aside) aside.textContent = cardAside(card, Date.now() - arrived);
  }
}, 1000);

let last: PhasesPage | undefined;
window.addEventListener("message", ({ data }: MessageEvent<ShowMessage>) => {
  if (data?.type !== "show") return;
  last = data.page;
  show(data.page);
});
send({ type: "ready" });
