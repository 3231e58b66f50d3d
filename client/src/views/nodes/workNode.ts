import type { ReleaseState, WorkState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { formatTime, shortCommit, spoken } from "../../model/format.ts";
import { workDescription, workWords } from "../../model/releases.ts";
import { canRetry, isWaiting } from "../../model/status.ts";
import type { Subject } from "../../model/subject.ts";
import { missingRefOf } from "../../model/waiting.ts";
import { AttemptNode, valueTable } from "./attemptNode.ts";
import type { PackagePlace } from "./releaseNode.ts";
import { collapsible, contextValue, giveFlags, statusIcon, TreeNode } from "./treeNode.ts";

/** A piece of work; a click opens its log. */
export class WorkNode extends TreeNode {
  override readonly subject: Subject;

  constructor(
    private readonly place: PackagePlace,
    private readonly release: ReleaseState,
    private readonly work: WorkState,
    private readonly now: number,
  ) {
    super(work.name, work.attempts.length > 1 ? collapsible(false) : vscode.TreeItemCollapsibleState.None);
    const missingRef = missingRefOf([work]);
    const started = work.status !== "pending" && !(isWaiting(work.status) && work.attempts.length === 0);
    this.id = `${place.repository} ${work.ref}`;
    this.iconPath = statusIcon(work.status);
    this.description = workDescription(work, now);
    this.tooltip = this.details();
    this.contextValue = contextValue("work", {
      retry: place.newest && canRetry(work.status),
      log: started,
      ...giveFlags(missingRef),
      source: work.position !== undefined,
    });
    this.accessibilityInformation = {
      label: spoken(`${kindName(work)} ${work.name}`, said(workWords(work, now), this.description)),
    };
    this.subject = {
      ...place,
      releaseRef: release.ref,
      runRef: work.ref,
      ref: work.ref,
      missingRef,
      ...(work.position ? { source: sourceOf(place, work.position) } : {}),
    };
    this.command = missingRef
      ? { command: "ocuroot.setState", title: "Set Value", arguments: [this] }
      : started
        ? { command: "ocuroot.showLog", title: "Show Log", arguments: [this] }
        : { command: "ocuroot.revealInFile", title: "Reveal in File", arguments: [this] };
  }

  override children(): TreeNode[] {
    return this.work.attempts.length > 1
      ? this.work.attempts.map((attempt) => new AttemptNode(this.place, this.release, attempt, this.now))
      : [];
  }

  private details(): vscode.MarkdownString {
    const { work, release } = this;
    const newest = work.attempts[0];
    const text = new vscode.MarkdownString(undefined, true);
    text
      .appendMarkdown(`${work.kind === "deploy" ? "$(rocket)" : "$(gear)"} **`)
      .appendText(work.name)
      .appendMarkdown("** ");
    text.appendText(`${workWords(work, this.now)}\n\n`);
    if (work.news) text.appendCodeblock(work.news, "text");
    if (newest?.annotation) text.appendText(`${newest.annotation.trim()}\n\n`);
    for (const input of work.missing ?? []) text.appendText(`Needs ${input.name}: ${input.ref}\n`);
    if (newest?.inputs) text.appendMarkdown(valueTable("Inputs", newest.inputs));
    if (newest?.outputs) text.appendMarkdown(valueTable("Outputs", newest.outputs));
    const attempt = work.attempts.length > 1 && newest ? ` · attempt ${newest.number} of ${work.attempts.length}` : "";
    text.appendMarkdown("\n\n").appendText(`Commit ${shortCommit(release.commit)}${attempt}\n`);
    if (newest?.startedAt !== undefined) text.appendText(`Started ${formatTime(newest.startedAt)}\n`);
    return text;
  }
}

/** The status, and what stands on the line where that says more. */
function said(status: string, line: string): string {
  return line.startsWith(status) ? line : spoken(status, line);
}

function kindName(work: WorkState): string {
  return work.kind === "deploy" ? "Deploy" : "Task";
}

/** Positions are recorded 1-based, with files relative to the repository's root; a bare name may lie beside the package. */
function sourceOf(place: PackagePlace, position: { file: string; line: number; column: number }): Subject["source"] {
  const root = vscode.Uri.parse(place.repository);
  const beside = !position.file.includes("/") && place.file.includes("/");
  const uri = beside
    ? vscode.Uri.joinPath(vscode.Uri.parse(place.uri), "..", position.file)
    : vscode.Uri.joinPath(root, position.file);
  return { uri: uri.toString(), line: Math.max(0, position.line - 1), character: Math.max(0, position.column - 1) };
}
