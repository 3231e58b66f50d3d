import { make } from "./dom.ts";
import { icon } from "./icons.ts";

/** What the search box does with what is typed. */
export interface SearchActions {
  /** Marks what the words are found in, and tells how many cards that are. */
  search(words: string): number;
  /** Goes to the next (1) or previous (-1) card that was found; tells which of them that is, from 1. */
  step(direction: 1 | -1): number;
  /** The box is closed: nothing is marked any more, and the focus goes back to the graph. */
  close(): void;
}

/** The box that finds work, in the place and with the keys of the editor's own: Enter, Shift+Enter, Escape. */
export class SearchBox {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly count = make("span", { class: "count-of", role: "status" });
  private found = 0;

  constructor(private readonly actions: SearchActions) {
    this.input = make("input", {
      type: "text",
      placeholder: "Find work",
      "aria-label": "Find work by name, status, input or value",
      spellcheck: "false",
      input: () => this.search(),
      keydown: (event) => this.press(event as KeyboardEvent),
    });
    this.element = make(
      "div",
      { class: "search", role: "search", hidden: true },
      this.input,
      this.count,
      button("arrow-up", "Previous match (Shift+Enter)", () => this.step(-1)),
      button("arrow-down", "Next match (Enter)", () => this.step(1)),
      button("close", "Close (Escape)", () => this.close()),
    );
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Opens the box, or goes to it. */
  open(): void {
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
    this.search();
  }

  /** Searches again: the graph has changed. */
  refresh(): void {
    if (this.isOpen) this.search();
  }

  close(): void {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.actions.close();
  }

  private search(): void {
    const words = this.input.value.trim();
    this.found = this.actions.search(words);
    this.element.classList.toggle("none", words !== "" && this.found === 0);
    this.tell(words === "" ? "" : this.found === 0 ? "No results" : `${this.found} found`);
  }

  private step(direction: 1 | -1): void {
    if (this.input.value.trim() === "" || this.found === 0) return;
    const at = this.actions.step(direction);
    this.tell(`${at} of ${this.found}`);
    this.input.focus();
  }

  private tell(words: string): void {
    this.count.textContent = words;
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Enter") this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}

function button(id: string, title: string, click: () => void): HTMLButtonElement {
  return make("button", { title, "aria-label": title, click }, icon(id));
}
