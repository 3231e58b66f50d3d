import * as vscode from "vscode";
import { plural } from "../model/format.ts";
import { findWaiting } from "../model/waiting.ts";
import type { Services } from "../services.ts";
import { WaitingNode } from "./nodes/waitingNode.ts";
import { openSelected, StateTree } from "./stateTree.ts";

/** The Approvals & Inputs view: what waits for a person, counted on the activity bar. */
export function registerApprovalsView(services: Services): vscode.Disposable {
  const tree = new StateTree(
    services.releases,
    ({ repositories }) => findWaiting(repositories).map((waiting) => new WaitingNode(waiting)),
    "ocuroot.openWaiting",
  );
  const view = vscode.window.createTreeView("ocuroot.approvals", { treeDataProvider: tree });
  const count = () => {
    const inputs = findWaiting(services.releases.repositories).flatMap((waiting) => waiting.inputs);
    const value = inputs.filter(({ input }) => input.canBeSet).length;
    view.badge = value === 0 ? undefined : { value, tooltip: `${plural(value, "value")} to give` };
  };
  return vscode.Disposable.from(
    view,
    tree,
    services.releases.onDidChange(count),
    vscode.commands.registerCommand("ocuroot.openWaiting", () => openSelected(view)),
  );
}
