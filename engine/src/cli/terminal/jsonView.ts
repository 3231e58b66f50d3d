import type { ReleaseEvent } from "../../runner/events.ts";
import type { JsonValue } from "../../state/json.ts";
import { printJson } from "../../state/jsonText.ts";
import type { Output } from "../io.ts";

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
