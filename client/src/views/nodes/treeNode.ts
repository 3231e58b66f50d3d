import type { WorkStatus } from "@ocuroot/server/protocol";
import * as vscode from "vscode";
import { canRetry, isWaiting, lookOf } from "../../model/status.ts";
import type { HasSubject, Subject } from "../../model/subject.ts";
import { isApproval } from "../../model/waiting.ts";

/** A line of a tree view. Made anew with each reading of state; its id keeps what the user expanded and selected. */
export abstract class TreeNode extends vscode.TreeItem implements HasSubject {
  readonly subject: Subject = {};
  /** What a click does; the editor itself is only told to open the selected line (see `StateTree`). */
  opens: vscode.Command | undefined;

  /** Lines below this one. */
  children(): TreeNode[] {
    return [];
  }
}

/** Status icon in its theme colour. */
export function statusIcon(status: WorkStatus): vscode.ThemeIcon {
  const look = lookOf(status);
  return new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color));
}

/**
 * Expanded or collapsed at first sight; the user's choice stays afterwards, by the node's id. A node whose news a person
 * must see takes another id with it ({@link alerting}), and is then seen for the first time again.
 */
export function collapsible(expanded: boolean): vscode.TreeItemCollapsibleState {
  return expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}

/** The id of a node that opens itself when it gets into trouble. */
export function alerting(id: string, status: WorkStatus): string {
  return canRetry(status) || isWaiting(status) ? `${id} ${status}` : id;
}

/** Which action gives the value that something waits for. */
export function giveFlags(missingRef: string | undefined): { approve: boolean; set: boolean } {
  const approve = missingRef !== undefined && isApproval(missingRef);
  return { approve, set: missingRef !== undefined && !approve };
}

/** Context value `kind;flag;flag;` for `when` clauses such as `viewItem =~ /;retry;/`. */
export function contextValue(kind: string, flags: Readonly<Record<string, boolean>>): string {
  const set = Object.keys(flags).filter((flag) => flags[flag]);
  return `${[kind, ...set].join(";")};`;
}
