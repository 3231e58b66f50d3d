/**
 * A VS Code window as a person sees it: what can be read from it, and what can be done to it by keyboard and mouse.
 * Selectors are VS Code's own class names and accessibility labels; nothing here knows of Ocuroot.
 */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import type { Editor } from "./launch.ts";
import { Panels } from "./panels.ts";
import { literal } from "./patterns.ts";
import { QuickInput } from "./quickInput.ts";
import { TextEditor } from "./textEditor.ts";
import { TreeView } from "./treeView.ts";

export const themes = {
  dark: { label: "Dark Modern", css: "vs-dark" },
  light: { label: "Light Modern", css: "vs" },
  "high-contrast": { label: "Dark High Contrast", css: "hc-black" },
  "high-contrast-light": { label: "Light High Contrast", css: "hc-light" },
} as const;

export type ThemeKind = keyof typeof themes;

/** Windows that are open now, for pictures when a test fails. */
export const openWorkbenches = new Set<Workbench>();

export class Workbench {
  readonly quickInput: QuickInput;
  readonly editor: TextEditor;
  readonly panels: Panels;
  /** Errors on the page's console. */
  readonly errors: string[] = [];

  constructor(
    readonly page: Page,
    /** Folder or workspace file that the window shows. */
    readonly folder: string | undefined,
  ) {
    this.quickInput = new QuickInput(page);
    this.editor = new TextEditor(page, this.quickInput);
    this.panels = new Panels(page, this.quickInput);
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text().slice(0, 500));
    });
  }

  /** Opens a folder or a workspace file in a new window and answers the question whether its authors are trusted. */
  static async open(editor: Editor, folder: string, options: { trust: boolean }): Promise<Workbench> {
    const workbench = new Workbench(await editor.open(folder), folder);
    openWorkbenches.add(workbench);
    await workbench.answerTrust(options.trust);
    return workbench;
  }

  /** Opens a window with no folder, which asks nothing. */
  static async openEmpty(editor: Editor): Promise<Workbench> {
    const workbench = new Workbench(await editor.open(undefined), undefined);
    openWorkbenches.add(workbench);
    return workbench;
  }

  async answerTrust(trust: boolean): Promise<void> {
    const name = trust ? "Yes, I trust the authors" : "No, I don't trust the authors";
    await this.pressInDialog(this.page.locator(".monaco-dialog-box"), name);
  }

  /** Answers the question in the middle of the window, which must contain `question`. */
  async answerDialog(question: RegExp, answer: string): Promise<void> {
    await this.pressInDialog(this.page.locator(".monaco-dialog-box").filter({ hasText: question }), answer);
  }

  /** Presses a button of a dialog that has come or will, and again until the dialog has gone. */
  private async pressInDialog(dialog: Locator, button: string): Promise<void> {
    await dialog.waitFor();
    await eventually(`the dialog to go after "${button}"`, async () => {
      if ((await dialog.count()) === 0) return true;
      await dialog
        .getByRole("button", { name: button, exact: true })
        .click({ timeout: 2000 })
        .catch(() => undefined);
      await dialog.waitFor({ state: "detached", timeout: 2000 });
      return true;
    });
  }

  /** Trusts the folder of a window that is in restricted mode. */
  async grantTrust(): Promise<void> {
    await this.runCommand("Workspaces: Manage Workspace Trust");
    const page = this.page.locator(".workspace-trust-editor");
    const restricted = this.statusItem(/Restricted Mode/);
    await eventually("the folder to be trusted", async () => {
      if ((await restricted.count()) === 0) return true;
      await page.getByRole("button", { name: "Trust", exact: true }).click({ timeout: 2000 });
      await restricted.waitFor({ state: "detached", timeout: 3000 });
      return true;
    });
    await this.editor.closeTab();
  }

  /** Runs a command of the palette by its whole label, such as "View: Toggle Terminal", once it is enabled. */
  async runCommand(label: string): Promise<void> {
    await this.quickInput.runCommand(label);
  }

  /** The palette's commands for `text`; commands that are not enabled are not among them. */
  async paletteCommands(text: string): Promise<string[]> {
    return this.quickInput.commands(text);
  }

  /** Opens a view container of the activity bar by its name. */
  async openActivity(name: string): Promise<void> {
    const tab = this.activity(name);
    await tab.waitFor();
    const title = this.page.locator(".part.sidebar .composite.title h2").filter({ hasText: new RegExp(name, "i") });
    await eventually(`the side bar to show ${name}`, async () => {
      if ((await tab.getAttribute("aria-selected")) !== "true" || !(await this.sideBarIsOpen())) {
        await tab.click({ timeout: 2000 });
        await this.page.mouse.move(0, 0); // A tooltip would stay in the way.
      }
      await title.first().waitFor({ timeout: 5000 });
      return true;
    });
  }

  activity(name: string): Locator {
    return this.page.locator(".part.activitybar").getByRole("tab", { name: new RegExp(`^${literal(name)}`) });
  }

  /** The view with this title in the side bar or the panel, unfolded. */
  tree(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  /**
   * The document inside a webview of the extension `extensionId` for which `accept` says yes. `purpose` is VS Code's word
   * for the kind of webview: "webviewView" for one in a side bar or panel, "" for one in a tab.
   */
  async webview(extensionId: string, purpose: string, accept: (frame: Frame) => Promise<boolean>): Promise<Frame> {
    return eventually(`a webview of ${extensionId}`, async () => {
      for (const outer of this.page.frames()) {
        const query = URL.canParse(outer.url()) ? new URL(outer.url()).searchParams : new URLSearchParams();
        if (query.get("extensionId")?.toLowerCase() !== extensionId.toLowerCase()) continue;
        if ((query.get("purpose") ?? "") !== purpose) continue;
        for (const inner of outer.childFrames()) {
          if (!inner.isDetached() && (await accept(inner).catch(() => false))) return inner;
        }
      }
      return undefined;
    });
  }

  /** The item of the status bar whose label matches. */
  statusItem(label: RegExp): Locator {
    return this.page.locator(".part.statusbar .statusbar-item").filter({ hasText: label });
  }

  /** The notification that contains `text`. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-toast").filter({ hasText: text });
  }

  async setTheme(kind: ThemeKind): Promise<void> {
    const { label, css } = themes[kind];
    const workbench = this.page.locator(`.monaco-workbench.${css}`);
    if ((await workbench.count()) > 0) return;
    await this.runCommand("Preferences: Color Theme");
    await this.quickInput.type(label);
    await this.quickInput.choose(label);
    await workbench.waitFor();
  }

  /** Writes a picture of the window, or of a part of it, to `e2e/screenshots/NAME.png`. */
  async screenshot(name: string, clip?: { x: number; y: number; width: number; height: number }): Promise<void> {
    const path = join(screenshotFolder, `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path, animations: "disabled", ...(clip ? { clip } : {}) });
  }

  /** The same of what the editor shows, so large at most, from `top` on. */
  async screenshotOfEditor(name: string, width: number, height: number, top = 0): Promise<void> {
    const box = await this.page.locator(".editor-group-container.active .editor-container").boundingBox();
    if (!box) throw new Error("No editor is open");
    await this.screenshot(name, {
      x: box.x,
      y: box.y + top,
      width: Math.min(width, box.width),
      height: Math.min(height, box.height - top),
    });
  }

  /** Closes the window; may be called again. */
  async close(): Promise<void> {
    openWorkbenches.delete(this);
    await this.page.close();
  }

  /** Drags the edge of the side bar until it is about so wide; VS Code keeps a smallest width. */
  async resizeSideBar(width: number): Promise<void> {
    const sideBar = this.page.locator(".part.sidebar");
    const before = (await sideBar.boundingBox())?.width;
    await eventually(`the side bar to be ${width} pixels wide`, async () => {
      const box = await sideBar.boundingBox();
      if (!box) throw new Error("The side bar is not open");
      if (box.width !== before || Math.abs(box.width - width) < 10) return true;
      const y = box.y + box.height / 2;
      await this.page.mouse.move(box.x + box.width, y);
      await this.page.mouse.down();
      await this.page.mouse.move(box.x + width, y, { steps: 5 });
      await this.page.mouse.up();
      await this.page.mouse.move(0, 0);
      return undefined;
    });
  }

  private async sideBarIsOpen(): Promise<boolean> {
    return this.page.locator(".part.sidebar").isVisible();
  }
}

export const screenshotFolder = join(__dirname, "..", "screenshots");
