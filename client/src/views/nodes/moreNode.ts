import * as vscode from "vscode";
import { moreLabel } from "../../model/releases.ts";
import { TreeNode } from "./treeNode.ts";

/** Older releases of a file, shown on demand. */
export class MoreNode extends TreeNode {
  constructor(repository: string, file: string, count: number) {
    super(moreLabel(count));
    this.id = `${repository} ${file} more`;
    this.iconPath = new vscode.ThemeIcon("ellipsis");
    this.tooltip = "Show older releases";
    this.contextValue = "more;";
    this.command = { command: "ocuroot.showMoreReleases", title: "Show Older Releases", arguments: [repository, file] };
  }
}
