import type { EnvironmentState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { type DeploymentLine, hasFailure, troubleWords } from "../../model/deployments.ts";
import { plural, spoken } from "../../model/format.ts";
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
    private readonly lines: readonly DeploymentLine[],
    isOpen: boolean,
    private readonly now: number,
  ) {
    const { name, attributes } = environment;
    const failed = hasFailure(lines);
    super(name, lines.length > 0 ? collapsible(isOpen || failed) : vscode.TreeItemCollapsibleState.None);
    // It opens itself when something fails there.
    this.id = `${repository} environment ${name}${failed ? " failed" : ""}`;
    this.iconPath = new vscode.ThemeIcon(
      "server-environment",
      failed ? new vscode.ThemeColor("testing.iconFailed") : undefined,
    );
    const values = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
    const trouble = troubleWords(lines);
    this.description = [trouble || deployedWords(environment.deployments, isOpen), ...values]
      .filter(Boolean)
      .join(" · ");
    const table = valueTable(name, attributes);
    this.tooltip = table === "" ? name : new vscode.MarkdownString(table);
    this.contextValue = "environment;";
    const deployed = plural(environment.deployments.length, "deployment");
    this.accessibilityInformation = {
      label: spoken(`Environment ${name}`, deployed, trouble, ...values),
    };
    this.subject = { repository, ref: `@/environment/${name}` };
  }

  override children(): TreeNode[] {
    return this.lines.map((each) => new DeploymentNode(this.repository, this.environment.name, each, this.now));
  }
}

/** What is deployed, where it does not stand below anyway. */
function deployedWords(deployments: EnvironmentState["deployments"], isOpen: boolean): string {
  const [first, second] = deployments;
  if (first === undefined) return "nothing deployed";
  if (isOpen) return "";
  return second === undefined ? `${first.file} ${first.release}` : plural(deployments.length, "deployment");
}
