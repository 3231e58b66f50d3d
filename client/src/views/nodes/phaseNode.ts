import type { PhaseState, ReleaseState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { spoken } from "../../model/format.ts";
import { listedWork, phaseDescription } from "../../model/releases.ts";
import { lookOf } from "../../model/status.ts";
import type { Subject } from "../../model/subject.ts";
import type { PackagePlace } from "./releaseNode.ts";
import { alerting, collapsible, contextValue, statusIcon, TreeNode } from "./treeNode.ts";
import { WorkNode } from "./workNode.ts";

/** A phase of a release; open where something needs a look. */
export class PhaseNode extends TreeNode {
  override readonly subject: Subject;

  constructor(
    private readonly place: PackagePlace,
    private readonly release: ReleaseState,
    private readonly phase: PhaseState,
    index: number,
    private readonly now: number,
  ) {
    const open = phase.status !== "complete" && phase.status !== "pending";
    super(
      phase.name || `phase ${index + 1}`,
      phase.work.length === 0 ? vscode.TreeItemCollapsibleState.None : collapsible(open),
    );
    this.id = alerting(`${place.repository} ${release.ref} phase ${index} ${phase.name}`, phase.status);
    this.iconPath = statusIcon(phase.status);
    this.description = phaseDescription(phase, now);
    this.tooltip = `Phase ${phase.name}: ${lookOf(phase.status).word}`;
    this.contextValue = contextValue("phase", {});
    this.accessibilityInformation = {
      label: spoken(`Phase ${phase.name || index + 1}`, lookOf(phase.status).word, this.description),
    };
    this.subject = { ...place, releaseRef: release.ref };
  }

  override children(): TreeNode[] {
    return listedWork(this.phase.work).map((work) => new WorkNode(this.place, this.release, work, this.now));
  }
}
