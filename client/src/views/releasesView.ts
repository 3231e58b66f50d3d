import * as vscode from "vscode";
import { slowWords } from "../model/releases.ts";
import type { Services } from "../services.ts";
import { RepositoryNode } from "./nodes/repositoryNode.ts";
import { openSelected, type Roots, StateTree } from "./stateTree.ts";

/** The Releases view, and its filter. */
export function registerReleasesView(services: Services): vscode.Disposable {
  let filter = "";
  // While nothing was ever released the welcome text says what to do first.
  const isEmpty = () =>
    services.releases.repositories.every(
      ({ packages, problem }) => problem === undefined && packages.every(({ releases }) => releases.length === 0),
    );
  const roots: Roots = ({ repositories }, now) =>
    isEmpty() ? [] : repositories.map((repository) => new RepositoryNode(repository, filter, now));
  const tree = new StateTree(services.releases, roots, "ocuroot.openRelease");
  const view = vscode.window.createTreeView("ocuroot.releases", { treeDataProvider: tree, showCollapseAll: true });
  const tell = () => {
    const slow = slowWords(services.releases.isSlowSince);
    // A view with a message has no welcome text, which then says the same.
    const summary = isEmpty() ? undefined : services.capabilities.summary;
    view.message = slow ?? (filter ? `Only releases that match “${filter}” are shown.` : summary);
  };
  const setFilter = (text: string) => {
    filter = text.trim();
    view.description = filter;
    tell();
    void vscode.commands.executeCommand("setContext", "ocuroot.releasesFiltered", filter !== "");
    tree.update();
  };
  followVisibility(view, tree);
  return vscode.Disposable.from(
    view,
    tree,
    services.capabilities.onDidChange(tell),
    services.releases.onDidChange(tell),
    services.releases.onDidChangeSlowness(tell),
    vscode.commands.registerCommand("ocuroot.openRelease", () => openSelected(view)),
    vscode.commands.registerCommand("ocuroot.filterReleases", async () => {
      const prompt = "Words that a release must have in its file, name, tags, commit or status";
      const text = await vscode.window.showInputBox({
        title: "Filter Releases",
        prompt,
        value: filter,
        placeHolder: "frontend failed",
      });
      if (text !== undefined) setFilter(text);
    }),
    vscode.commands.registerCommand("ocuroot.clearReleasesFilter", () => setFilter("")),
  );
}

/** Lets a tree's clock run only while its view is visible. */
function followVisibility(view: vscode.TreeView<unknown>, tree: StateTree): void {
  tree.visible = view.visible;
  view.onDidChangeVisibility(({ visible }) => {
    tree.visible = visible;
    tree.update();
  });
}
