import type { PhaseGraph } from "@ocuroot/server/protocol";
import { lookOf, statusWords } from "../model/status.ts";
import type { PageAction } from "../phases/messages.ts";
import { make } from "./dom.ts";
import { icon } from "./icons.ts";

/** What the toolbar's buttons do. */
export interface ToolbarActions {
  zoomIn(): void;
  zoomOut(): void;
  zoomReset(): void;
  fit(): void;
  toggleEdges(): boolean;
  save(format: "svg" | "png" | "mermaid"): void;
  run(next: PageAction): void;
  /** Leads to the work that the release's status comes from. */
  showNews(): void;
}

/** The strip above the graph: the release whose statuses are shown, zoom, edges, export. */
export class Toolbar {
  private readonly release = make("span", { class: "release" });
  private readonly next = make("span", { class: "next" });
  private readonly zoom: HTMLButtonElement;
  private readonly edges: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(
    private readonly actions: ToolbarActions,
    allEdges: boolean,
  ) {
    this.zoom = make("button", { class: "zoom", title: "Actual size (0)", click: () => actions.zoomReset() }, "100%");
    this.edges = button("type-hierarchy", "Show all inputs as lines (E)", () => this.setEdges(actions.toggleEdges()));
    this.setEdges(allEdges);
    const menu = exportMenu((format) => actions.save(format));
    const save = button("export", "Export as SVG, PNG or Mermaid", () => menu.togglePopover());
    this.element = make(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Phase graph" },
      this.release,
      this.next,
      make("span", { class: "space" }),
      this.edges,
      make(
        "span",
        { class: "zooming" },
        button("remove", "Zoom out (−)", () => actions.zoomOut()),
        this.zoom,
        button("add", "Zoom in (+)", () => actions.zoomIn()),
        button("screen-full", "Fit the graph into the view", () => actions.fit()),
      ),
      save,
      menu,
    );
  }

  setZoom(scale: number): void {
    this.zoom.textContent = `${Math.round(scale * 100)}%`;
  }

  setEdges(all: boolean): void {
    this.edges.setAttribute("aria-pressed", String(all));
  }

  /** The button for what helps now, if something does. */
  setNext(next: PageAction | undefined): void {
    const click = () => next && this.actions.run(next);
    this.next.replaceChildren(next ? make("button", { class: "action", click }, next.label) : "");
  }

  setRelease(release: PhaseGraph["release"]): void {
    if (!release) {
      this.release.replaceChildren(make("span", { class: "dim release-words" }, "not released yet"));
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
          title: `${words}: show why`,
          click: () => this.actions.showNews(),
        },
        icon(look.icon, "status"),
        make("b", {}, release.name),
        " ",
        make("span", { class: "release-words" }, statusWords(release.status)),
      ),
    );
  }
}

function button(id: string, title: string, click: () => void): HTMLButtonElement {
  return make("button", { title, "aria-label": title, click }, icon(id));
}

function exportMenu(choose: (format: "svg" | "png" | "mermaid") => void): HTMLElement {
  const menu = make("div", { class: "menu", popover: "auto", role: "menu", "aria-label": "Export" });
  const entries = [
    ["svg", "SVG drawing"],
    ["png", "PNG image"],
    ["mermaid", "Mermaid text"],
  ] as const;
  for (const [format, label] of entries) {
    const pick = () => {
      menu.hidePopover();
      choose(format);
    };
    menu.append(make("button", { role: "menuitem", click: pick }, label));
  }
  return menu;
}
