import type { Overlay } from "./toolbar.ts";

/** What keys do. */
export interface KeyboardActions {
  act(item: HTMLElement, action: "open" | "log" | "retry"): void;
  zoom(key: "+" | "-" | "0"): void;
  toggle(overlay: Overlay): void;
  find(): void;
}

/**
 * Keys of the graph: one card has the focus (and is the one tab stop); arrows move by column and row, Home and End to a
 * column's ends. The letters are the card's actions.
 */
export class Keyboard {
  constructor(
    private readonly canvas: HTMLElement,
    private readonly actions: KeyboardActions,
  ) {
    // The search is for the whole page, as the editor's own is.
    document.addEventListener("keydown", (event) => {
      const isFind = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "f";
      const isSlash = event.key === "/" && !isTyping(event) && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!isFind && !isSlash) return;
      event.preventDefault();
      event.stopPropagation();
      actions.find();
    });
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("focusin", (event) =>
      this.takeTabStop((event.target as Element).closest<HTMLElement>("li")),
    );
  }

  /** Makes sure that exactly one card can be reached with Tab. */
  refresh(): void {
    const items = this.items();
    this.takeTabStop(items.find((item) => item.tabIndex === 0) ?? items[0] ?? null);
  }

  private press(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const item = (event.target as Element).closest<HTMLElement>("li");
    if (!item || (event.target !== item && (event.key === "Enter" || event.key === " "))) return;
    const moved = this.neighbour(item, event.key);
    const { act, toggle, zoom } = this.actions;
    if (moved) moved.focus();
    else if (event.key === "Enter" || event.key === " ") act(item, "open");
    else if (event.key === "l") act(item, "log");
    else if (event.key === "r") act(item, "retry");
    else if (event.key === "e") toggle("edges");
    else if (event.key === "c") toggle("path");
    else if (event.key === "n") toggle("plan");
    else if (event.key === "+" || event.key === "-" || event.key === "0") zoom(event.key);
    else return;
    event.preventDefault();
  }

  private neighbour(item: HTMLElement, key: string): HTMLElement | undefined {
    const columns = [...this.canvas.querySelectorAll(".phase")].map((phase) => [
      ...phase.querySelectorAll<HTMLElement>("li"),
    ]);
    const column = columns.findIndex((each) => each.includes(item));
    const row = columns[column]?.indexOf(item) ?? -1;
    if (row < 0) return undefined;
    const own = columns[column]!;
    const beside = (step: number) => {
      const filled = columns
        .slice(step < 0 ? 0 : column + 1, step < 0 ? column : undefined)
        .filter((each) => each.length > 0);
      const next = step < 0 ? filled.at(-1) : filled[0];
      return next?.[Math.min(row, next.length - 1)];
    };
    const stacked = this.canvas.classList.contains("stacked");
    switch (key) {
      case "ArrowDown":
        return own[row + 1] ?? (stacked ? columns.slice(column + 1).flat()[0] : undefined);
      case "ArrowUp":
        return own[row - 1] ?? (stacked ? columns.slice(0, column).flat().at(-1) : undefined);
      case "ArrowLeft":
        return beside(-1);
      case "ArrowRight":
        return beside(1);
      case "Home":
        return own[0];
      case "End":
        return own.at(-1);
      default:
        return undefined;
    }
  }

  private takeTabStop(item: HTMLElement | null): void {
    for (const each of this.canvas.querySelectorAll<HTMLElement>('[tabindex="0"]')) each.tabIndex = -1;
    if (!item) return;
    item.tabIndex = 0;
    for (const port of item.querySelectorAll<HTMLElement>(".port")) port.tabIndex = 0;
  }

  private items(): HTMLElement[] {
    return [...this.canvas.querySelectorAll<HTMLElement>("li")];
  }
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLInputElement;
}
