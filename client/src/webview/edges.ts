import type { Edge } from "../phases/graphModel.ts";
import { type CardBox, type RouteRoom, routeAround, routeBeside, routesAround } from "../phases/routes.ts";
import { placeIn } from "./dom.ts";

const svgNamespace = "http://www.w3.org/2000/svg";

/** Between pixels a thin line is a pale, thick one. */
const onPixels = "translate(0.5 0.5)";

/** Lines from the work that makes a value to the work that takes it: for the card under the pointer or focus, or all. */
export class Edges {
  readonly element = shape("svg", { class: "edges", "aria-hidden": "true" });
  /** All lines, and above them those of the card that is looked at. */
  private readonly rest = shape("g", { class: "all", transform: onPixels });
  private readonly near = shape("g", { transform: onPixels });
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
    this.rest.replaceChildren(...(this.all ? this.allPaths() : []));
  }

  private drawNear(): void {
    const near = this.edges.filter((edge) => edge.from === this.focus || edge.to === this.focus);
    this.near.replaceChildren(...this.nearPaths(near));
    this.element.classList.toggle("looks", near.length > 0);
    this.markRelated(new Set(near.flatMap((edge) => [edge.from, edge.to])));
  }

  /** All lines; the way that those from one card to a column share is drawn once. */
  private allPaths(): SVGPathElement[] {
    const groups = new Map<string, { from: CardBox; lane: number; blocked: boolean; targets: Set<CardBox> }>();
    for (const { from, to, lane, blocked } of this.places(this.edges)) {
      const key = `${from.left} ${from.middle} ${to.left} ${blocked}`;
      const group = groups.get(key) ?? { from, lane, blocked, targets: new Set() };
      group.targets.add(to);
      groups.set(key, group);
    }
    // Each is an element of its own: what is out of sight is then not painted.
    return [...groups.values()].flatMap(({ from, lane, blocked, targets }) => {
      const lines = this.isStacked
        ? [...targets].map((to) => routeBeside(from, to, lane))
        : routesAround(from, [...targets], lane, this.room);
      return lines.map((d) => shape("path", { class: blocked ? "edge blocked" : "edge", d }));
    });
  }

  private nearPaths(edges: readonly Edge[]): SVGPathElement[] {
    return this.places(edges).map(({ from, to, lane, blocked }) => {
      const d = this.isStacked ? routeBeside(from, to, lane) : routeAround(from, to, lane, this.room);
      return shape("path", { class: `edge near${blocked ? " blocked" : ""}`, "marker-end": "url(#edge-tip)", d });
    });
  }

  /** Where lines begin and end; those within a folded phase are none. */
  private places(edges: readonly Edge[]) {
    const boxes = this.measured();
    return edges.flatMap(({ from, to, blocked }) => {
      const [start, end] = [boxes.get(from), boxes.get(to)];
      if (!start || !end || start === end) return [];
      return [{ from: start, to: end, lane: this.lanes.get(from) ?? 0, blocked }];
    });
  }

  private get isStacked(): boolean {
    return this.canvas.classList.contains("stacked");
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
