import type { PhaseGraph } from "@ocuroot/server/protocol";
import { findCards } from "../phases/filter.ts";

/** Marks the cards that a search finds, and goes from one to the next, unfolding the phases they are in. */
export class Finder {
  private found: { readonly card: string; readonly phase: string }[] = [];
  private at = -1;

  constructor(
    private readonly canvas: HTMLElement,
    private readonly unfold: (phase: string) => void,
  ) {}

  /** Dims all cards but those that `words` are found in; tells how many those are. */
  search(graph: PhaseGraph | undefined, words: string): number {
    const cards = graph && words !== "" ? new Set(findCards(graph, words)) : undefined;
    const before = this.found[this.at]?.card;
    this.found = (graph?.phases ?? []).flatMap((phase) =>
      phase.cards.filter((card) => cards?.has(card)).map((card) => ({ card: card.id, phase: phase.id })),
    );
    this.at = this.found.findIndex((each) => each.card === before);
    this.mark(cards !== undefined);
    return this.found.length;
  }

  /** Shows the next or previous card that was found; tells its number, from 1. */
  step(direction: 1 | -1): number {
    const { length } = this.found;
    if (length === 0) return 0;
    this.at = this.at < 0 && direction < 0 ? length - 1 : (this.at + direction + length) % length;
    const { card, phase } = this.found[this.at]!;
    if (!this.itemOf(card)) {
      this.unfold(phase);
      this.mark(true);
    }
    const item = this.itemOf(card);
    for (const each of this.canvas.querySelectorAll(".at")) each.classList.remove("at");
    item?.classList.add("at");
    item?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return this.at + 1;
  }

  /** Nothing is marked any more; the card that was shown last gets the focus. */
  end(): void {
    const card = this.found[this.at]?.card;
    this.found = [];
    this.at = -1;
    this.mark(false);
    const item =
      (card !== undefined && this.itemOf(card)) || this.canvas.querySelector<HTMLElement>('li[tabindex="0"]');
    item?.focus();
  }

  private mark(isSearching: boolean): void {
    const found = new Set(this.found.map((each) => each.card));
    for (const item of this.canvas.querySelectorAll<HTMLElement>("li")) {
      const { card, folded } = item.dataset;
      const matches = folded?.split(" ").some((each) => found.has(each)) ?? (card !== undefined && found.has(card));
      item.classList.toggle("missed", isSearching && !matches);
      item.classList.toggle("found", isSearching && matches);
      if (!isSearching) item.classList.remove("at");
    }
  }

  private itemOf(card: string): HTMLElement | null {
    return this.canvas.querySelector<HTMLElement>(`[data-card="${CSS.escape(card)}"]`);
  }
}
