import type { Diagnostic } from "@ocuroot/starlark";
import type { Diagnostic as LspDiagnostic } from "vscode-languageserver-types";
import type { Dispatcher } from "./dispatch.ts";
import { doDiagnostics } from "./features/diagnostics/index.ts";
import { lspSeverity, toLspDiagnostic } from "./features/diagnostics/toLsp.ts";
import { levelOf, type Settings } from "./settings.ts";
import type { Snapshot } from "./snapshot.ts";

export interface PublisherOptions {
  readonly dispatcher: Dispatcher;
  readonly snapshot: (uri: string) => Snapshot | undefined;
  readonly settings: () => Settings;
  readonly openUris: () => Iterable<string>;
  /** Problems that an evaluation found, which are not repeated when the text already shows them. */
  readonly evaluated: (snapshot: Snapshot, found: readonly Diagnostic[]) => readonly LspDiagnostic[];
  readonly send: (params: { uri: string; version?: number; diagnostics: LspDiagnostic[] }) => void;
}

/** Waits this long (milliseconds) before files that depend on an edited one are looked at again. */
const dependentsDelay = 150;

/**
 * Publishes diagnostics of open documents. An edited document is looked at as soon as the messages that have already
 * come are read, so a burst of edits costs one pass.
 */
export class Publisher {
  readonly #dirty = new Set<string>();
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: PublisherOptions) {}

  /** The document itself changed. */
  touch(uri: string): void {
    this.#dirty.add(uri);
    this.#immediate ??= setImmediate(() => this.#flush());
  }

  /** Something that open documents may depend on changed. */
  touchAll(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const uri of this.options.openUris()) this.touch(uri);
    }, dependentsDelay);
  }

  /** A closed document shows no problems. */
  clear(uri: string): void {
    this.#dirty.delete(uri);
    this.options.send({ uri, diagnostics: [] });
  }

  dispose(): void {
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    this.#dirty.clear();
  }

  #flush(): void {
    this.#immediate = undefined;
    const uris = [...this.#dirty];
    this.#dirty.clear();
    for (const uri of uris) this.options.dispatcher.run("diagnostics", () => this.#publish(uri), uri);
  }

  #publish(uri: string): void {
    const snapshot = this.options.snapshot(uri);
    if (snapshot === undefined || snapshot.file.version === null) return;
    const { file } = snapshot;
    const found = doDiagnostics(snapshot);
    const diagnostics = found.map((each) => toLspDiagnostic(uri, file.source, each));
    diagnostics.push(...this.options.evaluated(snapshot, found));
    this.options.send({ uri, version: file.version ?? 0, diagnostics: this.#adjusted(diagnostics) });
  }

  /** As the settings want them. */
  #adjusted(diagnostics: readonly LspDiagnostic[]): LspDiagnostic[] {
    const settings = this.options.settings();
    return diagnostics.flatMap((each) => {
      const level = levelOf(settings, String(each.code ?? ""));
      if (level === undefined) return [each];
      return level === "off" ? [] : [{ ...each, severity: lspSeverity(level) }];
    });
  }
}
