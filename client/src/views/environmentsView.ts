import * as vscode from "vscode";
import type { Services } from "../services.ts";
import { EnvironmentNode } from "./nodes/environmentNode.ts";
import { openSelected, StateTree } from "./stateTree.ts";

/** The Environments view: what is deployed where, from which release. */
export function registerEnvironmentsView(services: Services): vscode.Disposable {
  const tree = new StateTree(
    services.releases,
    ({ repositories }) =>
      repositories.flatMap((repository) =>
        repository.environments.map((environment) => new EnvironmentNode(repository.uri, environment)),
      ),
    "ocuroot.openDeployment",
  );
  const view = vscode.window.createTreeView("ocuroot.environments", { treeDataProvider: tree, showCollapseAll: true });
  return vscode.Disposable.from(
    view,
    tree,
    vscode.commands.registerCommand("ocuroot.openDeployment", () => openSelected(view)),
  );
}
