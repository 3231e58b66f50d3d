import type { Colors } from "picocolors/types.js";
import type { ReleaseEvent, WorkEvent } from "../release/events.ts";
import { annotationLine } from "./frame.ts";
import type { Output } from "./io.ts";
import { stoppingLine } from "./liveView.ts";
import { type ReleaseProgress, workTitle } from "./progress.ts";
import { statusSign, statusWords } from "./statusWords.ts";
import { duration, harmless, shownOutputs } from "./text.ts";

/** One line for each event, prefixed with the work's name: for logs, pipes and CI. */
export class PlainView {
  readonly #output: Output;
  readonly #messages: Output;
  readonly #progress: ReleaseProgress;
  readonly #colors: Colors;
  readonly #label: string;

  /** `label`: what tells its lines from those of others. */
  constructor(output: Output, messages: Output, progress: ReleaseProgress, colors: Colors, label = "") {
    this.#output = output;
    this.#messages = messages;
    this.#progress = progress;
    this.#colors = colors;
    this.#label = label === "" ? "" : `${label} › `;
  }

  take(event: ReleaseEvent): void {
    switch (event.type) {
      case "release":
        this.#line(`${event.repo}/${event.file}  ${event.name}  (${event.commit.slice(0, 7)})`);
        break;
      case "log":
        for (const line of event.message.split("\n")) this.#line(`${this.#prefix(event.work)} │ ${line}`);
        break;
      case "work":
        this.#line(`${this.#prefix(event.work)} ${statusSign(this.#colors, event.status)} ${statusText(event)}`);
        break;
      case "stopping":
        this.#messages.write(`${stoppingLine(event.signal, event.commands)}\n`);
        break;
      case "end":
        break;
    }
  }

  #prefix(id: string): string {
    const work = this.#progress.work.get(id);
    return this.#colors.cyan(`${this.#label}${work ? workTitle(work.planned) : id}`);
  }

  #line(text: string): void {
    this.#output.write(`${this.#output.isTTY ? harmless(text) : text}\n`);
  }
}

function statusText(event: WorkEvent): string {
  const attempt = event.attempt > 1 ? ` (attempt ${event.attempt})` : "";
  const elsewhere = event.elsewhere ? " in another process" : "";
  const time = event.durationMs === undefined ? "" : ` in ${duration(event.durationMs)}`;
  const word = event.status === "complete" ? `done${time}` : `${statusWords[event.status]}${elsewhere}`;
  const needs = event.needs?.map((missing) => missing.written).join(", ");
  const said = annotationLine(event.annotation);
  const waits = [said, needs ? `needs ${needs}` : ""].filter((text) => text !== "").join("; ");
  if (event.status === "blocked" || event.status === "paused") return `${word}${attempt}${waits ? `: ${waits}` : ""}`;
  const why = event.failure?.interrupted ? "" : (event.failure?.message.split("\n")[0] ?? said);
  const detail = why === "" ? "" : `: ${why}`;
  const outputs = shownOutputs(event.outputs);
  return `${word}${attempt}${detail}${outputs ? `  ${outputs}` : ""}`;
}
