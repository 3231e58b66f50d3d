import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { exactly } from "./patterns.ts";

/** A tree view of the side bar or the panel, addressed by its title. Rows are found by their accessibility label. */
export class TreeView {
  constructor(
    private readonly page: Page,
    readonly title: string,
  ) {}

  get pane(): Locator {
    return this.page.locator(".pane").filter({
      has: this.page.locator(".pane-header .title", { hasText: new RegExp(`^${this.title}$`, "i") }),
    });
  }

  /** Unfolds the view itself. */
  async show(): Promise<void> {
    await this.fold(false);
  }

  /** Folds the view, which leaves room for the others. */
  async hide(): Promise<void> {
    await this.fold(true);
  }

  private async fold(isFolded: boolean): Promise<void> {
    const header = this.pane.locator(".pane-header").first();
    await header.waitFor();
    const isDone = async () => (await header.getAttribute("aria-expanded")) === String(!isFolded);
    await eventually(`"${this.title}" to be ${isFolded ? "folded" : "unfolded"}`, async () => {
      if (await isDone()) return true;
      await header.click({ timeout: 2000, position: { x: 40, y: 10 } });
      return eventually("the header to answer", isDone, 2000);
    });
  }

  rows(): Locator {
    return this.pane.locator(".monaco-list-row");
  }

  /** The rows on the screen: indented by level, name and description two spaces apart. */
  async lines(): Promise<string[]> {
    return (await this.read()).map((row) => row.line);
  }

  /** Waits until a line like `pattern` is there. */
  async waitFor(pattern: RegExp, timeoutMs = 60_000): Promise<void> {
    await this.find(pattern, timeoutMs);
  }

  /** Waits until no line like `pattern` is there. */
  async waitForNone(pattern: RegExp): Promise<void> {
    await eventually(`"${this.title}" to show no ${pattern}`, async () => {
      const rows = await this.read();
      return rows.length > 0 && !rows.some((row) => pattern.test(row.line));
    });
  }

  async click(pattern: RegExp): Promise<void> {
    await this.onRow(pattern, (row) => row.locator(".monaco-tl-contents").click({ timeout: 2000 }));
  }

  /** Unfolds the row; pressed again if the tree was drawn anew at that moment, which takes the press to another row. */
  async expand(pattern: RegExp): Promise<void> {
    const isUnfolded = async () => (await (await this.find(pattern)).getAttribute("aria-expanded")) !== "false";
    await eventually(`${pattern} to unfold`, async () => {
      if (await isUnfolded()) return true;
      const row = await this.find(pattern);
      await row.locator(".monaco-tl-twistie").click({ timeout: 2000 });
      return eventually(`${pattern} to unfold at once`, isUnfolded, 2000);
    });
  }

  /** Clicks the inline action with this label in the row. */
  async clickAction(pattern: RegExp, action: string): Promise<void> {
    await this.onRow(pattern, async (row) => {
      await row.hover({ timeout: 2000 });
      await row.locator(".actions .action-label").and(this.page.getByLabel(action)).first().click({ timeout: 2000 });
    });
  }

  /** Takes an entry of the row's context menu. */
  async chooseInMenu(pattern: RegExp, entry: string): Promise<void> {
    await this.onRow(pattern, async (row) => {
      await row.locator(".monaco-tl-contents").click({ button: "right", timeout: 2000 });
      const menu = this.page.locator(".monaco-menu");
      const label = this.page.locator(".action-label", { hasText: exactly(entry) });
      const item = menu.locator(".action-item").filter({ has: label }).first();
      try {
        // By keyboard: a menu that has just opened takes no click, lest the one that opened it counts.
        await item.hover({ timeout: 2000 });
        await eventually(
          `"${entry}" to be the one`,
          async () => /focused/.test((await item.getAttribute("class")) ?? ""),
          2000,
        );
        await this.page.keyboard.press("Enter");
        await menu.waitFor({ state: "hidden", timeout: 2000 });
      } catch (error) {
        await this.page.keyboard.press("Escape");
        throw error;
      }
    });
  }

