/**
 * Launches a VS Code with the extension in development mode and hands out Playwright pages of its workbench. Tests know
 * only `Editor`: whether a desktop VS Code or a served one is behind it makes no difference to them.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Page } from "playwright-core";
import { launchDesktop } from "./desktop.ts";
import { launchServed } from "./served.ts";
import { writeSettings } from "./server.ts";

export type Settings = Readonly<Record<string, unknown>>;

export interface LaunchOptions {
  /** Folder of the extension under development; or its package (`*.vsix`), which is installed as by a user. */
  readonly extension: string;
  readonly settings?: Settings;
  /** Shows the browser window. */
  readonly headed?: boolean;
  /** Folders put before PATH, for stand-ins of programs. */
  readonly programFolders?: readonly string[];
}

export interface Editor {
  /**
   * Opens a window with a folder, a `.code-workspace` file, or nothing; resolves when the workbench is drawn. The trust
   * question may be showing.
   */
  open(target: string | undefined): Promise<Page>;
  /** What the editor's server has printed, for the report of a failure. */
  diagnostics(): string;
  /** Ends everything that was started, and removes its data. */
  close(): Promise<void>;
}

/** What a launcher gets: folders of its own, and an environment in which nothing of the user's set-up shows. */
export interface LauncherContext {
  readonly options: LaunchOptions;
  readonly dataFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Whether the extension is a package that has to be installed. */
export function isPackage(extension: string): boolean {
  return extension.endsWith(".vsix");
}

/** Quiet settings: nothing moves, asks, or reaches for the network. */
const quietSettings: Settings = {
  "chat.commandCenter.enabled": false,
  "editor.accessibilitySupport": "off",
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.autofetch": false,
  "git.openRepositoryInParentFolders": "never",
  "telemetry.telemetryLevel": "off",
  "terminal.integrated.enablePersistentSessions": false,
  // The canvas renderer keeps its text out of the page, where tests could not read it.
  "terminal.integrated.gpuAcceleration": "off",
  "update.mode": "none",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** Launches the desktop VS Code named by `OCUROOT_E2E_CODE` (the `code` command), or else the served one. */
export async function launchEditor(options: LaunchOptions): Promise<Editor> {
  const dataFolder = await mkdtemp(join(tmpdir(), "ocuroot-e2e-"));
  const context: LauncherContext = {
    options,
    dataFolder,
    environment: { ...(await privateHome(dataFolder)), PATH: pathWith(options.programFolders ?? []) },
  };
  const desktop = process.env.OCUROOT_E2E_CODE;
  try {
    await writeSettings(dataFolder, { ...quietSettings, ...options.settings });
    return desktop ? await launchDesktop(desktop, context) : await launchServed(context);
  } catch (error) {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
}

/** A home folder of its own, so that neither the user's shell set-up nor git settings change what tests see. */
async function privateHome(dataFolder: string): Promise<Record<string, string>> {
  const home = join(dataFolder, "home");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, ".bashrc"), "PS1='$ '\n");
  await writeFile(
    join(home, ".gitconfig"),
    "[user]\n\tname = Test\n\temail = test@example.org\n[init]\n\tdefaultBranch = main\n",
  );
  return { HOME: home, SHELL: "/bin/bash", OCUROOT_HOME: join(home, ".ocuroot") };
}

function pathWith(folders: readonly string[]): string {
  return [...folders, process.env.PATH ?? ""].join(delimiter);
}
