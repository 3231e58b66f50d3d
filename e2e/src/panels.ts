import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import type { QuickInput } from "./quickInput.ts";

/** The panel below the editors: Problems and Terminal. */
export class Panels {
  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {}

  /** Shows the list of problems. */
  async showProblems(): Promise<void> {
    await this.quickInput.runCommand("Problems: Focus on Problems View");
    await this.page.locator(".markers-panel").waitFor();
  }

  /** Rows of the list of problems: files, and messages below them. */
  problemRows(): Locator {
    return this.page.locator(".markers-panel .monaco-list-row");
  }

  /** Accessibility labels of the problems: severity, message, code, position. */
  async problems(): Promise<string[]> {
    const labels = await this.problemRows().evaluateAll((rows) =>
      rows
        .filter((row) => row.querySelector(".marker-icon, .details-container"))
        .map((row) => row.getAttribute("aria-label") ?? row.textContent ?? ""),
    );
    return labels;
  }

  async waitForProblem(pattern: RegExp): Promise<string> {
    let seen: string[] = [];
    return eventually(
      () => `a problem like ${pattern}; listed: ${seen.join(" | ") || "none"}`,
      async () => {
        seen = await this.problems();
        return seen.find((each) => pattern.test(each));
      },
    );
  }

  async waitForNoProblem(pattern: RegExp): Promise<void> {
    let seen: string[] = [];
    await eventually(
      () => `no problem like ${pattern}; listed: ${seen.join(" | ")}`,
      async () => {
        seen = await this.problems();
        return !seen.some((each) => pattern.test(each));
      },
    );
  }

  /** Lines on the screen of the terminal that is shown. */
  async terminalText(): Promise<string> {
    const rows = this.page.locator(".terminal-wrapper.active .xterm-rows > div");
    const lines = await rows.allTextContents();
    return lines
      .map((line) => line.replace(/\u00a0/g, " ").trimEnd())
      .join("\n")
      .trimEnd();
  }

  async waitForTerminal(pattern: RegExp, timeoutMs = 60_000): Promise<string> {
    let text = "";
    return eventually(
      () => `the terminal to show ${pattern}; it shows:\n${text}\n`,
      async () => {
        text = await this.terminalText();
        return pattern.test(text) ? text : undefined;
      },
      timeoutMs,
    );
  }

  /** Opens a terminal and waits for its prompt. */
  async openTerminal(): Promise<void> {
    await this.quickInput.runCommand("Terminal: Create New Terminal");
    await this.waitForTerminal(/^\$$/m);
  }

  /** Types a command line into the terminal that is shown, at its prompt; what arrived otherwise is typed again. */
  async typeInTerminal(line: string): Promise<void> {
    const terminal = this.page.locator(".terminal-wrapper.active .xterm-helper-textarea");
    await eventually(`the terminal to take "${line}"`, async () => {
      await terminal.focus({ timeout: 2000 });
      await this.page.keyboard.press("Control+U");
      await this.page.keyboard.type(line);
      // A long line goes on in the next row.
      const wanted = `$${line}`.replace(/\s+/g, "");
      const isThere = async () => (await this.terminalText()).replace(/\s+/g, "").endsWith(wanted);
      return eventually("the typed line", isThere, 3000);
    });
    await this.page.keyboard.press("Enter");
  }

  /** Follows the link in the terminal whose whole or part of a row matches, as Ctrl+click does. */
  async followLink(pattern: RegExp): Promise<void> {
    const row = this.page.locator(".terminal-wrapper.active .xterm-rows > div").filter({ hasText: pattern }).last();
    await eventually(`the link ${pattern}`, async () => {
      const text = ((await row.textContent()) ?? "").replace(/\u00a0/g, " ");
      const match = pattern.exec(text.trimEnd());
      const box = await row.boundingBox();
      const cell = await this.page
        .locator(".terminal-wrapper.active .xterm-char-measure-element")
        .first()
        .boundingBox();
      if (!match || !box || !cell) return false;
      // The measured text is 32 letters wide.
      const width = cell.width / 32;
      const y = box.y + box.height / 2;
      await this.page.keyboard.down("Control");
      try {
        await this.page.mouse.move(box.x + (match.index + 2) * width, y);
        await this.page.mouse.move(box.x + (match.index + 3) * width, y);
        const pointer = this.page.locator(".terminal-wrapper.active .xterm-cursor-pointer");
        await eventually("the link to be found", async () => (await pointer.count()) > 0, 3000);
        await this.page.mouse.down();
        await this.page.mouse.up();
      } finally {
        await this.page.keyboard.up("Control");
      }
      return true;
    });
  }

  async close(): Promise<void> {
    const panel = this.page.locator(".part.panel");
    await eventually("the panel to close", async () => {
      if (!(await panel.isVisible())) return true;
      await this.page.keyboard.press("Control+J");
      await panel.waitFor({ state: "hidden", timeout: 3000 });
      return true;
    });
  }
}
