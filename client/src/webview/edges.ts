import type { Edge } from "../phases/graphModel.ts";
import { placeIn } from "./dom.ts";

const svgNamespace = "http://www.w3.org/2000/svg";

/** More lines than this are drawn faint: they show where the traffic is, not each way. */
const manyLines = 120;

/** Lines from the work that makes a value to the work that takes it: for the card under the pointer or focus, or all. */
export class Edges {
  readonly element = document.createElementNS(svgNamespace, "svg");
  private edges: readonly Edge[] = [];
  private focus: string | undefined;
  private all = false;
  private boxes: Map<string, Box> | undefined;

  constructor(private readonly canvas: HTMLElement) {
    this.element.setAttribute("class", "edges");
    this.element.setAttribute("aria-hidden", "true");
  }

  /** New edges; they are drawn with the next {@link moved}. */
  setEdges(edges: readonly Edge[]): void {
    this.edges = edges;
  }

  /** The card whose edges are shown. */
  setFocus(card: string | undefined): void {
    if (card === this.focus) return;
    this.focus = card;
    this.draw();
  }

  setAll(all: boolean): void {
    this.all = all;
    this.draw();
  }

  /** Cards have come, gone or moved. */
  moved(): void {
    this.boxes = undefined;
    this.draw();
  }

  private draw(): void {
    const near = this.edges.filter((edge) => edge.from === this.focus || edge.to === this.focus);
    const isNear = new Set(near);
    const shown = this.all ? [...this.edges.filter((edge) => !isNear.has(edge)), ...near] : near;
    this.element.setAttribute("width", String(this.canvas.offsetWidth));
    this.element.setAttribute("height", String(this.canvas.offsetHeight));
    const stacked = this.canvas.classList.contains("stacked");
    const paths = shown.map((edge) => this.path(edge, isNear.has(edge), stacked)).filter((path) => path !== undefined);
    this.element.replaceChildren(...paths);
    this.element.classList.toggle("many", paths.length > manyLines);
    this.markRelated(new Set(near.flatMap((edge) => [edge.from, edge.to])));
  }

  private path(edge: Edge, near: boolean, stacked: boolean): SVGPathElement | undefined {
    const from = this.place(edge.from);
    const to = this.place(edge.to);
    if (!from || !to) return undefined;
    const path = document.createElementNS(svgNamespace, "path");
    path.setAttribute("d", stacked ? gutterCurve(from, to) : curve(from, to));
    path.setAttribute("class", `edge${near ? " near" : ""}${edge.blocked ? " blocked" : ""}`);
    return path;
  }

  /** A card's box; of a folded card, its group's. Measured once, until {@link moved}. */
  private place(card: string): Box | undefined {
    this.boxes ??= this.measure();
    return this.boxes.get(card);
  }

  private measure(): Map<string, Box> {
    const boxes = new Map<string, Box>();
    for (const element of this.canvas.querySelectorAll<HTMLElement>("[data-item]")) {
      const { left, top } = placeIn(element, this.canvas);
      const box = { left, right: left + element.offsetWidth, middle: top + Math.min(element.offsetHeight / 2, 24) };
      for (const card of element.dataset.folded?.split(" ") ?? [element.dataset.item!]) boxes.set(card, box);
    }
    return boxes;
  }

  private markRelated(cards: ReadonlySet<string>): void {
    for (const element of this.canvas.querySelectorAll(".related")) element.classList.remove("related");
    for (const card of cards) this.canvas.querySelector(`[data-item="${CSS.escape(card)}"]`)?.classList.add("related");
  }
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
}

function curve(from: Box, to: Box): string {
  const bend = Math.max(28, Math.abs(to.left - from.right) / 2);
  return `M${from.right} ${from.middle}C${from.right + bend} ${from.middle} ${to.left - bend} ${to.middle} ${to.left} ${to.middle}`;
}

/** In one column the lines run along the left edge. */
function gutterCurve(from: Box, to: Box): string {
  const bend = Math.min(24, 10 + Math.abs(to.middle - from.middle) / 20);
  return `M${from.left} ${from.middle}C${from.left - bend} ${from.middle} ${to.left - bend} ${to.middle} ${to.left} ${to.middle}`;
}
