import { attributeFacets, type Facet, type GraphEnvironment } from "../phases/filter.ts";
import { make } from "./dom.ts";
import { followArrows } from "./menus.ts";

/** More environments than this get a field that narrows the list. */
const many = 12;

/** The menu that says which environments the graph shows: by attribute, and one by one. */
export class EnvironmentMenu {
  readonly element = make("div", {
    class: "menu environments",
    popover: "auto",
    role: "dialog",
    "aria-label": "Environments",
  });
  private environments: readonly GraphEnvironment[] = [];
  /** What narrows a long list; forgotten when the menu closes. */
  private words = "";

  constructor(
    private readonly hidden: Set<string>,
    /** The choice changed. */
    private readonly changed: () => void,
  ) {
    followArrows(this.element);
    this.element.addEventListener("beforetoggle", (event) => {
      this.words = "";
      if ((event as ToggleEvent).newState === "open") this.draw();
    });
  }

  setEnvironments(environments: readonly GraphEnvironment[]): void {
    this.environments = environments;
    if (this.element.matches(":popover-open")) this.draw();
  }

  /** Draws the list anew; the focus stays at its place in it, and so does the scroll position and what narrows the list. */
  private draw(): void {
    const at = this.stops().indexOf(document.activeElement as HTMLElement);
    const scroll = this.element.scrollTop;
    this.fill();
    this.element.scrollTop = scroll;
    this.stops()[at]?.focus();
  }

  private stops(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("input")];
  }

  private fill(): void {
    const all: Facet = { label: "All environments", names: this.environments.map((each) => each.name) };
    const facets = attributeFacets(this.environments);
    const single = this.environments.map(({ name }): Facet => ({ label: name, names: [name] }));
    const list = make("div", { class: "choices", role: "group", "aria-label": "Single environments" });
    list.append(...single.map((facet) => this.choice(facet)));
    const narrow = () => {
      const words = this.words.toLowerCase();
      for (const label of list.querySelectorAll<HTMLElement>("label"))
        label.hidden = !(label.textContent ?? "").toLowerCase().includes(words);
    };
    const typed = (event: Event) => {
      this.words = (event.target as HTMLInputElement).value;
      narrow();
    };
    narrow();
    this.element.replaceChildren(
      this.choice(all),
      ...(facets.length > 0 ? [make("hr"), ...facets.map((facet) => this.choice(facet))] : []),
      make("hr"),
      ...(single.length > many
        ? [
            make("input", {
              type: "text",
              placeholder: "Narrow the list",
              "aria-label": "Narrow the list",
              value: this.words,
              input: typed,
            }),
          ]
        : []),
      list,
    );
  }

  private choice({ label, names }: Facet): HTMLElement {
    const shown = names.filter((name) => !this.hidden.has(name)).length;
    const box = make("input", { type: "checkbox", change: () => this.choose(names, box.checked) });
    box.checked = shown === names.length;
    box.indeterminate = shown > 0 && shown < names.length;
    const count = names.length > 1 ? make("span", { class: "dim" }, ` ${names.length}`) : null;
    return make("label", {}, box, make("span", { class: "words", title: label }, label), count);
  }

  private choose(names: readonly string[], shown: boolean): void {
    for (const name of names) {
      if (shown) this.hidden.delete(name);
      else this.hidden.add(name);
    }
    this.draw();
    this.changed();
  }
}
