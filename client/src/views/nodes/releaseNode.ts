import type { ReleaseState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { formatDuration, formatTime, shortCommit, spoken } from "../../model/format.ts";
import { isUnreadable, liveDuration, loneWork, releaseDescription, releaseWords } from "../../model/releases.ts";
import { canRetry, hasNotBegun, isWaiting } from "../../model/status.ts";
import type { Subject } from "../../model/subject.ts";
import { missingRefOf } from "../../model/waiting.ts";
import { PhaseNode } from "./phaseNode.ts";
import { alerting, collapsible, contextValue, giveFlags, statusIcon, TreeNode } from "./treeNode.ts";
import { WorkNode } from "./workNode.ts";

/** What a node passes on to those below it. */
export interface PackagePlace {
  readonly repository: string;
  readonly file: string;
  readonly uri: string;
  /** True below the newest release, the one that a retry means. */
  readonly newest: boolean;
}

/** A release with its phases; work of a nameless phase stands here directly. */
export class ReleaseNode extends TreeNode {
  override readonly subject: Subject;

  constructor(
    private readonly place: PackagePlace,
    private readonly release: ReleaseState,
    private readonly now: number,
  ) {
    super(release.name, collapsible(place.newest && release.status !== "complete"));
    const id = `${place.repository} ${release.ref}`;
    this.id = place.newest ? alerting(id, release.status) : id;
    this.iconPath = statusIcon(release.status);
    this.description = releaseDescription(release, now);
    this.tooltip = this.details();
    const missingRef = missingRefOf(release.phases.flatMap((phase) => phase.work));
    this.contextValue = contextValue("release", {
      retry: place.newest && canRetry(release.status) && !isUnreadable(release),
      continue: isWaiting(release.status),
      ...giveFlags(missingRef),
      cancel: release.status !== "cancelled" && release.phases.some((phase) => phase.work.some(hasNotBegun)),
      log: release.phases.some((phase) => phase.work.some((work) => work.attempts.length > 0)),
    });
    this.accessibilityInformation = {
      label: spoken(`Release ${release.name}`, releaseWords(release, now), this.description),
    };
    this.subject = { ...place, releaseRef: release.ref, runRef: release.ref, ref: release.ref, missingRef };
  }

  override children(): TreeNode[] {
    return this.release.phases.map((phase, index) => {
      const work = loneWork(phase);
      return work
        ? new WorkNode(this.place, this.release, work, this.now)
        : new PhaseNode(this.place, this.release, phase, index, this.now);
    });
  }

  private details(): vscode.MarkdownString {
    const { release, now } = this;
    const duration = liveDuration(release, now);
    const text = new vscode.MarkdownString(undefined, true);
    text
      .appendMarkdown(`**${release.name}** `)
      .appendText(`${[...release.tags, releaseWords(release, now)].join(" · ")}\n\n`);
    if (release.commit) text.appendText(`Commit ${shortCommit(release.commit)}\n`);
    if (release.startedAt !== undefined) text.appendText(`Started ${formatTime(release.startedAt)}\n`);
    if (duration !== undefined) text.appendText(`Took ${formatDuration(duration)}\n`);
    if (release.news) text.appendMarkdown("\n\n").appendCodeblock(release.news, "text");
    return text;
  }
}
