import type { Diagnostic } from "@ocuroot/starlark";
import type { Diagnostic as LspDiagnostic } from "vscode-languageserver-types";
import type { Snapshot } from "../analysis/snapshot.ts";
import { lspSeverity, toLspDiagnostic } from "../features/diagnostics/toLsp.ts";
import { levelOf, type Settings } from "../settings.ts";
import type { Scheduler } from "./scheduler.ts";

export interface PublisherOptions {
  readonly scheduler: Scheduler;
  readonly snapshot: (uri: string) => Snapshot | undefined;
  readonly settings: () => Settings;
  readonly openUris: () => Iterable<string>;
  /** What the text alone shows. */
  readonly findings: (snapshot: Snapshot) => readonly Diagnostic[];
  /** Problems that an evaluation found, which are not repeated when the text already shows them. */
  readonly evaluated: (snapshot: Snapshot, found: readonly Diagnostic[]) => readonly LspDiagnostic[];
  readonly send: (params: { uri: string; version?: number; diagnostics: LspDiagnostic[] }) => void;
}

/** Waits this long (milliseconds) before files that depend on an edited one are looked at again. */
const dependentsDelay = 150;

/** Publishes diagnostics of open documents, each with the version it is of. */
export class Publisher {
  #timer: NodeJS.Timeout | undefined;
  /** What was published of files that are not open, as text. */
  readonly #closed = new Map<string, string>();

  constructor(private readonly options: PublisherOptions) {}

  /** The document itself changed. */
  touch(uri: string): void {
    this.options.scheduler.add("diagnostics", uri, () => this.#publish(uri));
  }

  /** Something that open documents may depend on changed. */
  touchAll(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const uri of this.options.openUris()) this.touch(uri);
    }, dependentsDelay);
    this.#timer.unref();
  }

  /** A closed document shows no problems. */
  clear(uri: string): void {
    this.#closed.delete(uri);
    this.options.scheduler.remove("diagnostics", uri);
    this.options.send({ uri, diagnostics: [] });
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** The problems of a file as they are known now. */
  current(uri: string): LspDiagnostic[] {
    const snapshot = this.options.snapshot(uri);
    if (snapshot === undefined) return [];
    const found = this.options.findings(snapshot);
    const diagnostics = found.map((each) => toLspDiagnostic(uri, snapshot.file.source, each));
    diagnostics.push(...this.options.evaluated(snapshot, found));
    return this.#adjusted(diagnostics);
  }

  /** Publishes those of a file that is not open. */
  publishClosed(uri: string): void {
    if (this.options.snapshot(uri)?.file.version !== null) return;
    const diagnostics = this.current(uri);
    const text = JSON.stringify(diagnostics);
    if (text === (this.#closed.get(uri) ?? "[]")) return;
    this.#closed.set(uri, text);
    this.options.send({ uri, diagnostics });
  }

  #publish(uri: string): void {
    const version = this.options.snapshot(uri)?.file.version ?? null;
    this.#closed.delete(uri);
    if (version !== null) this.options.send({ uri, version, diagnostics: this.current(uri) });
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
