import type { Edge } from "../phases/graphModel.ts";
import { type CardBox, type RouteRoom, routeAround, routeBeside } from "../phases/routes.ts";
import { placeIn } from "./dom.ts";

const svgNamespace = "http://www.w3.org/2000/svg";

/** Lines from the work that makes a value to the work that takes it: for the card under the pointer or focus, or all. */
export class Edges {
  readonly element = shape("svg", { class: "edges", "aria-hidden": "true" });
  /** All lines, and above them those of the card that is looked at. */
  private readonly rest = shape("g", { class: "all" });
  private readonly near = shape("g", {});
  private edges: readonly Edge[] = [];
  /** The number of each card that lines come from. */
  private lanes = new Map<string, number>();
  private focus: string | undefined;
  private all = false;
  private boxes: Map<string, CardBox> | undefined;
  private room: RouteRoom = { gap: 0, channel: 0 };

  constructor(private readonly canvas: HTMLElement) {
    const tip = shape("marker", {
      id: "edge-tip",
      viewBox: "0 0 6 6",
      refX: 6,
      refY: 3,
      markerWidth: 6,
      markerHeight: 6,
      markerUnits: "userSpaceOnUse",
      orient: "auto",
    });
    tip.append(shape("path", { d: "M0 0L6 3L0 6Z", class: "edge-tip" }));
    this.element.append(tip, this.rest, this.near);
  }

  /** New edges; they are drawn with the next {@link moved}. */
  setEdges(edges: readonly Edge[]): void {
    this.edges = edges;
    this.lanes = new Map([...new Set(edges.map((edge) => edge.from))].map((from, index) => [from, index]));
  }

  /** The card whose edges are shown. */
  setFocus(card: string | undefined): void {
    if (card === this.focus) return;
    this.focus = card;
    this.drawNear();
  }

  setAll(all: boolean): void {
    if (all === this.all) return;
    this.all = all;
    this.drawAll();
  }

  /** Cards have come, gone or moved. */
  moved(): void {
    this.boxes = undefined;
    this.drawAll();
    this.drawNear();
  }

  private drawAll(): void {
    this.element.setAttribute("width", String(this.canvas.offsetWidth));
    this.element.setAttribute("height", String(this.canvas.offsetHeight));
    this.rest.replaceChildren(...(this.all ? this.pathsOf(this.edges, false) : []));
  }

  private drawNear(): void {
    const near = this.edges.filter((edge) => edge.from === this.focus || edge.to === this.focus);
    this.near.replaceChildren(...this.pathsOf(near, true));
    this.element.classList.toggle("looks", near.length > 0);
    this.markRelated(new Set(near.flatMap((edge) => [edge.from, edge.to])));
  }

  /** Cards of a folded phase are one place: lines between the same two places are one. */
  private pathsOf(edges: readonly Edge[], near: boolean): SVGPathElement[] {
    const stacked = this.canvas.classList.contains("stacked");
    const boxes = this.measured();
    const drawn = new Map<string, SVGPathElement>();
    for (const { from, to, blocked } of edges) {
      const [start, end] = [boxes.get(from), boxes.get(to)];
      if (!start || !end || start === end) continue;
      const lane = this.lanes.get(from) ?? 0;
      const d = stacked ? routeBeside(start, end, lane) : routeAround(start, end, lane, this.room);
      const marks = near ? { class: `edge near${blocked ? " blocked" : ""}`, "marker-end": "url(#edge-tip)" } : {};
      if (!drawn.has(d) || blocked)
        drawn.set(d, shape("path", { class: `edge${blocked ? " blocked" : ""}`, ...marks, d }));
    }
    return [...drawn.values()];
  }

  /** Boxes of all cards; of a folded card, its group's. Measured once, until {@link moved}. */
  private measured(): ReadonlyMap<string, CardBox> {
    if (this.boxes) return this.boxes;
    const boxes = new Map<string, CardBox>();
    for (const element of this.canvas.querySelectorAll<HTMLElement>("[data-item]")) {
      const { left, top } = placeIn(element, this.canvas);
      const box = { left, right: left + element.offsetWidth, middle: top + Math.min(element.offsetHeight / 2, 24) };
      for (const card of element.dataset.folded?.split(" ") ?? [element.dataset.item!]) boxes.set(card, box);
    }
    const list = this.canvas.querySelector<HTMLElement>(".phase ul");
    const columns = list?.closest<HTMLElement>(".phases");
    this.room = {
      gap: columns ? Number.parseFloat(getComputedStyle(columns).columnGap) || 0 : 0,
      channel: list ? placeIn(list, this.canvas).top - 4 : 0,
    };
    this.boxes = boxes;
    return boxes;
  }

  private markRelated(cards: ReadonlySet<string>): void {
    for (const element of this.canvas.querySelectorAll(".related")) element.classList.remove("related");
    for (const card of cards) this.canvas.querySelector(`[data-item="${CSS.escape(card)}"]`)?.classList.add("related");
  }
}

function shape<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
