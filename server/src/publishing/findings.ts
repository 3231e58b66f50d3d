import type { Diagnostic } from "@ocuroot/starlark";
import type { FileView, Snapshot } from "../analysis/snapshot.ts";
import { doDiagnostics } from "../features/diagnostics/index.ts";

/**
 * What the text of open files shows, found once for each version: it is published, decides whether a file is evaluated,
 * and is published again together with what the evaluation found.
 */
export class Findings {
  readonly #known = new WeakMap<FileView, { readonly stamp: number; readonly found: readonly Diagnostic[] }>();
  #stamp = 0;

  /** Something that files may depend on (another file, state) is not what it was. */
  changed(): void {
    this.#stamp++;
  }

  of(snapshot: Snapshot): readonly Diagnostic[] {
    const known = this.#known.get(snapshot.file);
    if (known?.stamp === this.#stamp) return known.found;
    const stamp = this.#stamp;
    const found = doDiagnostics(snapshot);
    this.#known.set(snapshot.file, { stamp, found });
    return found;
  }
}
