import type { EnvironmentState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import type { Subject } from "../../model/subject.ts";
import { TreeNode } from "./treeNode.ts";

/** A package file that is deployed to an environment, and from which release. */
export class DeploymentNode extends TreeNode {
  override readonly subject: Subject;

  constructor(repository: string, environment: string, deployment: EnvironmentState["deployments"][number]) {
    super(deployment.file);
    this.id = `${repository} environment ${environment} ${deployment.file}`;
    this.iconPath = new vscode.ThemeIcon("rocket");
    this.description = deployment.release;
    this.tooltip = `${deployment.file} is deployed to ${environment} from ${deployment.release}`;
    this.contextValue = "deployment;";
    const uri = vscode.Uri.joinPath(vscode.Uri.parse(repository), deployment.file).toString();
    this.subject = { repository, file: deployment.file, uri, ref: deployment.ref, runRef: deployment.ref };
    this.command = { command: "ocuroot.openStateDocument", title: "Open State Document", arguments: [this] };
  }
}
