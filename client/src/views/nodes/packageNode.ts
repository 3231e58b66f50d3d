import type { PackageState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { spoken } from "../../model/format.ts";
import { isUnreadable, packageNews, releaseCount } from "../../model/releases.ts";
import { canRetry, isWaiting } from "../../model/status.ts";
import type { Subject } from "../../model/subject.ts";
import { missingRefOf } from "../../model/waiting.ts";
import { MoreNode } from "./moreNode.ts";
import { ReleaseNode } from "./releaseNode.ts";
import { alerting, collapsible, contextValue, giveFlags, statusIcon, TreeNode } from "./treeNode.ts";

/** A package file; its line says the news of its newest release. */
export class PackageNode extends TreeNode {
  override readonly subject: Subject;

  constructor(
    private readonly repository: string,
    private readonly state: PackageState,
    private readonly now: number,
    isKnown: boolean,
  ) {
    const newest = state.releases[0];
    const status = newest?.status ?? "pending";
    super(state.file, newest ? collapsible(status !== "complete") : vscode.TreeItemCollapsibleState.None);
    this.id = newest ? alerting(state.uri, status) : `${state.uri} unreleased`;
    this.iconPath = statusIcon(status);
    this.description = packageNews(state, now, isKnown);
    this.tooltip = [state.file, this.description, isKnown ? releaseCount(state) : ""].filter(Boolean).join("\n");
    const missingRef = newest && missingRefOf(newest.phases.flatMap((phase) => phase.work));
    this.contextValue = contextValue("package", {
      retry: canRetry(status) && newest !== undefined && !isUnreadable(newest),
      continue: isWaiting(status),
      ...giveFlags(missingRef),
      released: newest !== undefined,
    });
    this.accessibilityInformation = { label: spoken(state.file, this.description) };
    this.subject = {
      repository,
      file: state.file,
      uri: state.uri,
      ...(newest ? { releaseRef: newest.ref, missingRef } : {}),
    };
    if (!newest) this.command = { command: "ocuroot.revealInFile", title: "Open File", arguments: [this] };
  }

  override children(): TreeNode[] {
    const { releases, moreReleases } = this.state;
    const { file, uri } = this.state;
    const nodes: TreeNode[] = releases.map(
      (release, index) =>
        new ReleaseNode({ repository: this.repository, file, uri, newest: index === 0 }, release, this.now),
    );
    if (moreReleases > 0) nodes.push(new MoreNode(this.repository, this.state.file, moreReleases));
    return nodes;
  }
}
