import * as vscode from "vscode";
import { TreeNode } from "./treeNode.ts";

/** Why something could not be shown: in the place where it would be. */
export class ProblemNode extends TreeNode {
  constructor(owner: string, problem: string) {
    super(problem);
    this.id = `${owner} problem`;
    this.iconPath = new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
    this.tooltip = problem;
    this.contextValue = "problem;";
    this.command = { command: "ocuroot.showOutput", title: "Show Output" };
  }
}
