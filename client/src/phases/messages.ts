import type { PhaseGraph, ProtocolRange, ReleaseChanges } from "@ocuroot/server/protocol";
import type { Changes } from "./changes.ts";
import type { GraphEnvironment } from "./filter.ts";

/** What the phase graph's page shows. */
export type PhasesPage =
  | { readonly kind: "loading" }
  | { readonly kind: "empty"; readonly text: string; readonly action?: PageAction }
  | GraphPage;

export interface GraphPage {
  readonly kind: "graph";
  readonly graph: PhaseGraph;
  readonly changes: Changes;
  readonly next?: PageAction;
  /** Environments of the repository, for the filter. */
  readonly environments: readonly GraphEnvironment[];
  /** What releasing the file now would change, once that is known. */
  readonly now?: ReleaseChanges;
  /** The graph is of environments that do not exist; its words. */
  readonly whatIf?: { readonly words: string; readonly added: readonly string[] };
}

/** A button: the one thing that helps now. */
export interface PageAction {
  readonly label: string;
  readonly command: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** Extension → page. */
export interface ShowMessage {
  readonly type: "show";
  readonly page: PhasesPage;
}

/** Page → extension. */
export type PageMessage =
  | { readonly type: "ready" }
  | { readonly type: "open"; readonly uri: string; readonly range?: ProtocolRange }
  | { readonly type: "command"; readonly command: string; readonly context: Readonly<Record<string, unknown>> }
  | { readonly type: "save"; readonly format: "svg" | "png" | "mermaid"; readonly data: string };

/** Commands that the page may ask for: nothing else is executed on its behalf. */
export const pageCommands: readonly string[] = [
  "ocuroot.retryRelease",
  "ocuroot.continueRelease",
  "ocuroot.newRelease",
  "ocuroot.showLog",
  "ocuroot.setState",
  "ocuroot.approve",
  "ocuroot.initRepository",
  "ocuroot.openPackageFile",
  "ocuroot.restartServer",
  "ocuroot.releaseChanges",
  "ocuroot.whatIfEnvironments",
  "ocuroot.resetWhatIf",
  "workbench.action.openSettings",
  "workbench.trust.manage",
];
