import type { StoreError } from "../state/store.ts";
import { repairHints } from "./errors.ts";
import type { Ui } from "./ui.ts";

/** Tells of documents that a command could not read, each once, while it goes on with the rest. */
export class DamageReport {
  readonly #known = new Set<string>();

  constructor(private readonly ui: Ui) {}

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  add({ message }: StoreError): void {
    if (this.#known.has(message)) return;
    this.ui.complain(message, ...(this.isEmpty ? repairHints.map((line) => `  ${line}`) : []));
    this.#known.add(message);
  }
}
