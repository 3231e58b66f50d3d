import type { PhaseGraph } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { isPackageFile } from "../packageFiles.ts";
import type { Services } from "../services.ts";
import { previewSetting } from "../settings.ts";
import { findChanges, noChanges } from "./changes.ts";
import type { GraphEnvironment } from "./filter.ts";
import { withLiveDurations } from "./liveDurations.ts";
import { type PageMessage, type PhasesPage, pageCommands, type ShowMessage } from "./messages.ts";
import { nextAction } from "./nextAction.ts";
import { pageHtml, pageRoots } from "./page.ts";
import { saveDrawing } from "./saveDrawing.ts";
import { trialWords } from "./whatIf.ts";

/** The phase graph of one file in a webview, be it the sidebar's or an editor tab's. */
export class PhasesPageHost implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[] = [];
  private ready = false;
  private shown = "";
  private file: vscode.Uri | undefined;

  constructor(
    private readonly services: Services,
    private readonly webview: vscode.Webview,
  ) {
    webview.options = { enableScripts: true, localResourceRoots: pageRoots(services.context) };
    this.subscriptions.push(
      webview.onDidReceiveMessage((message: PageMessage) => this.receive(message)),
      services.graphs.onDidChange((graph) => {
        if (graph.uri === this.file?.toString()) this.show();
      }),
      services.releases.onDidChange(() => this.show()),
      services.insights.onDidChange((uri) => {
        if (uri === this.file?.toString()) this.show();
      }),
      services.server.onDidChangeState((state) => {
        if (state.kind === "running") void this.load();
        else this.show();
      }),
      // The editor closes documents that no tab shows as text; the graph still needs its own.
      vscode.workspace.onDidCloseTextDocument(({ uri, isClosed }) => {
        if (isClosed && uri.toString() === this.file?.toString()) void this.load();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.show()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("ocuroot.preview")) this.show();
      }),
    );
    webview.html = pageHtml(services.context, webview);
  }

  get uri(): vscode.Uri | undefined {
    return this.file;
  }

  /** Shows the graph of `file`; undefined for no file. */
  async setFile(file: vscode.Uri | undefined): Promise<void> {
    if (file?.toString() === this.file?.toString()) return;
    this.file = file;
    await this.load();
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
  }

  private async load(): Promise<void> {
    this.show();
    const { file } = this;
    if (!file || !isPackageFile(file)) return;
    // The server knows open documents: one that is only shown here is opened for it.
    await vscode.workspace.openTextDocument(file).then(undefined, () => undefined);
    await this.services.graphs.load(file.toString());
    this.show();
    await this.services.insights.loadChanges(file.toString());
  }

  private show(): void {
    if (!this.ready) return;
    const message: ShowMessage = { type: "show", page: this.page() };
    const text = JSON.stringify(message);
    // State changes more often than the graph does.
    if (text === this.shown) return;
    this.shown = text;
    void this.webview.postMessage(message);
  }

  private page(): PhasesPage {
    const { file, services } = this;
    if (!file) {
      const action = { label: "Open Package File", command: "ocuroot.openPackageFile" };
      return { kind: "empty", text: "Open a package file (*.ocu.star) to see its phases.", action };
    }
    if (!vscode.workspace.isTrusted) {
      const text = "Phases are shown in trusted workspaces, because finding them evaluates the file.";
      return { kind: "empty", text, action: { label: "Manage Workspace Trust", command: "workbench.trust.manage" } };
    }
    if (!previewSetting()) {
      const action = {
        label: "Open Setting",
        command: "workbench.action.openSettings",
        context: { query: "ocuroot.preview" },
      };
      return { kind: "empty", text: "The preview is off: package files are not evaluated.", action };
    }
    const graph = services.graphs.get(file.toString());
    if (graph) return this.trialPage(graph) ?? this.graphPage(graph);
    const { state } = services.server;
    if (state.kind === "stopped") {
      const text = state.reason ?? "The language server is not running.";
      return { kind: "empty", text, action: { label: "Restart Language Server", command: "ocuroot.restartServer" } };
    }
    return { kind: "loading" };
  }

  private graphPage(graph: PhaseGraph): PhasesPage {
    const release = this.services.releases.findPackage(graph.uri)?.releases[0];
    const next = graph.phases.length > 0 ? nextAction(graph.uri, release) : undefined;
    const now = this.services.insights.changesOf(graph.uri);
    return {
      kind: "graph",
      graph: withLiveDurations(graph, release, Date.now()),
      changes: findChanges(graph, release),
      environments: this.environmentsOf(graph.uri),
      ...(next ? { next } : {}),
      ...(now ? { now } : {}),
    };
  }

  /** The graph of environments that are tried out, with no action: nothing of it is so. */
  private trialPage(graph: PhaseGraph): PhasesPage | undefined {
    const trial = this.services.insights.trialOf(graph.uri);
    if (!trial?.graph) return undefined;
    const { whatIf, ...tried } = trial.graph;
    return {
      kind: "graph",
      graph: tried,
      changes: noChanges,
      environments: [...trial.whatIf.environments, ...this.environmentsOf(graph.uri)],
      whatIf: { words: trialWords(trial.whatIf, trial.graph), added: whatIf?.added ?? [] },
    };
  }

  private environmentsOf(uri: string): readonly GraphEnvironment[] {
    const owner = this.services.releases.repositories.find((each) => uri.startsWith(`${each.uri}/`));
    return (owner?.environments ?? []).map(({ name, attributes }) => ({ name, attributes }));
  }

  private async receive(message: PageMessage): Promise<void> {
    switch (message.type) {
      case "ready":
        this.ready = true;
        this.shown = "";
        return this.show();
      case "open":
        return await openPlace(message);
      case "command":
        if (pageCommands.includes(message.command))
          await vscode.commands.executeCommand(message.command, message.context);
        return;
      case "save":
        return await saveDrawing(message, this.file);
    }
  }
}

async function openPlace({ uri, range }: PageMessage & { type: "open" }): Promise<void> {
  const selection = range
    ? new vscode.Range(range.start.line, range.start.character, range.start.line, range.start.character)
    : undefined;
  const target = vscode.Uri.parse(uri);
  const visible = vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === target.toString(),
  );
  const viewColumn =
    visible?.viewColumn ?? (vscode.window.activeTextEditor ? vscode.ViewColumn.Active : vscode.ViewColumn.One);
  await vscode.window.showTextDocument(target, { viewColumn, ...(selection ? { selection } : {}) });
}
