import type * as vscode from "vscode";
import type { ServerConnection } from "./serverConnection.ts";
import type { GraphStore } from "./stores/graphStore.ts";
import type { InsightStore } from "./stores/insightStore.ts";
import type { ReleaseStore } from "./stores/releaseStore.ts";
import type { Capabilities } from "./tasks/capabilities.ts";
import type { Runner } from "./tasks/runner.ts";

/** What commands and views work with; built once on activation. */
export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  readonly server: ServerConnection;
  readonly releases: ReleaseStore;
  readonly graphs: GraphStore;
  readonly insights: InsightStore;
  readonly runner: Runner;
  /** What the `ocuroot` command in use can do. */
  readonly capabilities: Capabilities;
  /** The package file that the editor in front shows, as text or as phases. */
  activeFile(): vscode.Uri | undefined;
}
