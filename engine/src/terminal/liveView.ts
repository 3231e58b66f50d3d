import type { ReleaseEvent } from "../release/events.ts";
import type { LiveScreen } from "./liveScreen.ts";
import type { ReleaseProgress } from "./progress.ts";
import { fit, plainLine } from "./text.ts";

/** Draws a release while it runs, on a screen that it may share with others. */
export class LiveView {
  readonly #screen: LiveScreen;
  readonly #progress: ReleaseProgress;

  constructor(screen: LiveScreen, progress: ReleaseProgress) {
    this.#screen = screen;
    this.#progress = progress;
  }

  take(event: ReleaseEvent): void {
    if (event.type === "release") this.#screen.open(this.#progress);
    if (event.type === "stopping") {
      const { signal, commands } = event;
      this.#screen.showStopping((columns) => stoppingLine(signal, commands, columns));
    }
    if (event.type === "end") this.finish();
  }

  /** The last picture, whole; the terminal is as it was. */
  finish(): void {
    this.#screen.close(this.#progress);
  }
}

/** What the user is told after Ctrl-C. Where there is little room, the commands are cut, not what can be done. */
export function stoppingLine(signal: string, commands: readonly string[], columns = 1000): string {
  const room = Math.floor((columns - 55) / Math.min(3, Math.max(1, commands.length))) - 4;
  const names = commands.map((command) => {
    const line = plainLine(command.split("\n")[0] ?? "");
    return `\`${fit(line, Math.max(12, room))}\``;
  });
  const shown = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
  const what = names.length === 0 ? "Stopping" : `Stopping ${shown}`;
  return `${what} (${signal}); press Ctrl-C again to kill`;
}