  /** Presses a key in the tree. */
  async press(key: string): Promise<void> {
    await this.pane.locator(".monaco-list").first().press(key);
  }

  /** Presses a key until a line like `pattern` is on the screen: a long tree has only those lines that are seen. */
  async pressUntil(key: string, pattern: RegExp): Promise<void> {
    let lines: string[] = [];
    await eventually(
      () => `"${this.title}" to show ${pattern} after ${key}; it shows:\n${lines.join("\n")}\n`,
      async () => {
        await this.press(key);
        lines = await this.lines();
        return lines.some((line) => pattern.test(line));
      },
    );
  }

  /** Labels of the row's inline actions. */
  async actions(pattern: RegExp): Promise<string[]> {
    return eventually(`actions of ${pattern}`, async () => {
      const row = await this.find(pattern);
      await row.hover({ timeout: 2000 });
      const labels = await row
        .locator(".actions .action-label")
        .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label") ?? ""));
      return labels.length > 0 ? labels : undefined;
    });
  }

  /** Text of the message or welcome page that stands in the view. */
  async text(): Promise<string> {
    return (await this.pane.locator(".pane-body").first().innerText()).trim();
  }

  /** What stands in an empty view: its text, and the labels of its buttons and links. */
  async welcome(text: RegExp): Promise<{ readonly text: string; readonly buttons: readonly string[] }> {
    const content = this.pane.locator(".welcome-view-content").filter({ hasText: text });
    await content.waitFor();
    const buttons = await content.locator(":is(.monaco-button, a)").allInnerTexts();
    return { text: (await content.innerText()).trim(), buttons: buttons.map((each) => each.trim()) };
  }

  /** Presses a button or a link that stands in an empty view. */
  async pressButton(label: string): Promise<void> {
    await this.pane
      .locator(".welcome-view-content :is(.monaco-button, a)")
      .filter({ hasText: exactly(label) })
      .click();
  }

  private async find(pattern: RegExp, timeoutMs = 60_000): Promise<Locator> {
    let rows: readonly Row[] = [];
    const found = await eventually(
      () => `"${this.title}" to show ${pattern}; it shows:\n${rows.map((row) => row.line).join("\n")}\n`,
      async () => {
        rows = await this.read();
        return rows.find((row) => pattern.test(row.line));
      },
      timeoutMs,
    );
    // By its name too: when the tree is drawn anew, another line may get this one's number.
    const name = this.page.locator(".label-name", { hasText: exactly(found.name) });
    return this.pane.locator(`.monaco-list-row[data-index="${found.index}"]`).filter({ has: name });
  }

  /** Acts on a row, again if the tree is redrawn meanwhile. */
  private async onRow(pattern: RegExp, act: (row: Locator) => Promise<void>): Promise<void> {
    await eventually(`${pattern} of "${this.title}" to answer`, async () => {
      await act(await this.find(pattern));
      return true;
    });
  }

  // No named function inside: the page lacks the helper that the test runner's compiler wraps around those.
  private async read(): Promise<readonly Row[]> {
    return this.rows().evaluateAll((rows) =>
      rows
        .map((row) => {
          const parts = [".label-name", ".label-description"]
            .map((selector) => (row.querySelector(selector)?.textContent ?? "").replace(/\u00a0/g, " ").trim())
            .filter((part) => part !== "");
          const indent = "  ".repeat(Number(row.getAttribute("aria-level") ?? 1) - 1);
          const name = row.querySelector(".label-name")?.textContent ?? "";
          return { index: Number(row.getAttribute("data-index")), name, line: indent + parts.join("  ") };
        })
        .sort((a, b) => a.index - b.index),
    );
  }
}

interface Row {
  readonly index: number;
  readonly name: string;
  readonly line: string;
}
