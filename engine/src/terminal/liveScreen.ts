import type { Colors } from "picocolors/types.js";
import { frame } from "./frame.ts";
import type { Output } from "./io.ts";
import type { ReleaseProgress } from "./progress.ts";
import { displayWidth, fit, plural } from "./text.ts";

/** Time between two frames, in milliseconds. */
const frameMs = 100;

/** Lines that a release needs at least. */
const leastRows = 4;

/** The part of the terminal that is drawn over and over: the releases that run, one below the other. */
export class LiveScreen {
  readonly #output: Output;
  readonly #colors: Colors;
  readonly #open: ReleaseProgress[] = [];
  #drawn: readonly string[] = [];
  #hasClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #stopping: ((columns: number) => string) | undefined;

  constructor(output: Output, colors: Colors) {
    this.#output = output;
    this.#colors = colors;
  }

  /** Shows a release from now on. */
  open(progress: ReleaseProgress): void {
    this.#open.push(progress);
    if (this.#timer) return;
    this.#output.write("\u001b[?25l");
    this.#timer = setInterval(() => this.#draw([]), frameMs);
  }

  /** Leaves the whole release behind, above those that still run. With the last one the cursor comes back. */
  close(progress: ReleaseProgress): void {
    const index = this.#open.indexOf(progress);
    if (index < 0) return;
    this.#open.splice(index, 1);
    const { columns } = this.#size;
    const whole = frame(progress, { columns, now: Date.now(), colors: this.#colors });
    if (this.#hasClosed) whole.unshift("");
    this.#hasClosed = true;
    // It stays in the scrollback, too: stopping can be over before anybody has read it.
    const isLast = this.#open.length === 0;
    if (isLast && this.#stopping) whole.push(fit(this.#stopping(columns), columns));
    this.#draw(whole, true);
    if (isLast) this.stop();
  }

  /** Draws no more; the terminal is as it was. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#open.length = 0;
    this.#output.write("\u001b[?25h");
  }

  /** Says at the lower end that everything is being stopped. */
  showStopping(line: (columns: number) => string): void {
    this.#stopping = line;
    this.#draw([]);
  }

  /** Writes something that stays, above what is drawn. */
  above(write: () => void): void {
    if (this.#drawn.length > 0) this.#output.write(`${this.#up}\r\u001b[J`);
    this.#drawn = [];
    write();
    if (this.#timer) this.#draw([], true);
  }

  get #size() {
    // A terminal that nobody has told its size says 0.
    return { columns: this.#output.columns || 80, rows: this.#output.rows || 24 };
  }

  /** To the beginning of what was drawn. A narrower window wraps it: up by what it takes now. */
  get #up(): string {
    const { columns, rows } = this.#size;
    const height = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
    return height > 0 ? `\u001b[${Math.min(height, rows - 1)}A` : "";
  }

  #draw(above: readonly string[], always = false): void {
    const lines = this.#lines();
    if (!always && lines.length === this.#drawn.length && lines.every((line, i) => line === this.#drawn[i])) return;
    const body = [...above, ...lines].map((line) => `${line}\u001b[K\n`).join("");
    this.#output.write(`\u001b[?2026h${this.#up}\r${body}\u001b[J\u001b[?2026l`);
    this.#drawn = lines;
  }

  /** All releases in as many lines as the screen has, but one. */
  #lines(): string[] {
    const { columns, rows } = this.#size;
    if (this.#open.length === 0) return [];
    const room = rows - 1 - (this.#stopping ? 1 : 0);
    const shown = this.#open.slice(0, Math.max(1, Math.floor(room / (leastRows + 1))));
    const hidden = this.#open.length - shown.length;
    const each = Math.floor((room - (hidden > 0 ? 1 : 0) - (shown.length - 1)) / shown.length);
    const now = Date.now();
    const frames = shown.map((progress) => frame(progress, { columns, rows: each, now, colors: this.#colors }));
    const lines = frames.flatMap((own, index) => (index === 0 ? own : ["", ...own])).slice(0, room);
    if (hidden > 0) lines.push(fit(this.#colors.dim(`… ${plural(hidden, "more release")}`), columns));
    if (this.#stopping) lines.push(fit(this.#stopping(columns), columns));
    return lines;
  }
}
