import type { AttemptState, ReleaseState } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { formatAge, formatTime, shorten, spoken } from "../../model/format.ts";
import { liveDuration } from "../../model/releases.ts";
import { statusWords } from "../../model/status.ts";
import type { Subject } from "../../model/subject.ts";
import type { PackagePlace } from "./releaseNode.ts";
import { contextValue, statusIcon, TreeNode } from "./treeNode.ts";

/** One attempt at a piece of work. */
export class AttemptNode extends TreeNode {
  override readonly subject: Subject;

  constructor(place: PackagePlace, release: ReleaseState, attempt: AttemptState, now: number) {
    super(`attempt ${attempt.number}`);
    const words = statusWords(attempt.status, { durationMs: liveDuration(attempt, now) });
    const age = attempt.startedAt === undefined ? "" : ` · ${formatAge(attempt.startedAt, now)}`;
    this.id = `${place.repository} ${attempt.ref}`;
    this.iconPath = statusIcon(attempt.status);
    this.description = `${words}${age}`;
    this.contextValue = contextValue("attempt", { log: attempt.status !== "pending" });
    this.accessibilityInformation = { label: spoken(`Attempt ${attempt.number}`, this.description) };
    this.subject = { ...place, releaseRef: release.ref, runRef: attempt.ref, ref: attempt.ref };
    this.command = { command: "ocuroot.showLog", title: "Show Log", arguments: [this] };
    const text = new vscode.MarkdownString(`**Attempt ${attempt.number}** `).appendText(`${words}\n\n`);
    if (attempt.annotation) text.appendText(`${attempt.annotation.trim()}\n\n`);
    if (attempt.startedAt !== undefined) text.appendText(`Started ${formatTime(attempt.startedAt)}\n`);
    if (attempt.inputs) text.appendMarkdown(valueTable("Inputs", attempt.inputs));
    if (attempt.outputs) text.appendMarkdown(valueTable("Outputs", attempt.outputs));
    this.tooltip = text;
  }
}

/** A Markdown table of names and values; nothing when there are none. */
export function valueTable(title: string, values: Readonly<Record<string, string>>): string {
  const rows = Object.entries(values).map(([name, value]) => `| ${cell(name)} | ${cell(shorten(value, 200))} |`);
  return rows.length === 0 ? "" : `\n\n| ${cell(title)} | |\n| --- | --- |\n${rows.join("\n")}\n`;
}

function cell(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>&$~]/g, "\\$&").replace(/\r?\n/g, " ");
}
