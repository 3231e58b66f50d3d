import type { PhaseGraph } from "@ocuroot/server/protocol";
import { lookOf, statusWords } from "../model/status.ts";
import type { PageAction } from "../phases/messages.ts";
import { make } from "./dom.ts";
import { icon } from "./icons.ts";
import { followArrows, toggleMenu } from "./menus.ts";

/** What the graph can show beside the work itself. */
export type Overlay = "edges" | "path" | "plan";

/** What the toolbar's buttons do. */
export interface ToolbarActions {
  zoomIn(): void;
  zoomOut(): void;
  zoomReset(): void;
  fit(): void;
  /** Shows or hides an overlay; tells whether it is shown now. */
  toggle(overlay: Overlay): boolean;
  find(): void;
  whatIf(): void;
  save(format: "svg" | "png" | "mermaid"): void;
  run(next: PageAction): void;
  /** Leads to the work that the release's status comes from. */
  showNews(): void;
}

const overlays: readonly {
  readonly id: Overlay;
  readonly icon: string;
  readonly label: string;
  readonly key: string;
}[] = [
  { id: "edges", icon: "type-hierarchy", label: "Show all inputs as lines", key: "E" },
  { id: "path", icon: "pulse", label: "Show what took the time: the critical path", key: "C" },
  { id: "plan", icon: "play-circle", label: "Show what a new release would do now", key: "N" },
];

const formats = [
  ["svg", "SVG drawing"],
  ["png", "PNG image"],
  ["mermaid", "Mermaid text"],
] as const;

/** The strip above the graph: the release whose statuses are shown, ways to look at the graph, zoom, export. */
export class Toolbar {
  private readonly release = make("span", { class: "release" });
  private readonly next = make("span", { class: "next" });
  private readonly zoom: HTMLButtonElement;
  private readonly environments: HTMLButtonElement;
  /** Every button and menu entry of an overlay. */
  private readonly switches = new Map<Overlay, HTMLElement[]>();
  readonly element: HTMLElement;

  constructor(
    private readonly actions: ToolbarActions,
    environmentMenu: HTMLElement,
    shown: ReadonlySet<Overlay>,
  ) {
    this.zoom = make("button", { class: "zoom", title: "Actual size (0)", click: () => actions.zoomReset() }, "100%");
    this.environments = button("filter", "Choose environments", () => toggleMenu(environmentMenu));
    const exports = this.menu("Export", []);
    const more = this.menu("More", ["overlays", "whatIf"]);
    this.element = make(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Phase graph" },
      this.release,
      this.next,
      make("span", { class: "space" }),
      button("search", "Find work (/)", () => actions.find()),
      this.environments,
      make(
        "span",
        { class: "wide" },
        ...overlays.map((each) => this.overlayButton(each)),
        button("beaker", "What if there were other environments?", () => actions.whatIf()),
        make("span", { class: "line" }),
        button("remove", "Zoom out (−)", () => actions.zoomOut()),
        this.zoom,
        button("add", "Zoom in (+)", () => actions.zoomIn()),
        button("screen-full", "Fit the graph into the view", () => actions.fit()),
        button("export", "Export as SVG, PNG or Mermaid", () => toggleMenu(exports)),
      ),
      make(
        "span",
        { class: "tight" },
        button("ellipsis", "More", () => toggleMenu(more)),
      ),
      exports,
      more,
      environmentMenu,
    );
    for (const { id } of overlays) this.setOverlay(id, shown.has(id));
  }

  setZoom(scale: number): void {
    this.zoom.textContent = `${Math.round(scale * 100)}%`;
  }

  setOverlay(overlay: Overlay, shown: boolean): void {
    for (const each of this.switches.get(overlay) ?? []) {
      each.setAttribute(each.role === "menuitemcheckbox" ? "aria-checked" : "aria-pressed", String(shown));
    }
  }

  /** How many environments there are to choose from, and how many are left out. */
  setEnvironments(count: number, hidden: number): void {
    this.environments.hidden = count < 2 && hidden === 0;
    const words = hidden === 0 ? "Choose environments" : `Choose environments: ${count - hidden} of ${count} shown`;
    this.environments.title = words;
    this.environments.setAttribute("aria-label", words);
    this.environments.setAttribute("aria-pressed", String(hidden > 0));
  }

  /** The button for what helps now, if something does. */
  setNext(next: PageAction | undefined): void {
    const click = () => next && this.actions.run(next);
    this.next.replaceChildren(next ? make("button", { class: "action", click }, next.label) : "");
  }

  /** `news`: why it stands as it does, "" for nothing. */
  setRelease(release: PhaseGraph["release"], news: string): void {
    if (!release) {
      this.release.className = "release";
      this.release.replaceChildren(make("span", { class: "dim release-words" }, "not released"));
      return;
    }
    const look = lookOf(release.status);
    this.release.className = `release ${release.status}`;
    const words = `${release.name} ${statusWords(release.status)}`;
    this.release.replaceChildren(
      make(
        "button",
        {
          class: "news-of",
          title: news ? `${words} · ${news}` : `${words}: show why`,
          click: () => this.actions.showNews(),
        },
        icon(look.icon, "status"),
        make("b", {}, release.name),
        " ",
        make("span", { class: "release-words" }, statusWords(release.status)),
        news && make("span", { class: "dim release-news" }, ` · ${news}`),
      ),
    );
  }

  private overlayButton({ id, icon: name, label, key }: (typeof overlays)[number]): HTMLElement {
    const element = button(name, `${label} (${key})`, () => this.actions.toggle(id));
    this.switches.set(id, [...(this.switches.get(id) ?? []), element]);
    return element;
  }

  private menu(label: string, parts: readonly ("overlays" | "whatIf")[]): HTMLElement {
    const menu = make("div", { class: "menu", popover: "auto", role: "menu", "aria-label": label });
    followArrows(menu);
    const entry = (text: string, id: string, pick: () => void, role = "menuitem") => {
      const click = () => {
        menu.hidePopover();
        pick();
      };
      const element = make("button", { role, click }, icon(id), text);
      menu.append(element);
      return element;
    };
    if (parts.includes("overlays")) {
      for (const each of overlays) {
        const element = entry(each.label, each.icon, () => this.actions.toggle(each.id), "menuitemcheckbox");
        this.switches.set(each.id, [...(this.switches.get(each.id) ?? []), element]);
      }
    }
    if (parts.includes("whatIf"))
      entry("What if there were other environments?", "beaker", () => this.actions.whatIf());
    for (const [format, text] of formats) entry(text, "export", () => this.actions.save(format));
    return menu;
  }
}

function button(id: string, title: string, click: () => void): HTMLButtonElement {
  return make("button", { title, "aria-label": title, click }, icon(id));
}
