import { remember, remembered } from "./host.ts";

const smallest = 0.25;
const largest = 2;

/** Zoom and pan of the canvas: scrolling pans, Ctrl with the wheel zooms, dragging the ground pans. */
export class Viewport {
  private scale = clamp(remembered().zoom ?? 1);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    /** Scrolls. */
    private readonly frame: HTMLElement,
    /** Has the size of the zoomed canvas. */
    private readonly sizer: HTMLElement,
    private readonly canvas: HTMLElement,
    private readonly onZoom: (scale: number) => void,
  ) {
    frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.drag(event));
    frame.addEventListener("scroll", () => this.note(), { passive: true });
  }

  /** Applies the zoom to the canvas' present size. */
  refresh(): void {
    this.canvas.style.transform = this.scale === 1 ? "" : `scale(${this.scale})`;
    // A single column is as wide as the frame, not as the frame was before.
    this.sizer.style.width = "";
    this.sizer.style.width = `${Math.ceil(this.canvas.offsetWidth * this.scale)}px`;
    this.sizer.style.height = `${Math.ceil(this.canvas.offsetHeight * this.scale)}px`;
    this.onZoom(this.scale);
  }

  /** Scrolls to where the page was left. */
  restoreScroll(): void {
    const [left, top] = remembered().scroll ?? [0, 0];
    this.frame.scrollTo(left, top);
  }

  zoomBy(factor: number): void {
    this.zoomTo(this.scale * factor, this.frame.clientWidth / 2, this.frame.clientHeight / 2);
  }

  reset(): void {
    this.zoomTo(1, 0, 0);
  }

  /** The whole graph at once, but never larger than life. */
  fit(): void {
    const across = (this.frame.clientWidth - 8) / this.canvas.offsetWidth;
    const down = (this.frame.clientHeight - 8) / this.canvas.offsetHeight;
    this.zoomTo(Math.min(1, across, down), 0, 0);
    this.frame.scrollTo(0, 0);
  }

  /** Remembers the view when it has come to rest: each note crosses to the editor. */
  private note(): void {
    clearTimeout(this.timer);
    const { frame } = this;
    this.timer = setTimeout(() => remember({ zoom: this.scale, scroll: [frame.scrollLeft, frame.scrollTop] }), 150);
  }

  private zoomTo(scale: number, x: number, y: number): void {
    const old = this.scale;
    this.scale = clamp(scale);
    this.note();
    this.refresh();
    // The point under the pointer stays where it is.
    const factor = this.scale / old;
    this.frame.scrollTo((this.frame.scrollLeft + x) * factor - x, (this.frame.scrollTop + y) * factor - y);
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.frame.getBoundingClientRect();
    this.zoomTo(this.scale * Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
  }

  private drag(event: PointerEvent): void {
    if (event.button !== 0 || (event.target as Element).closest(".card, button")) return;
    const { frame } = this;
    const start = { x: event.clientX + frame.scrollLeft, y: event.clientY + frame.scrollTop };
    const move = (to: PointerEvent) => frame.scrollTo(start.x - to.clientX, start.y - to.clientY);
    const end = () => {
      frame.classList.remove("dragging");
      frame.removeEventListener("pointermove", move);
    };
    frame.classList.add("dragging");
    frame.setPointerCapture(event.pointerId);
    frame.addEventListener("pointermove", move);
    frame.addEventListener("pointerup", end, { once: true });
    frame.addEventListener("pointercancel", end, { once: true });
  }
}

function clamp(scale: number): number {
  return Math.min(largest, Math.max(smallest, Number.isFinite(scale) ? scale : 1));
}
