import type { JsonValue } from "../json/json.ts";
import { printJson } from "../json/jsonText.ts";
import type { ReleaseEvent } from "../release/events.ts";
import type { Output } from "./io.ts";

/** One JSON object a line on stdout, for machines. */
export class JsonView {
  readonly #output: Output;
  #release: string | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  take(event: ReleaseEvent): void {
    if (event.type === "release") this.#release = event.ref;
    // Several releases may run at once: what is about one of them says so.
    const own = "ref" in event ? event : { ...event, release: this.#release };
    this.#output.write(`${printJson(own as unknown as JsonValue)}\n`);
  }
}
