import type { RepositoryState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { shortCommit } from "../../model/format.ts";
import { matchesFilter, newestFirst } from "../../model/releases.ts";
import type { Subject } from "../../model/subject.ts";
import { PackageNode } from "./packageNode.ts";
import { ProblemNode } from "./problemNode.ts";
import { TreeNode } from "./treeNode.ts";

/** A repository: its package files, or why its state could not be read. */
export class RepositoryNode extends TreeNode {
  override readonly subject: Subject;

  constructor(
    private readonly state: RepositoryState,
    private readonly filter: string,
    private readonly now: number,
  ) {
    super(state.name, vscode.TreeItemCollapsibleState.Expanded);
    this.id = state.uri;
    this.iconPath = new vscode.ThemeIcon("repo");
    this.contextValue = "repository;";
    this.description = [state.branch ?? "", state.commit ? shortCommit(state.commit) : ""].filter(Boolean).join(" · ");
    this.tooltip = [vscode.Uri.parse(state.uri).fsPath, state.branch, state.commit].filter(Boolean).join("\n");
    this.subject = { repository: state.uri };
  }

  override children(): TreeNode[] {
    const { problem, packages } = this.state;
    const shown = this.filter
      ? packages
          .map((each) => ({
            ...each,
            releases: each.releases.filter((release) => matchesFilter(each.file, release, this.filter)),
          }))
          .filter((each) => each.releases.length > 0)
      : packages;
    return [
      ...(problem === undefined ? [] : [new ProblemNode(this.state.uri, problem)]),
      ...newestFirst(shown).map(
        (each) => new PackageNode(this.state.uri, each, this.now, problem === undefined || each.releases.length > 0),
      ),
    ];
  }
}
