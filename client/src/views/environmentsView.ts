import type { EnvironmentState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { deploymentLines, deploymentNews, hasFailure } from "../model/deployments.ts";
import type { Services } from "../services.ts";
import { EnvironmentNode } from "./nodes/environmentNode.ts";
import { openSelected, StateTree } from "./stateTree.ts";

/** More than this are shown folded, each with what is deployed there in its line, and those with a failure first. */
const manyEnvironments = 12;

/** The Environments view: what is deployed where, from which release. */
export function registerEnvironmentsView(services: Services): vscode.Disposable {
  const tree = new StateTree(
    services.releases,
    ({ repositories }, now) =>
      repositories.flatMap(({ uri, environments, packages }) => {
        const isMany = environments.length > manyEnvironments;
        const news = deploymentNews(packages);
        const all = naturally(environments).map((each) => ({ each, lines: deploymentLines(each, news) }));
        const sorted = isMany ? all.sort((a, b) => Number(hasFailure(b.lines)) - Number(hasFailure(a.lines))) : all;
        return sorted.map(({ each, lines }) => new EnvironmentNode(uri, each, lines, !isMany, now));
      }),
    "ocuroot.openDeployment",
  );
  const view = vscode.window.createTreeView("ocuroot.environments", { treeDataProvider: tree, showCollapseAll: true });
  return vscode.Disposable.from(
    view,
    tree,
    vscode.commands.registerCommand("ocuroot.openDeployment", () => openSelected(view)),
  );
}

/** By name, with numbers in them as numbers: `store-2` before `store-10`. */
function naturally(environments: readonly EnvironmentState[]): EnvironmentState[] {
  return [...environments].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}
