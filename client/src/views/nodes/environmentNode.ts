import type { EnvironmentState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { plural } from "../../model/format.ts";
import type { Subject } from "../../model/subject.ts";
import { valueTable } from "./attemptNode.ts";
import { DeploymentNode } from "./deploymentNode.ts";
import { collapsible, TreeNode } from "./treeNode.ts";

/** An environment and what is deployed there. */
export class EnvironmentNode extends TreeNode {
  override readonly subject: Subject;

  constructor(
    private readonly repository: string,
    private readonly environment: EnvironmentState,
    isOpen: boolean,
  ) {
    const { name, attributes, deployments } = environment;
    super(name, deployments.length > 0 ? collapsible(isOpen) : vscode.TreeItemCollapsibleState.None);
    this.id = `${repository} environment ${name}`;
    this.iconPath = new vscode.ThemeIcon("server-environment");
    const values = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
    this.description = [deployedWords(deployments, isOpen), ...values].filter(Boolean).join(" · ");
    const table = valueTable(name, attributes);
    this.tooltip = table === "" ? name : new vscode.MarkdownString(table);
    this.contextValue = "environment;";
    this.accessibilityInformation = { label: `Environment ${name}, ${plural(deployments.length, "deployment")}` };
    this.subject = { repository, ref: `@/environment/${name}` };
  }

  override children(): TreeNode[] {
    return this.environment.deployments.map((each) => new DeploymentNode(this.repository, this.environment.name, each));
  }
}

/** What is deployed, where it does not stand below anyway. */
function deployedWords(deployments: EnvironmentState["deployments"], isOpen: boolean): string {
  const [first, second] = deployments;
  if (first === undefined) return "nothing deployed";
  if (isOpen) return "";
  return second === undefined ? `${first.file} ${first.release}` : plural(deployments.length, "deployment");
}
