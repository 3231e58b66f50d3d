import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { exactly } from "./patterns.ts";
import type { QuickInput } from "./quickInput.ts";

/** The text editor that has the focus, or that was opened last. */
export class TextEditor {
  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {}

  /** Opens a file of the workspace and puts the cursor at a 1-based position. */
  async open(path: string, line = 1, column = 1): Promise<void> {
    await this.quickInput.openFile(path, line, column);
    await this.element(path).waitFor();
    await this.waitForCursor(line);
  }

  element(path: string): Locator {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="/${path}"]`).first();
  }

  /** Gives the keyboard to the editor of a file that is open. */
  async focus(path: string): Promise<void> {
    await this.element(path).locator(".native-edit-context, textarea.inputarea").first().focus();
  }

  /** Moves the cursor to a 1-based position. */
  async goTo(line: number, column: number): Promise<void> {
    await this.quickInput.open("Control+G", `:${line}:${column}`);
    await this.quickInput.accept();
    await this.quickInput.waitUntilClosed();
    await this.waitForCursor(line);
  }

  /** Types as a person does, key by key: VS Code may close brackets and offer completions on the way. */
  async type(text: string): Promise<void> {
    await this.waitForFocus();
    await this.page.keyboard.type(text);
  }

  /** Types a line in place of the one at a 1-based number, until it begins as it was typed. */
  async retypeLine(line: number, text: string): Promise<void> {
    await eventually(`line ${line} to be "${text}"`, async () => {
      await this.goTo(line, 1);
      await this.press("Home", "Shift+End", "Delete");
      await this.type(text);
      const isThere = async () => (await this.activeCursorLine()).trimStart().startsWith(text.trimStart());
      return eventually("the typed line", isThere, 3000);
    });
  }

  /** Puts text in at once, from the clipboard: nothing is closed or indented. */
  async insert(text: string): Promise<void> {
    await this.waitForFocus();
    const before = await this.visibleText();
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.page.keyboard.press("Control+V");
    const firstLine = text.split("\n")[0] ?? "";
    await eventually("the pasted text", async () => {
      const now = await this.visibleText();
      return now !== before && now.includes(firstLine);
    });
  }

  /** Waits until what is typed goes into an editor: the focus comes back from a box or a view with a delay. */
  private async waitForFocus(): Promise<void> {
    await eventually("an editor to have the focus", () =>
      this.page.evaluate(() => document.activeElement?.closest(".part.editor .monaco-editor") != null),
    );
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async save(): Promise<void> {
    await this.waitForFocus();
    const dirty = this.page.locator(".editor-group-container.active .tab.active.dirty");
    await eventually("the file to be saved", async () => {
      await this.page.keyboard.press("Control+S");
      await dirty.waitFor({ state: "detached", timeout: 3000 });
      return true;
    });
  }

  async closeTab(): Promise<void> {
    const tabs = this.page.locator(".part.editor .tab");
    const before = await tabs.count();
    await this.quickInput.runCommand("View: Close Editor");
    await eventually("the tab to close", async () => (await tabs.count()) < before);
  }

  /** Waits until the editor shows a text, its lenses and inlays included. */
  async waitForText(pattern: RegExp, timeoutMs = 60_000): Promise<void> {
    let text = "";
    await eventually(
      () => `the editor to show ${pattern}; it shows:\n${text}\n`,
      async () => {
        const lenses = await this.page.locator(".editor-group-container.active .codelens-decoration").allTextContents();
        text = [await this.visibleText(), ...lenses].join("\n").replace(/\u00a0/g, " ");
        return pattern.test(text);
      },
      timeoutMs,
    );
  }

  /** Text of the lines that are on the screen, top to bottom. */
  async visibleText(): Promise<string> {
    return this.page.evaluate(() => {
      const editor = document.querySelector(".editor-group-container.active .monaco-editor");
      const lines = [...(editor?.querySelectorAll<HTMLElement>(".view-lines > .view-line") ?? [])];
      lines.sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top));
      return lines.map((line) => (line.textContent ?? "").replace(/\u00a0/g, " ")).join("\n");
    });
  }

  /**
   * Opens the list of completions and waits until it has all of `labels`. The list is asked for again until then: right
   * after a file was opened its language server may not have looked at it.
   */
  async waitForCompletions(...labels: readonly string[]): Promise<string[]> {
    let offered: string[] = [];
    return eventually(
      () => `completions ${labels.join(", ")}; offered: ${offered.join(", ") || "nothing"}`,
      async () => {
        if (await this.page.locator(".suggest-widget.visible").isVisible()) await this.page.keyboard.press("Escape");
        await this.page.keyboard.press("Control+Space");
        await this.page.locator(".suggest-widget.visible .monaco-list-row").first().waitFor({ timeout: 2000 });
        offered = await this.completions();
        return labels.every((each) => offered.includes(each)) ? offered : undefined;
      },
    );
  }

  /** Labels of the completions on the screen. */
  async completions(): Promise<string[]> {
    return this.page.locator(".suggest-widget.visible .monaco-list-row .label-name").allTextContents();
  }

  completion(label: string): Locator {
    const name = this.page.locator(".label-name", { hasText: exactly(label) });
    return this.page.locator(".suggest-widget.visible .monaco-list-row").filter({ has: name });
  }

  /** Takes the completion with this label from the open list. */
  async acceptCompletion(label: string): Promise<void> {
    await this.completion(label).first().click();
    await this.page.locator(".suggest-widget.visible").waitFor({ state: "hidden" });
  }

  /** Text of the hover at the cursor; what the mouse happens to rest on has hovers of another kind. */
  async hover(): Promise<string> {
    const hover = this.page.locator(".monaco-hover:not(.workbench-hover):visible").first();
    return eventually("a hover", async () => {
      // A hover goes when the text around it moves, as it does when inlay hints come.
      if ((await hover.count()) === 0) {
        await this.page.keyboard.press("Control+K");
        await this.page.keyboard.press("Control+I");
      }
      const text = await hover.innerText({ timeout: 1000 });
      return /^(Loading\.\.\.)?\s*$/.test(text) ? undefined : text;
    });
  }

  /** Text of the hover at the cursor once it has `pattern`: parts of it come one by one. */
  async hoverWith(pattern: RegExp): Promise<string> {
    let seen = "";
    return eventually(
      () => `a hover with ${pattern}; it says: ${seen}`,
      async () => {
        seen = await this.hover();
        return pattern.test(seen) ? seen : undefined;
      },
    );
  }

  /** Renames the symbol at the cursor. */
  async rename(name: string): Promise<void> {
    const box = this.page.locator(".rename-box:visible input");
    await eventually("the box for the new name", async () => {
      if (!(await box.isVisible())) await this.press("F2");
      await box.fill(name, { timeout: 3000 });
      return (await box.inputValue({ timeout: 1000 })) === name;
    });
    await box.press("Enter");
    await box.waitFor({ state: "hidden" });
  }

  /**
   * Opens the list of quick fixes and refactorings at the cursor and returns their titles. Now and then VS Code says that
   * there are none while it is still asking for those of its light bulb: then a person presses again.
   */
  async openQuickFixes(): Promise<string[]> {
    await eventually("quick fixes", async () => {
      await this.page.keyboard.press("Control+.");
      await this.quickFixRows().first().waitFor({ timeout: 3000 });
      return true;
    });
    return (await this.quickFixRows().allInnerTexts()).map((title) => title.trim());
  }

  /** Takes the quick fix with this title from the open list, by keyboard. */
  async takeQuickFix(title: string): Promise<void> {
    const row = this.quickFixRows().filter({ hasText: exactly(title) });
    await eventually(`"${title}" to be the one`, async () => {
      if (/\bfocused\b/.test((await row.getAttribute("class", { timeout: 2000 })) ?? "")) return true;
      await this.page.keyboard.press("ArrowDown");
      return undefined;
    });
    await this.page.keyboard.press("Enter");
    await this.page.locator(".action-widget").waitFor({ state: "hidden" });
  }

  private quickFixRows(): Locator {
    return this.page.locator(".action-widget .monaco-list-row.action");
  }

  /** Waits until the line of the cursor in the file at `path` matches. */
  async waitForCursorIn(path: string, line: RegExp): Promise<void> {
    let text = "";
    await eventually(
      () => `the cursor to be at ${line}; it is at: ${text}`,
      async () => {
        text = await this.cursorLine(path);
        return line.test(text);
      },
    );
  }

  private activeCursorLine(): Promise<string> {
    return this.cursorLineIn(this.page.locator(".editor-group-container.active .monaco-editor").first());
  }

  private cursorLine(path: string): Promise<string> {
    return this.cursorLineIn(this.element(path));
  }

  /** Text of the cursor's line: the one that stands as high as the mark of the current line. */
  private cursorLineIn(editor: Locator): Promise<string> {
    return editor.evaluate((editor) => {
      const mark = editor.querySelector<HTMLElement>(".view-overlays .current-line")?.parentElement;
      const lines = [...editor.querySelectorAll<HTMLElement>(".view-lines > .view-line")];
      const line = lines.find((each) => each.style.top === mark?.style.top);
      return (line?.textContent ?? "").replace(/\u00a0/g, " ");
    });
  }

  private async waitForCursor(line: number): Promise<void> {
    const status = this.page.locator(".part.statusbar .statusbar-item", { hasText: new RegExp(`^Ln ${line}, Col`) });
    await status.waitFor();
  }
}
