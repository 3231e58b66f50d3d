import type { ReleaseEvent } from "../../runner/events.ts";
import type { JsonValue } from "../../state/json.ts";
import { printJson } from "../../state/jsonText.ts";
import type { Output } from "../io.ts";

/** One JSON object a line on stdout, for machines. */
export class JsonView {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  take(event: ReleaseEvent): void {
    this.#output.write(`${printJson(event as unknown as JsonValue)}\n`);
  }
}
