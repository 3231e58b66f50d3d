import * as vscode from "vscode";
import { spoken } from "../../model/format.ts";
import { localRef, missingName } from "../../model/refText.ts";
import type { Subject } from "../../model/subject.ts";
import { isApproval, type WaitingInput, type WaitingRelease } from "../../model/waiting.ts";
import { contextValue, TreeNode } from "./treeNode.ts";

/** A value that a release waits for; one that a person can give is set with a click. */
export class MissingInputNode extends TreeNode {
  override readonly subject: Subject;

  constructor(waiting: WaitingRelease, { input, work }: WaitingInput) {
    super(missingName(input));
    const approval = input.canBeSet && isApproval(input.ref);
    this.id = `${waiting.repository} ${waiting.ref} ${input.ref}`;
    this.iconPath = new vscode.ThemeIcon(
      approval ? "verified" : input.canBeSet ? "edit" : "watch",
      new vscode.ThemeColor("charts.yellow"),
    );
    this.description = work.length > 0 ? `for ${work.join(", ")}` : localRef(input.ref);
    this.tooltip = input.canBeSet
      ? `${waiting.name} waits for ${input.ref}.\nSet it here or run: ocuroot state set ${localRef(input.ref)} VALUE`
      : `${waiting.name} waits for ${input.ref}, which another release makes.`;
    this.contextValue = contextValue("input", { approve: approval, set: input.canBeSet && !approval });
    this.accessibilityInformation = {
      label: spoken(missingName(input), approval ? "waits for approval" : "is missing", this.description),
    };
    this.subject = { repository: waiting.repository, file: waiting.file, releaseRef: waiting.ref, ref: input.ref };
    if (input.canBeSet) this.command = { command: "ocuroot.setState", title: "Set Value", arguments: [this] };
  }
}
