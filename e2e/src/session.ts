/** What the tests of one run share: one VS Code, and scratch copies of the sample repositories. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Editor, launchEditor, type Settings } from "./launch.ts";
import type { TreeView } from "./treeView.ts";
import { openWorkbenches, Workbench } from "./workbench.ts";

const root = join(__dirname, "..", "..");
const fixtures = join(root, "test-fixtures");
/** Folder of the extension under test; a copy of the built one serves as well as the checkout. */
const extension = process.env.OCUROOT_E2E_EXTENSION ?? root;

let launched: Promise<Editor> | undefined;
const ownEditors = new Set<Editor>();
const scratchFolders: string[] = [];

/** The VS Code of this run, launched when first asked for. */
export function sharedEditor(): Promise<Editor> {
  launched ??= launchEditor({
    extension,
    headed: process.env.OCUROOT_E2E_HEADED === "1",
    programFolders: [join(fixtures, "bin")],
  });
  return launched;
}

/** A VS Code of its own, for tests that leave something behind in it; of the checkout's extension, or of a package. */
export async function ownEditor(settings: Settings = {}, installed = extension): Promise<Editor> {
  const headed = process.env.OCUROOT_E2E_HEADED === "1";
  const editor = await launchEditor({ extension: installed, headed, settings });
  ownEditors.add(editor);
  return editor;
}

/** What a test sees of a repository that is open. */
export interface OpenRepository {
  readonly workbench: Workbench;
  readonly releases: TreeView;
}

export interface OpenOptions {
  /** Path of a file to open in it. */
  readonly file?: string;
  /** The run's VS Code unless another one is named. */
  readonly editor?: Editor;
}

/** Opens a repository, trusted, with the side bar of the extension, as most tests begin. */
export async function openRepository(folder: string, options: OpenOptions = {}): Promise<OpenRepository> {
  const editor = options.editor ?? (await sharedEditor());
  const workbench = await Workbench.open(editor, folder, { trust: true });
  await workbench.openActivity("Ocuroot");
  if (options.file !== undefined) await workbench.editor.open(options.file);
  return { workbench, releases: workbench.tree("Releases") };
}

/** Notes what is open now. The result closes all windows, and ends all VS Codes of tests' own, that were opened since. */
export function noteWhatIsOpen(): () => Promise<void> {
  const windows = new Set(openWorkbenches);
  const editors = new Set(ownEditors);
  return async () => {
    for (const each of openWorkbenches) if (!windows.has(each)) await each.close();
    for (const each of ownEditors) {
      if (editors.has(each)) continue;
      ownEditors.delete(each);
      await each.close();
    }
  };
}

/** Ends the run's VS Code and removes all scratch folders. */
export async function endSession(): Promise<void> {
  const editor = await launched?.catch(() => undefined);
  launched = undefined;
  await editor?.close();
  for (const folder of scratchFolders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** What the run's VS Code has printed so far. */
export async function editorOutput(): Promise<string> {
  const editor = await launched?.catch(() => undefined);
  return editor?.diagnostics() ?? "";
}

/** A copy of a sample repository in a scratch folder, committed to git. */
export function copyRepository(name: string): string {
  // The real path: on some systems the scratch folder is behind a link, and VS Code shows what is behind it.
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-e2e-work-")));
  scratchFolders.push(scratch);
  const folder = join(scratch, name);
  cpSync(join(fixtures, "repos", name), folder, { recursive: true });
  startRepository(folder);
  return folder;
}

/** Makes a folder a git repository whose first commit has all its files. */
export function startRepository(folder: string): void {
  git(folder, "init", "--quiet", "--initial-branch=main");
  commitAll(folder, "Sample repository");
}

export function commitAll(folder: string, message: string): void {
  git(folder, "add", "--all");
  git(folder, "-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", message);
}

function git(folder: string, ...args: string[]): void {
  execFileSync("git", ["-c", "commit.gpgsign=false", ...args], { cwd: folder, stdio: "pipe" });
}

/** Runs the bundled `ocuroot` command in `folder`, which has to succeed; returns what it printed. */
export function run(folder: string, ...args: string[]): string {
  const { status, output } = ocuroot(folder, ...args);
  if (status !== 0) throw new Error(`ocuroot ${args.join(" ")} ended with exit code ${status}:\n${output}`);
  return output;
}

/** Releases package files, one after the other; each has to succeed. */
export function release(folder: string, ...files: string[]): void {
  for (const file of files) run(folder, "release", "new", file);
}

/** Runs the bundled `ocuroot` command in `folder`; returns its exit status and what it printed. */
export function ocuroot(folder: string, ...args: string[]): { status: number; output: string } {
  try {
    const output = execFileSync(process.execPath, [join(extension, "dist", "ocuroot.cjs"), ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, SHOP_PACE: "0" },
    });
    return { status: 0, output };
  } catch (error) {
    const { status, stdout = "", stderr = "" } = error as { status?: number; stdout?: string; stderr?: string };
    if (typeof status !== "number") throw error;
    return { status, output: stdout + stderr };
  }
}
