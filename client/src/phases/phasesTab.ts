import { basename } from "node:path";
import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { pageRoots } from "./page.ts";
import { PhasesPageHost } from "./phasesPage.ts";

const viewType = "ocuroot.phasesTab";

/** Phase graphs in editor tabs, one for each file, kept over a reload of the window. */
export class PhasesTabs implements vscode.Disposable {
  private readonly tabs = new Map<string, vscode.WebviewPanel>();
  private readonly serializer: vscode.Disposable;

  constructor(private readonly services: Services) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        const uri = readUri(state);
        if (uri) await this.adopt(panel, uri);
        else panel.dispose();
      },
    });
  }

  /** The file of the tab that is in front, if one is. */
  get activeFile(): vscode.Uri | undefined {
    for (const [key, panel] of this.tabs) if (panel.active) return vscode.Uri.parse(key);
    return undefined;
  }

  /** Opens the tab of a file beside the editor, or shows it again. */
  async show(file: vscode.Uri): Promise<void> {
    const known = this.tabs.get(file.toString());
    if (known) return known.reveal(undefined, false);
    const panel = vscode.window.createWebviewPanel(
      viewType,
      "",
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
      { enableScripts: true, localResourceRoots: pageRoots(this.services.context), enableFindWidget: true },
    );
    await this.adopt(panel, file);
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of this.tabs.values()) panel.dispose();
  }

  private async adopt(panel: vscode.WebviewPanel, file: vscode.Uri): Promise<void> {
    const key = file.toString();
    const media = vscode.Uri.joinPath(this.services.context.extensionUri, "client", "media");
    this.tabs.set(key, panel);
    panel.title = `Phases: ${basename(file.path)}`;
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, "phases-light.svg"),
      dark: vscode.Uri.joinPath(media, "phases-dark.svg"),
    };
    const host = new PhasesPageHost(this.services, panel.webview);
    panel.onDidDispose(() => {
      this.tabs.delete(key);
      host.dispose();
    });
    await host.setFile(file);
  }
}

/** The page keeps its file in its own state, so that a reload of the window finds it. */
function readUri(state: unknown): vscode.Uri | undefined {
  const uri = typeof state === "object" && state !== null && "uri" in state ? state.uri : undefined;
  return typeof uri === "string" ? vscode.Uri.parse(uri) : undefined;
}
