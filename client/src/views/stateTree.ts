import * as vscode from "vscode";
import type { ReleaseData, ReleaseStore } from "../stores/releaseStore.ts";
import { ProblemNode } from "./nodes/problemNode.ts";
import type { TreeNode } from "./nodes/treeNode.ts";

/** A tree view over the release store: nodes are made anew with each reading, and each second while something runs. */
export class StateTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changeEmitter = new vscode.EventEmitter<undefined>();
  private readonly subscription: vscode.Disposable;
  private clock: NodeJS.Timeout | undefined;
  /** Set by whoever owns the view: durations tick only where someone sees them. */
  visible = false;

  readonly onDidChangeTreeData = this.changeEmitter.event;

  /** `roots` makes the first level of what was read, at a time in milliseconds since 1970. */
  constructor(
    private readonly store: ReleaseStore,
    private readonly roots: (data: ReleaseData & { kind: "loaded" }, now: number) => TreeNode[],
  ) {
    this.subscription = store.onDidChange(() => this.update());
  }

  /** Shows what is known now. */
  update(): void {
    this.changeEmitter.fire(undefined);
    this.runClock();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node) return node.children();
    const { data } = this.store;
    // The view's welcome text says why.
    if (!vscode.workspace.isTrusted) return [];
    if (data.kind === "loading") return [];
    if (data.kind === "failed") return [new ProblemNode("state", data.reason)];
    return this.roots(data, Date.now());
  }

  dispose(): void {
    this.subscription.dispose();
    this.changeEmitter.dispose();
    clearInterval(this.clock);
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
