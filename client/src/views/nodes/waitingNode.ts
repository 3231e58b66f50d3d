import * as vscode from "vscode";
import { missingName } from "../../model/refText.ts";
import type { Subject } from "../../model/subject.ts";
import type { WaitingRelease } from "../../model/waiting.ts";
import { MissingInputNode } from "./missingInputNode.ts";
import { contextValue, statusIcon, TreeNode } from "./treeNode.ts";

/** A release that waits, with what it waits for. */
export class WaitingNode extends TreeNode {
  override readonly subject: Subject;

  constructor(private readonly waiting: WaitingRelease) {
    super(waiting.file, vscode.TreeItemCollapsibleState.Expanded);
    this.id = `${waiting.repository} ${waiting.ref} waiting`;
    this.iconPath = statusIcon("blocked");
    this.description = waiting.name;
    this.tooltip = `${waiting.name} of ${waiting.file} waits for ${waiting.inputs.map((each) => missingName(each.input)).join(", ")}`;
    this.contextValue = contextValue("waiting", { continue: true });
    this.accessibilityInformation = { label: this.tooltip };
    const uri = vscode.Uri.joinPath(vscode.Uri.parse(waiting.repository), waiting.file).toString();
    this.subject = {
      repository: waiting.repository,
      file: waiting.file,
      uri,
      releaseRef: waiting.ref,
      ref: waiting.ref,
    };
  }

  override children(): TreeNode[] {
    return this.waiting.inputs.map((input) => new MissingInputNode(this.waiting, input));
  }
}
