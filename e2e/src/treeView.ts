import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";

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
    const header = this.pane.locator(".pane-header").first();
    await header.waitFor();
    if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
  }

  rows(): Locator {
    return this.pane.locator(".monaco-list-row");
  }

  row(label: RegExp): Locator {
    return this.rows().filter({ hasText: label }).first();
  }

  /** Text of each row on the screen, indented by its level. */
  async lines(): Promise<string[]> {
    return this.rows().evaluateAll((rows) =>
      rows
        .map((row) => ({
          index: Number(row.getAttribute("data-index") ?? 0),
          level: Number(row.getAttribute("aria-level") ?? 1),
          text: row.querySelector(".monaco-icon-label")?.textContent ?? row.textContent ?? "",
        }))
        .sort((a, b) => a.index - b.index)
        .map(({ level, text }) => "  ".repeat(level - 1) + text.replace(/\u00a0/g, " ").trim()),
    );
  }

  /** Waits for a row like `label` and returns it. */
  async waitFor(label: RegExp, timeoutMs = 20_000): Promise<Locator> {
    let lines: string[] = [];
    await eventually(
      () => `"${this.title}" to show ${label}; it shows:\n${lines.join("\n")}\n`,
      async () => {
        lines = await this.lines();
        return lines.some((line) => label.test(line));
      },
      timeoutMs,
    );
    return this.row(label);
  }

  /** Unfolds the row. */
  async expand(label: RegExp): Promise<void> {
    const row = await this.waitFor(label);
    if ((await row.getAttribute("aria-expanded")) === "true") return;
    await row.locator(".monaco-tl-twistie").click();
    await eventually(`${label} to unfold`, async () => (await row.getAttribute("aria-expanded")) === "true");
  }

  /** Clicks the action with this label in the row. */
  async rowAction(label: RegExp, action: string): Promise<void> {
    const row = await this.waitFor(label);
    await row.hover();
    await row.locator(".actions").getByRole("button", { name: action }).first().click();
  }

  /** Titles of the row's inline actions. */
  async rowActions(label: RegExp): Promise<string[]> {
    const row = await this.waitFor(label);
    await row.hover();
    return row
      .locator(".actions .action-label")
      .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label") ?? ""));
  }
}
