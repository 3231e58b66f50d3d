import type { GraphCard, GraphPhase } from "@ocuroot/server/protocol";
import { lastMeaningfulLine, shorten } from "../model/format.ts";
import { canRetry, lookOf } from "../model/status.ts";
import type { CriticalPath } from "../phases/criticalPath.ts";
import { cardNews, foldAbove, groupTitle, phaseCount, phaseDuration, statusCounts } from "../phases/graphModel.ts";
import type { GraphPage } from "../phases/messages.ts";
import type { ReleasePlan } from "../phases/plan.ts";
import { fateOf } from "../phases/releaseChanges.ts";
import { type Change, fillCard, fillRemoved } from "./card.ts";
import { arrange, make } from "./dom.ts";
import { icon } from "./icons.ts";

/** What is shown on cards beside the work itself. */
export interface Overlays {
  readonly path: CriticalPath | undefined;
  readonly plan: ReleasePlan | undefined;
}

/** A column's parts, kept from one drawing to the next so that nothing moves that did not change. */
interface Column {
  readonly element: HTMLElement;
  readonly header: HTMLElement;
  readonly list: HTMLElement;
}

/** Draws phases as columns of cards; elements are kept by id and filled anew only when their content differs. */
export class Columns {
  readonly element = make("div", { class: "phases", role: "group", "aria-label": "Phases" });
  private readonly columns = new Map<string, Column>();
  private readonly items = new Map<string, { element: HTMLElement; drawn: string }>();
  private first = true;
  private overlays: Overlays = { path: undefined, plan: undefined };
  private gained: ReadonlySet<string> = new Set();
  private edited: ReadonlyMap<string, "changed"> = new Map();

  constructor(private readonly isExpanded: (phase: string) => boolean) {}

  draw(page: GraphPage, overlays: Overlays): void {
    this.overlays = overlays;
    const used = new Set<string>();
    this.gained = new Set(page.whatIf?.added ?? []);
    const edits = page.now?.changes.filter((each) => each.kind === "changed") ?? [];
    this.edited = new Map(edits.map((each) => [each.id, "changed"]));
    const columns = page.graph.phases.map((phase) => this.drawPhase(phase, page, used));
    arrange(this.element, columns);
    for (const [id, { element }] of this.items) {
      if (used.has(id)) continue;
      element.remove();
      this.items.delete(id);
    }
    const phases = new Set(page.graph.phases.map((phase) => phase.id));
    for (const id of [...this.columns.keys()]) if (!phases.has(id)) this.columns.delete(id);
    this.first = false;
  }

  private drawPhase(phase: GraphPhase, page: GraphPage, used: Set<string>): HTMLElement {
    const column = this.columns.get(phase.id) ?? newColumn();
    this.columns.set(phase.id, column);
    const folds = phase.cards.length > foldAbove;
    const folded = folds && !this.isExpanded(phase.id);
    column.element.setAttribute(
      "aria-label",
      phase.name ? `Phase ${phase.name}` : `Phase of ${phase.cards[0]?.title ?? "no work"}`,
    );
    fillHeader(column.header, phase, folds && !folded);
    const items = folded
      ? [this.item(`group ${phase.id}`, phase.cards, used, (item) => fillGroup(item, phase))]
      : phase.cards.map((card) => this.cardItem(card, phase, page, used));
    arrange(column.list, [...items, ...this.removedItems(phase, page, used)]);
    return column.element;
  }

  private cardItem(card: GraphCard, phase: GraphPhase, page: GraphPage, used: Set<string>): HTMLElement {
    const change: Change | undefined = page.changes.cards[card.id] ?? this.edited.get(card.id);
    const share = this.overlays.path?.shares.get(card.id);
    const planned = this.overlays.plan?.work.get(card.id);
    const onlyWhatIf = this.gained.has(card.id);
    const drawn = { card, phase: phase.name, change, share, planned, onlyWhatIf, release: page.graph.release?.ref };
    return this.item(card.id, drawn, used, (item) =>
      fillCard(item, { card, phase: phase.name, graph: page.graph, change, share, planned, onlyWhatIf }),
    );
  }

  private removedItems(phase: GraphPhase, { changes, now }: GraphPage, used: Set<string>): HTMLElement[] {
    return changes.removed
      .filter((work) => work.phase === phase.name)
      .map((work) => {
        const fate = fateOf(now, `${work.kind}/${work.name}`);
        const drawn = { ...work, fate };
        return this.item(`removed ${work.kind}/${work.name}`, drawn, used, (item) =>
          fillRemoved(item, work.kind, work.name, fate),
        );
      });
  }

  private item(id: string, drawnFrom: unknown, used: Set<string>, fill: (item: HTMLElement) => void): HTMLElement {
    used.add(id);
    const drawn = JSON.stringify(drawnFrom);
    const known = this.items.get(id);
    if (known?.drawn === drawn) return known.element;
    const element = known?.element ?? make("li", { tabindex: -1, "data-item": id });
    fill(element);
    if (!known && !this.first) element.classList.add("arrives");
    this.items.set(id, { element, drawn });
    return element;
  }
}

function newColumn(): Column {
  const header = make("div", { class: "phase-header" });
  const list = make("ul", { role: "list" });
  return { element: make("section", { class: "phase" }, header, list), header, list };
}

function fillHeader(header: HTMLElement, phase: GraphPhase, canFold: boolean): void {
  const facts = [phaseCount(phase), phaseDuration(phase)].filter((text) => text !== "").join(" · ");
  header.replaceChildren(
    phase.name === ""
      ? make("span", { class: "phase-name", "data-phase": phase.id })
      : make(
          "button",
          { class: "phase-name", tabindex: -1, "data-phase": phase.id, title: `${phase.name}: show it in the file` },
          phase.name,
        ),
    make("span", { class: "facts" }, phase.name === "" && phase.cards.length === 1 ? "" : facts),
    canFold
      ? make(
          "button",
          { class: "fold", "data-fold": phase.id, title: "Fold this phase", "aria-label": `Fold phase ${phase.name}` },
          icon("chevron-down"),
        )
      : "",
  );
}

function fillGroup(item: HTMLElement, phase: GraphPhase): void {
  const counts = statusCounts(phase.cards);
  const words = counts.map(({ status, count }) => `${count} ${lookOf(status).word}`);
  const failed = phase.cards.filter((card) => card.status && canRetry(card.status));
  const worst = counts[0]?.status ?? "unreleased";
  item.className = `card group ${phase.cards.some((card) => card.kind === "deploy") ? "deploy" : "task"} ${worst}`;
  item.dataset.expand = phase.id;
  item.dataset.folded = phase.cards.map((card) => card.id).join(" ");
  item.setAttribute(
    "aria-label",
    `${groupTitle(phase.cards)} in phase ${phase.name}. ${words.join(", ")}. Press Enter to expand.`,
  );
  item.setAttribute("aria-expanded", "false");
  item.replaceChildren(
    make(
      "div",
      { class: "head" },
      icon("chevron-right", "kind"),
      make("span", { class: "title" }, groupTitle(phase.cards)),
    ),
    make(
      "div",
      { class: "counts" },
      ...counts.map(({ status, count }) =>
        make(
          "span",
          { class: `count ${status}` },
          icon(lookOf(status).icon, "status"),
          `${count} ${lookOf(status).word}`,
        ),
      ),
    ),
    ...failed
      .slice(0, 3)
      .map((card) =>
        make(
          "div",
          { class: "news bad", title: card.news ?? "" },
          `${card.title}: ${shorten(lastMeaningfulLine(cardNews(card)) || "failed", 120)}`,
        ),
      ),
  );
}
