import * as vscode from "vscode";
import type { ReleaseData, ReleaseStore } from "../stores/releaseStore.ts";
import { ProblemNode } from "./nodes/problemNode.ts";
import type { TreeNode } from "./nodes/treeNode.ts";

/** Makes the first level of what was read, at a time in milliseconds since 1970. */
export type Roots = (data: ReleaseData & { kind: "loaded" }, now: number) => TreeNode[];

/** A tree view over the release store: nodes are made anew with each reading, and each second while something runs. */
export class StateTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changeEmitter = new vscode.EventEmitter<undefined>();
  private readonly subscription: vscode.Disposable;
  private clock: NodeJS.Timeout | undefined;
  /** Set by whoever owns the view: durations tick only where someone sees them. */
  visible = false;

  readonly onDidChangeTreeData = this.changeEmitter.event;

  constructor(
    private readonly store: ReleaseStore,
    private readonly roots: Roots,
    /** Command of the view that opens its selected line. */
    private readonly openCommand: string,
  ) {
    this.subscription = store.onDidChange(() => this.update());
  }

  /** Shows what is known now. */
  update(): void {
    this.changeEmitter.fire(undefined);
    this.runClock();
  }

  /**
   * The editor forgets commands that have arguments as soon as a tree is drawn anew, which while something runs is each
   * second: a click then ends in "command not found". One without arguments, which opens what is selected, always works.
   */
  getTreeItem(node: TreeNode): vscode.TreeItem {
    node.opens ??= node.command;
    if (node.opens) node.command = { command: this.openCommand, title: node.opens.title };
    return node;
  }

  getChildren(node?: TreeNode): TreeNode[] | Promise<TreeNode[]> {
    if (node) return node.children();
    const { data } = this.store;
    // The view's welcome text says why.
    if (!vscode.workspace.isTrusted) return [];
    if (data.kind === "loading") return this.whenRead();
    if (data.kind === "failed") return [new ProblemNode("state", data.reason)];
    return this.roots(data, Date.now());
  }

  dispose(): void {
    this.subscription.dispose();
    this.changeEmitter.dispose();
    clearInterval(this.clock);
  }

  /** The editor shows that something is under way until this is there: a store on a slow disk takes its time. */
  private async whenRead(): Promise<TreeNode[]> {
    await new Promise<void>((resolve) => {
      const subscription = this.store.onDidChange(() => {
        subscription.dispose();
        resolve();
      });
    });
    return this.getChildren();
  }

  /** Durations of running work tick; state itself comes by events. */
  private runClock(): void {
    const running = this.store.repositories.some((repository) =>
      repository.packages.some((state) => state.releases.some((release) => release.status === "running")),
    );
    if (running && this.visible) {
      this.clock ??= setInterval(() => this.changeEmitter.fire(undefined), 1000);
    } else {
      clearInterval(this.clock);
      this.clock = undefined;
    }
  }
}

/** Opens the selected line of a view. While the tree is drawn anew no line is selected for a moment. */
export async function openSelected(view: vscode.TreeView<TreeNode>): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const [node] = view.selection;
    if (node) {
      if (node.opens) await vscode.commands.executeCommand(node.opens.command, ...(node.opens.arguments ?? []));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
