import { make, placeIn } from "./dom.ts";

/** Pixels of the largest map. */
const largestWidth = 180;
const largestHeight = 120;
/** Pixels of the smallest side: a graph of one tall column would be a line. */
const smallestSide = 56;
/** Fewer cards than this are seen at once anyway. */
const fewCards = 16;

/** A small picture of the whole graph with the part that is in view; a click or a drag moves there. */
export class Minimap {
  readonly element: HTMLElement;
  private readonly picture = make("canvas");
  private readonly view = make("div", { class: "in-view" });
  private scaleX = 0;
  private scaleY = 0;
  private zoom = 1;
  private asked = 0;

  constructor(
    private readonly frame: HTMLElement,
    private readonly sizer: HTMLElement,
    private readonly canvas: HTMLElement,
  ) {
    // Whoever uses keys or a screen reader moves from card to card instead.
    this.element = make("div", { class: "minimap", "aria-hidden": "true", hidden: true }, this.picture, this.view);
    frame.addEventListener("scroll", () => this.follow(), { passive: true });
    this.element.addEventListener("pointerdown", (event) => this.drag(event));
  }

  /** Cards have come, gone or moved: the picture is drawn anew with the next frame, once. */
  moved(): void {
    cancelAnimationFrame(this.asked);
    this.asked = requestAnimationFrame(() => this.draw());
  }

  /** The graph is seen at another size; the picture itself stays. */
  zoomed(zoom: number): void {
    this.zoom = zoom;
    if (this.element.hidden || this.fits()) this.moved();
    else this.follow();
  }

  /** Draws the cards where they are now; hidden while all of them fit. */
  private draw(): void {
    const canvas = this.canvas;
    const cards = canvas.querySelectorAll<HTMLElement>("li");
    this.element.hidden = this.fits() || cards.length < fewCards || canvas.classList.contains("stacked");
    if (this.element.hidden) return;
    const [width, height] = [canvas.offsetWidth, canvas.offsetHeight];
    const scale = Math.min(largestWidth / width, largestHeight / height);
    const ratio = window.devicePixelRatio || 1;
    const [mapWidth, mapHeight] = [Math.max(smallestSide, width * scale), Math.max(smallestSide, height * scale)];
    this.scaleX = mapWidth / width;
    this.scaleY = mapHeight / height;
    this.element.style.width = `${mapWidth}px`;
    this.element.style.height = `${mapHeight}px`;
    this.picture.width = Math.round(mapWidth * ratio);
    this.picture.height = Math.round(mapHeight * ratio);
    const pen = this.picture.getContext("2d");
    if (!pen) return;
    pen.scale(ratio * this.scaleX, ratio * this.scaleY);
    const colors = new Map<string, string>();
    for (const card of cards) {
      pen.fillStyle = colorOf(card, colors);
      const { left, top } = placeIn(card, canvas);
      pen.fillRect(left, top, card.offsetWidth, card.offsetHeight);
    }
    this.follow();
  }

  /** The whole graph is in view, or nearly. */
  private fits(): boolean {
    const [frame, sizer] = [this.frame, this.sizer];
    return sizer.offsetWidth <= frame.clientWidth * 1.15 && sizer.offsetHeight <= frame.clientHeight * 1.15;
  }

  /** Moves the mark of what is in view. */
  private follow(): void {
    if (this.element.hidden) return;
    const [frame, zoom] = [this.frame, this.zoom];
    const across = (pixels: number) => (pixels / zoom) * this.scaleX;
    const down = (pixels: number) => (pixels / zoom) * this.scaleY;
    const { style } = this.view;
    style.transform = `translate(${across(frame.scrollLeft)}px, ${down(frame.scrollTop)}px)`;
    style.width = `${Math.min(this.element.clientWidth, across(frame.clientWidth))}px`;
    style.height = `${Math.min(this.element.clientHeight, down(frame.clientHeight))}px`;
  }

  private drag(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const [element, frame, zoom] = [this.element, this.frame, this.zoom];
    const go = ({ clientX, clientY }: PointerEvent) => {
      const box = element.getBoundingClientRect();
      frame.scrollTo(
        ((clientX - box.left) / this.scaleX) * zoom - frame.clientWidth / 2,
        ((clientY - box.top) / this.scaleY) * zoom - frame.clientHeight / 2,
      );
    };
    const end = () => element.removeEventListener("pointermove", go);
    element.setPointerCapture(event.pointerId);
    element.addEventListener("pointermove", go);
    element.addEventListener("pointerup", end, { once: true });
    element.addEventListener("pointercancel", end, { once: true });
    go(event);
  }
}

/** The colour that says a card's status, as its icon has it. */
function colorOf(card: HTMLElement, known: Map<string, string>): string {
  const found = known.get(card.className);
  if (found !== undefined) return found;
  const marked = card.querySelector(".status");
  const color = getComputedStyle(marked ?? card).color;
  known.set(card.className, color);
  return color;
}
