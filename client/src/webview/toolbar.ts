import type { PhaseGraph } from "@ocuroot/server/protocol";
import { lookOf, statusWords } from "../model/status.ts";
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
}

/** The strip above the graph: the release whose statuses are shown, zoom, edges, export. */
export class Toolbar {
  private readonly release = make("span", { class: "release" });
  private readonly zoom: HTMLButtonElement;
  private readonly edges: HTMLButtonElement;
  readonly element: HTMLElement;

  constructor(actions: ToolbarActions, allEdges: boolean) {
    this.zoom = make("button", { class: "zoom", title: "Actual size (0)", click: () => actions.zoomReset() }, "100%");
    this.edges = button("type-hierarchy", "Show all inputs as lines (E)", () => this.setEdges(actions.toggleEdges()));
    this.setEdges(allEdges);
    const menu = exportMenu((format) => actions.save(format));
    const save = button("export", "Export as SVG, PNG or Mermaid", () => menu.togglePopover());
    this.element = make(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "Phase graph" },
      this.release,
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

  setRelease(release: PhaseGraph["release"]): void {
    if (!release) {
      this.release.replaceChildren(make("span", { class: "dim" }, "not released yet"));
      return;
    }
    const look = lookOf(release.status);
    this.release.className = `release ${release.status}`;
    this.release.title = release.ref;
    this.release.replaceChildren(
      icon(look.icon, "status"),
      make("b", {}, release.name),
      make("span", { class: "release-words" }, statusWords(release.status)),
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
