import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import {
  cannotStart,
  type Feature,
  helpTopics,
  lackReason,
  missingFeatures,
  missingTitles,
  readVersion,
  startProblem,
} from "../model/capabilities.ts";
import type { CommandLine } from "../model/runtime.ts";
import { currentCommand } from "./command.ts";

const run = promisify(execFile);
/** A command that has not answered all questions after so long (milliseconds) is not waited for. */
const patience = 10_000;
/** A command that takes longer than this (milliseconds) is named while it is waited for. */
const quick = 1500;

/** What the `ocuroot` command in use can do. The bundled one can do all; another one is asked for its help, once. */
export class Capabilities implements vscode.Disposable {
  private missing: ReadonlySet<Feature> = new Set();
  private version: string | undefined;
  private problem: string | undefined;
  /** The problem is one with which nothing can be run. */
  private isObstacle = false;
  private asked = "";
  /** The command that is asked now and takes its time. */
  private awaited: string | undefined;
  private readonly changeEmitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  /** Fires when more is known. */
  readonly onDidChange = this.changeEmitter.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly output: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.refresh()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("ocuroot.path")) void this.refresh();
      }),
    ];
  }

  has(feature: Feature): boolean {
    return !this.missing.has(feature);
  }

  /** Why a feature is missing, in one sentence. */
  reason(feature: Feature): string {
    return this.problem ?? lackReason(feature, this.name);
  }

  /** One sentence about what the command in use lacks; undefined when it lacks nothing. */
  get summary(): string | undefined {
    if (this.awaited !== undefined)
      return `${this.awaited} (setting ocuroot.path) is asked what it can do, and has not answered yet.`;
    if (this.problem !== undefined) return this.problem;
    const titles = missingTitles([...this.missing]);
    return titles === ""
      ? undefined
      : `${this.name} lacks: ${titles}. The bundled one has them (setting ocuroot.path).`;
  }

  /** True when the command that the settings name cannot be started. */
  get cannotRun(): boolean {
    return this.isObstacle;
  }

  /** Features that are missing, for context keys. */
  get lacking(): readonly Feature[] {
    return [...this.missing];
  }

  /** Why the command cannot be run at all, if so. What was wrong is looked at again: it may have been mended. */
  async obstacle(): Promise<string | undefined> {
    if (this.isObstacle) this.asked = "";
    await this.refresh();
    return this.isObstacle ? this.problem : undefined;
  }

  /** Finds out about the command that the settings name now. */
  async refresh(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const command = currentCommand(this.context);
    const key = JSON.stringify([command.executable, command.args]);
    if (key === this.asked) return;
    this.asked = key;
    this.awaited = undefined;
    const found = command.bundled ? { missing: [] } : await this.askPatiently(command, key);
    if (this.asked !== key) return;
    this.awaited = undefined;
    this.missing = new Set(found.missing);
    this.version = "version" in found ? found.version : undefined;
    this.problem = "problem" in found ? found.problem : undefined;
    this.isObstacle = "isObstacle" in found && found.isObstacle === true;
    const name = command.bundled ? "the bundled ocuroot" : `${command.executable} (${this.name})`;
    this.output.info(`Releases are run by ${name}.`);
    this.changeEmitter.fire();
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
    this.changeEmitter.dispose();
  }

  private get name(): string {
    return `ocuroot${this.version === undefined ? "" : ` ${this.version}`}`;
  }

  /** Asks, and tells who is waited for where it takes its time. */
  private async askPatiently(command: CommandLine, key: string) {
    const timer = setTimeout(() => {
      if (this.asked !== key) return;
      this.awaited = command.executable;
      this.changeEmitter.fire();
    }, quick);
    try {
      return await this.ask(command);
    } finally {
      clearTimeout(timer);
    }
  }

  /** All questions at once: each start of a command takes its time, and one that answers none may take no longer than one. */
  private async ask(
    command: CommandLine,
  ): Promise<{ missing: Feature[]; version?: string | undefined; problem?: string; isObstacle?: boolean }> {
    if (command.problem !== undefined) return { missing: [], problem: command.problem, isObstacle: true };
    try {
      const help = async (topic: readonly string[]) =>
        [topic.join(" "), await this.print(command, [...topic, "--help"], false)] as const;
      const [version, ...helps] = await Promise.all([
        this.print(command, ["version"], true),
        ...helpTopics.map((topic) => help(topic)),
      ]);
      return { missing: missingFeatures(new Map(helps)), version: readVersion(version) };
    } catch (error) {
      const problem = `${command.executable} (setting ocuroot.path) ${startProblem(error)}.`;
      this.output.warn(problem);
      return { missing: [], problem, isObstacle: cannotStart(error) };
    }
  }

  /** What the command prints; a command that is only asked for help may also fail. */
  private async print({ executable, args, env }: CommandLine, words: string[], isStrict: boolean): Promise<string> {
    const options = {
      env: { ...process.env, ...env, NO_COLOR: "1" },
      timeout: patience,
      killSignal: "SIGKILL",
    } as const;
    try {
      const { stdout, stderr } = await run(executable, [...args, ...words], options);
      return `${stdout}\n${stderr}`;
    } catch (error) {
      const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
      if (isStrict || typeof code !== "number") throw error;
      return `${stdout}\n${stderr}`;
    }
  }
}
