import * as vscode from "vscode";
import { freeLane, type RunOutcome, type RunRequest, runOutcome } from "../model/runs.ts";
import type { ReleaseStore } from "../stores/releaseStore.ts";
import { createTask, taskType } from "./task.ts";

/** How long the outcome of a run waits for state to be read (milliseconds): a disk may have stopped to answer. */
const patience = 10_000;

/** A run under way. */
export interface ActiveRun {
  readonly request: RunRequest;
  readonly execution: vscode.TaskExecution;
}

/** Runs `ocuroot` in the integrated terminal, one reused panel, and tells how it ended. Shows nothing itself. */
export class Runner implements vscode.Disposable {
  private readonly lanes = new Map<number, ActiveRun | undefined>();
  private readonly changeEmitter = new vscode.EventEmitter<void>();

  /** Root of the repository that was run in last: the problem matchers ask for it when a task starts. */
  private folder = "";
  private readonly folderCommand = vscode.commands.registerCommand("ocuroot.runFolder", () => this.folder);

  /** Fires when a run starts or ends. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly releases: ReleaseStore,
  ) {}

  /** Runs under way, oldest first. */
  get active(): readonly ActiveRun[] {
    return [...this.lanes.values()].filter((run) => run !== undefined);
  }

  /**
   * Runs to the end. State is read again before the outcome is told, so that it can name what failed; where that takes
   * too long, the exit code alone has to do.
   */
  async run(request: RunRequest): Promise<RunOutcome> {
    const before = this.packageOf(request);
    const exitCode = await this.execute(request);
    const isRead = this.releases.refresh().then(() => true);
    await Promise.race([isRead, new Promise((resolve) => setTimeout(resolve, patience))]);
    return runOutcome(request, exitCode, before, this.packageOf(request));
  }

  dispose(): void {
    this.folderCommand.dispose();
    this.changeEmitter.dispose();
  }

  private async execute(request: RunRequest): Promise<number | undefined> {
    const lane = freeLane(new Set(this.lanes.keys()));
    this.lanes.set(lane, undefined);
    const exits = new Exits();
    try {
      const execution = await vscode.tasks.executeTask(this.createTask(request, lane));
      this.lanes.set(lane, { request, execution });
      this.changeEmitter.fire();
      return await exits.of(execution);
    } finally {
      exits.dispose();
      this.lanes.delete(lane);
      this.changeEmitter.fire();
    }
  }

  private createTask(request: RunRequest, lane: number): vscode.Task {
    const root = vscode.Uri.parse(request.repository);
    this.folder = root.fsPath;
    return createTask(this.context, {
      // The same definition each time is the same task to the editor, which then reuses its panel.
      definition: { type: taskType, command: "run", args: [String(lane)] },
      scope: vscode.workspace.getWorkspaceFolder(root) ?? vscode.TaskScope.Workspace,
      name: lane === 1 ? "ocuroot" : `ocuroot ${lane}`,
      args: request.args,
      cwd: root.fsPath,
      isInRoot: true,
    });
  }

  private packageOf(request: RunRequest) {
    return this.releases.repositories
      .filter((repository) => repository.uri === request.repository)
      .flatMap((repository) => repository.packages)
      .find((state) => state.file === request.file);
  }
}

/** Exit codes of tasks that end from now on: listening starts before the task does, so that none is too quick. */
class Exits implements vscode.Disposable {
  private readonly codes = new Map<vscode.TaskExecution, number | undefined>();
  private readonly ended = new vscode.EventEmitter<void>();
  private readonly subscriptions = [
    vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => this.keep(execution, exitCode)),
    // The process' end is told before the task's; where there was no process, only the task ends.
    vscode.tasks.onDidEndTask(({ execution }) => setTimeout(() => this.keep(execution, undefined), 250)),
  ];

  /** Undefined when the task ended without an exit code (its terminal was closed). */
  of(execution: vscode.TaskExecution): Promise<number | undefined> {
    return new Promise((resolve) => {
      const check = () => {
        if (this.codes.has(execution)) resolve(this.codes.get(execution));
      };
      this.ended.event(check);
      check();
    });
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
    this.ended.dispose();
  }

  private keep(execution: vscode.TaskExecution, exitCode: number | undefined): void {
    if (this.codes.has(execution)) return;
    this.codes.set(execution, exitCode);
    this.ended.fire();
  }
}
