import { join } from "node:path";
import * as vscode from "vscode";
import { registerCommands } from "./commands/index.ts";
import { registerContexts } from "./contexts.ts";
import { registerLastOutput } from "./documents/lastOutput.ts";
import { registerLogDocuments } from "./documents/logDocuments.ts";
import { registerLogPlaces } from "./documents/logPlaces.ts";
import { registerStateDocuments } from "./documents/stateDocuments.ts";
import { isPackageFile } from "./packageFiles.ts";
import { PhasesTabs } from "./phases/phasesTab.ts";
import { registerPhasesView } from "./phases/phasesView.ts";
import { ServerConnection } from "./serverConnection.ts";
import type { Services } from "./services.ts";
import { configureStarlark } from "./starlarkLanguage.ts";
import { registerStatus } from "./status.ts";
import { GraphStore } from "./stores/graphStore.ts";
import { InsightStore } from "./stores/insightStore.ts";
import { ReleaseStore } from "./stores/releaseStore.ts";
import { Capabilities } from "./tasks/capabilities.ts";
import { registerProgress } from "./tasks/progress.ts";
import { registerTaskProvider } from "./tasks/provider.ts";
import { Runner } from "./tasks/runner.ts";
import { contributeLauncher } from "./terminal/launcher.ts";
import { registerTerminalLinks } from "./terminal/links.ts";
import { registerApprovalsView } from "./views/approvalsView.ts";
import { registerEnvironmentsView } from "./views/environmentsView.ts";
import { registerReleasesView } from "./views/releasesView.ts";

/** Builds the services, registers everything on them, and starts the server without waiting for it. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("Ocuroot", { log: true });
  const server = new ServerConnection(join(context.extensionPath, "dist", "server.cjs"), output);
  const releases = new ReleaseStore(server);
  const graphs = new GraphStore(server);
  const insights = new InsightStore(server, graphs, releases);
  const capabilities = new Capabilities(context, output);
  const runner = new Runner(context, releases);
  const activeFile = (): vscode.Uri | undefined => {
    const editor = vscode.window.activeTextEditor?.document.uri;
    return editor && isPackageFile(editor) ? editor : tabs.activeFile;
  };
  const services: Services = { context, output, server, releases, graphs, insights, runner, capabilities, activeFile };
  const tabs = new PhasesTabs(services);
  context.subscriptions.push(
    output,
    server,
    releases,
    graphs,
    insights,
    capabilities,
    runner,
    tabs,
    configureStarlark(),
    registerContexts(services),
    registerCommands(services, tabs),
    registerReleasesView(services),
    registerPhasesView(services),
    registerEnvironmentsView(services),
    registerApprovalsView(services),
    registerStateDocuments(services),
    registerLogDocuments(services),
    registerLogPlaces(services),
    registerLastOutput(services),
    registerTaskProvider(services),
    registerProgress(services),
    registerTerminalLinks(services),
    registerStatus(services),
    contributeLauncher(context, output),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      server.grantTrust();
      void releases.refresh();
    }),
  );
  // Activation itself only registers; what takes time comes when the editor has gone on.
  setImmediate(() => {
    void server.start();
    void capabilities.refresh();
  });
}
