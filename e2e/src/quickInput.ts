import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { exactly } from "./patterns.ts";

/** The box at the top of the window: command palette, quick open, picks and input boxes. */
export class QuickInput {
  readonly widget: Locator;
  readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator(".quick-input-widget");
    this.input = this.widget.locator(".quick-input-box input, .quick-input-and-message input").first();
  }

  /** Runs a command by its whole label. The palette lists what is enabled when it opens, so it is opened until it does. */
  async runCommand(label: string): Promise<void> {
    await eventually(`the command "${label}"`, async () => {
      await this.openPalette(label);
      try {
        await this.choose(label, 2000);
        await this.waitUntilGone(`>${label}`);
        return true;
      } catch (error) {
        await this.dismiss();
        throw error;
      }
    });
  }

  async openPalette(text: string): Promise<void> {
    await this.open("F1", `>${text}`);
  }

  /**
   * Labels of the commands that the palette offers for some words; the last ones may be only similar. Until it has looked
   * for them it shows all others.
   */
  async commands(words: string): Promise<string[]> {
    await this.openPalette(words);
    const wanted = words.toLowerCase().match(/[a-z]+/g) ?? [];
    const labels = await eventually(`commands for "${words}"`, async () => {
      const shown = await this.labels();
      const isAnswer = shown.every((label) => wanted.some((word) => label.toLowerCase().includes(word)));
      return isAnswer || /^No matching/.test(shown[0] ?? "") ? shown : undefined;
    });
    await this.dismiss();
    return labels.filter((label) => !label.startsWith("No matching"));
  }

  /** Opens a file by its path in the workspace, at a 1-based position. */
  async openFile(path: string, line = 1, column = 1): Promise<void> {
    await this.open("Control+P", `${path}:${line}:${column}`);
    const name = path.split("/").pop()!;
    const folder = path.split("/").slice(0, -1).join("/");
    const row = this.rows()
      .filter({ has: this.page.locator(".label-name", { hasText: exactly(name) }) })
      .filter(folder ? { has: this.page.locator(".label-description", { hasText: exactly(folder) }) } : {});
    await row.first().click();
    await this.waitUntilClosed();
  }

  /** Fills the box, and looks whether it has kept the text: one box may take another one's place meanwhile. */
  async type(text: string): Promise<void> {
    await eventually(`"${text}" in the quick input box`, async () => {
      await this.input.fill(text, { timeout: 2000 });
      return (await this.input.inputValue({ timeout: 2000 })) === text;
    });
  }

  /** Labels of the entries that are shown now, once there are any. */
  async labels(): Promise<string[]> {
    await this.rows().first().waitFor();
    return this.rows().locator(".label-name").allTextContents();
  }

  /** Clicks the entry with exactly this label. */
  async choose(label: string, timeoutMs = 10_000): Promise<void> {
    const entry = this.rows().filter({ has: this.page.locator(".label-name", { hasText: exactly(label) }) });
    try {
      await entry.first().click({ timeout: timeoutMs });
      // Whatever is asked next comes in the same place: what is done to it must not reach this list.
      await entry.first().waitFor({ state: "hidden", timeout: timeoutMs });
    } catch (error) {
      const shown = await this.rows().locator(".label-name").allTextContents();
      throw new Error(`No entry "${label}"; shown: ${shown.join(" | ") || "nothing"}`, { cause: error });
    }
  }

  /** Clicks the first entry whose text matches. */
  async pick(text: RegExp): Promise<void> {
    const entry = this.rows().filter({ hasText: text }).first();
    await entry.click();
    await entry.waitFor({ state: "hidden" });
  }

  /** Waits until the box has this text: what asks for a path proposes one, which takes a moment. */
  async waitForValue(text: string): Promise<void> {
    await eventually(`"${text}" in the quick input box`, async () => (await this.input.inputValue()) === text);
  }

  /** Presses Enter in the box. */
  async accept(): Promise<void> {
    await this.input.press("Enter");
  }

  async dismiss(): Promise<void> {
    await eventually("the quick input box to close", async () => {
      if (!(await this.widget.isVisible())) return true;
      await this.input.press("Escape", { timeout: 1000 }).catch(() => undefined);
      await this.widget.waitFor({ state: "hidden", timeout: 1000 });
      return true;
    });
  }

  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: "hidden" });
  }

  rows(): Locator {
    return this.widget.locator(".quick-input-list .monaco-list-row");
  }

  /** Opens the box by a key and fills it. Keys pressed while the window starts are lost, hence pressed until it opens. */
  async open(key: string, text: string): Promise<void> {
    await eventually(`the quick input box to open by ${key}`, async () => {
      if (!(await this.widget.isVisible())) await this.page.keyboard.press(key);
      await this.input.waitFor({ timeout: 1000 });
      await this.input.fill(text, { timeout: 1000 });
      return (await this.input.inputValue()) === text;
    });
  }

  /** Waits until the box that was filled with `text` has gone, or another one has taken its place. */
  private async waitUntilGone(text: string): Promise<void> {
    await eventually(`the box with "${text}" to go`, async () => {
      if (!(await this.widget.isVisible())) return true;
      return (await this.input.inputValue({ timeout: 1000 }).catch(() => "")) !== text;
    });
  }
}
