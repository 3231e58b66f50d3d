/** The page of the phase graph, in the side bar's view or in a tab. */
import { readFileSync } from "node:fs";
import type { Frame, Locator } from "playwright-core";
import { eventually } from "./eventually.ts";
import { exactly } from "./patterns.ts";
import type { Workbench } from "./workbench.ts";

const extensionId = "ocuroot-tools.ocuroot";

/** What is used of axe in the page. */
interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

export interface DrawnPhase {
  readonly name: string;
  /** Titles of its cards. */
  readonly cards: readonly string[];
}

/** A stop of the Tab key. */
export interface TabStop {
  readonly name: string;
  /** There is an outline around it. */
  readonly isMarked: boolean;
}

export class PhaseGraph {
  private constructor(
    private readonly workbench: Workbench,
    /** How VS Code calls the kind of webview: a view, or nothing for a tab. */
    private readonly purpose: "webviewView" | "",
  ) {}

  /** Shows the Phases view of the side bar. */
  static async show(workbench: Workbench): Promise<PhaseGraph> {
    await workbench.openActivity("Ocuroot");
    await workbench.tree("Phases").show();
    return new PhaseGraph(workbench, "webviewView");
  }

  /** The graph in an editor tab, which a command has opened. */
  static async inTab(workbench: Workbench): Promise<PhaseGraph> {
    const graph = new PhaseGraph(workbench, "");
    await graph.frame();
    return graph;
  }

  async phases(): Promise<DrawnPhase[]> {
    const frame = await this.frame();
    return frame.locator(".phases > .phase").evaluateAll((phases) =>
      phases.map((phase) => ({
        name: phase.querySelector(".phase-name")?.textContent ?? "",
        cards: [...phase.querySelectorAll(".card")].map((card) => card.querySelector(".title")?.textContent ?? ""),
      })),
    );
  }

  async waitFor(expected: readonly DrawnPhase[]): Promise<void> {
    const wanted = JSON.stringify(expected);
    let seen = "";
    await eventually(
      () => `the graph ${wanted}; it is ${seen}`,
      async () => {
        seen = JSON.stringify(await this.phases());
        return seen === wanted;
      },
    );
  }

  /** All words of the page. */
  async text(): Promise<string> {
    const text = await (await this.frame()).locator("#app").innerText();
    return text.replace(/\s+/g, " ");
  }

  async waitForText(pattern: RegExp): Promise<void> {
    let seen = "";
    await eventually(
      () => `the graph's page to say ${pattern}; it says: ${seen}`,
      async () => {
        seen = await this.text();
        return pattern.test(seen);
      },
    );
  }

  async waitForNoText(pattern: RegExp): Promise<void> {
    await eventually(`the graph's page not to say ${pattern}`, async () => !pattern.test(await this.text()));
  }

  /** Waits until every card is whole between the left and the right edge of the page, as in a column it has to be. */
  async waitUntilWhole(): Promise<void> {
    let cut: string[] = [];
    await eventually(
      () => `each card to be seen in its whole width; cut: ${cut.join(", ")}`,
      async () => {
        cut = await (await this.frame()).locator(".card").evaluateAll((cards) =>
          cards
            .filter((card) => {
              const { left, right } = card.getBoundingClientRect();
              return left < 0 || right > document.documentElement.clientWidth;
            })
            .map((card) => card.textContent ?? ""),
        );
        return cut.length === 0;
      },
    );
  }

  /** Words of a card's accessibility label: title, phase, status, inputs. */
  async cardLabel(title: string): Promise<string> {
    return (await (await this.card(title)).getAttribute("aria-label")) ?? "";
  }

  /** Clicks a card, which leads to its source. */
  async openCard(title: string): Promise<void> {
    await (await this.card(title)).locator(".title").click();
  }

  /** Presses a button of the toolbar or of its menus by its name. */
  async press(name: string): Promise<void> {
    await (await this.frame())
      .getByRole("button", { name })
      .or((await this.frame()).getByRole("menuitem", { name }))
      .first()
      .click();
  }

  /** Turns an overlay (critical path, new release, lines) or a list on or off by a part of its name. */
  async toggle(name: RegExp): Promise<void> {
    const button = (await this.frame()).getByRole("button", { name }).first();
    const state = () =>
      button.evaluate((each) => each.getAttribute("aria-pressed") ?? each.getAttribute("aria-expanded"));
    const before = await state();
    // A click goes nowhere when its button is made anew meanwhile.
    await eventually(`${name} to be switched`, async () => {
      if ((await state()) !== before) return true;
      await button.click({ timeout: 2000 });
      return eventually(`${name} to answer`, async () => (await state()) !== before, 2000);
    });
  }

  /** Opens the search box with the keyboard and looks for `words`; tells what the box says it found. */
  async find(words: string): Promise<string> {
    const frame = await this.frame();
    const input = frame.getByRole("textbox", { name: "Find work" });
    if (!(await input.isVisible())) {
      await frame.locator("li").first().focus();
      await frame.locator("li").first().press("/");
    }
    await input.fill(words);
    const count = frame.locator(".count-of");
    return eventually("a count of what was found", async () => (await count.textContent()) || undefined);
  }

  /** Presses a key in the search box. */
  async pressInSearch(key: string): Promise<void> {
    await (await this.frame()).getByRole("textbox", { name: "Find work" }).press(key);
  }

  /** Titles of the cards that the search has left bright. */
  async found(): Promise<string[]> {
    return (await this.frame()).locator(".card.found .title").allTextContents();
  }

  /** Ticks or clears an entry of the environment menu. */
  async chooseEnvironments(label: string, shown: boolean): Promise<void> {
    const frame = await this.frame();
    const menu = frame.locator(".menu.environments");
    if (!(await menu.isVisible())) await frame.getByRole("button", { name: /^Choose environments/ }).click();
    await menu.locator("label").filter({ hasText: label }).first().locator("input").setChecked(shown);
  }

  async closeMenu(): Promise<void> {
    const frame = await this.frame();
    await frame.locator(".menu:popover-open").first().press("Escape");
    await frame.locator(".menu:popover-open").waitFor({ state: "detached" });
  }

  /** Unfolds a folded phase, by what its card says. */
  async expand(text: RegExp): Promise<void> {
    await (await this.frame()).locator(".card.group").filter({ hasText: text }).first().click();
  }

  async waitForMinimap(): Promise<void> {
    await (await this.frame()).locator(".minimap").waitFor();
  }

  /** Scrolls and zooms all over the graph; milliseconds of each frame meanwhile, in order of size. */
  async frameTimes(): Promise<number[]> {
    return (await this.frame()).evaluate(async () => {
      const frame = document.querySelector<HTMLElement>(".frame")!;
      // No functions with names of their own: what the loader of these tests adds for names is not in the page.
      const times: number[] = [];
      let last = await new Promise<number>(requestAnimationFrame);
      for (let at = 0; at < 60; at++) {
        const part = at / 47;
        const deltaY = at < 54 ? 20 : -20;
        if (at < 48) frame.scrollTo(part * frame.scrollWidth, part * frame.scrollHeight);
        else frame.dispatchEvent(new WheelEvent("wheel", { deltaY, ctrlKey: true, cancelable: true }));
        const now = await new Promise<number>(requestAnimationFrame);
        times.push(now - last);
        last = now;
      }
      return times.sort((a, b) => a - b);
    });
  }

  /** What axe finds wrong with the page, as `rule: element` lines. */
  async accessibilityFaults(): Promise<string[]> {
    const frame = await this.frame();
    await frame.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    // What is behind the page belongs to the window, and the page's own frame does not know it.
    await frame.evaluate(() => document.body.style.setProperty("background", "var(--vscode-editor-background)"));
    const { violations } = await frame.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run());
    return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 200)}`));
  }

  /** Names of switches that are on without an outline around them. */
  async switchesWithoutOutline(): Promise<string[]> {
    return (await this.frame())
      .locator('[aria-pressed="true"]:visible')
      .evaluateAll((all) =>
        all
          .filter((each) => ["none", "0px"].some((no) => getComputedStyle(each).outline.includes(no)))
          .map((each) => each.getAttribute("aria-label") ?? ""),
      );
  }

  /** Waits until every button that is shown is wholly between the left and the right edge of the page. */
  async waitForButtonsInView(): Promise<void> {
    let cut: string[] = [];
    await eventually(
      () => `each button to be in view; cut: ${cut.join(", ")}`,
      async () => {
        cut = await (await this.frame()).locator(".toolbar button:visible").evaluateAll((all) =>
          all
            .filter((each) => {
              const { left, right } = each.getBoundingClientRect();
              return left < 0 || right > document.documentElement.clientWidth;
            })
            .map((each) => each.getAttribute("aria-label") ?? each.textContent ?? ""),
        );
        return cut.length === 0;
      },
    );
  }

  /** Gives the keyboard to the first thing on the page that takes it. */
  async focusFirst(): Promise<void> {
    await (await this.frame()).locator("#app button:visible").first().focus();
  }

  /** Gives the keyboard to a button of the page. */
  async focusButton(name: RegExp): Promise<void> {
    await (await this.frame()).getByRole("button", { name }).first().focus();
  }

  /** Presses Tab from where the focus is to the end of the page; tells of each stop how it is called and whether it is marked. */
  async tabStops(): Promise<TabStop[]> {
    const frame = await this.frame();
    const stops: TabStop[] = [];
    const read = () =>
      frame.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body || !document.hasFocus()) return { name: undefined, isMarked: false };
        const name = element.getAttribute("aria-label") ?? element.getAttribute("title") ?? element.textContent ?? "";
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return { name: name.trim(), isMarked: outlineStyle !== "none" && outlineWidth !== "0px" };
      });
    for (let left = 60; left > 0; left--) {
      const { name, isMarked } = await read();
      if (name === undefined || stops.some((each) => each.name === name)) break;
      stops.push({ name, isMarked });
      await this.workbench.page.keyboard.press("Tab");
      // The key takes its way through the window: the page may still stand where it stood.
      await eventually(`the focus to leave ${name}`, async () => (await read()).name !== name);
    }
    return stops;
  }

  /** What the menu key does: this browser sends no event for it. */
  async openMenuOfFocus(): Promise<void> {
    await (await this.frame()).evaluate(() => {
      const { left, top } = document.activeElement!.getBoundingClientRect();
      const where = { bubbles: true, cancelable: true, clientX: left + 20, clientY: top + 10 };
      document.activeElement!.dispatchEvent(new MouseEvent("contextmenu", where));
    });
  }

  /** Elements that move by themselves. */
  async movingParts(): Promise<string[]> {
    const frame = await this.frame();
    return frame.evaluate(() =>
      [...document.querySelectorAll("*")]
        .filter((each) => {
          const { animationName, transitionDuration } = getComputedStyle(each);
          return animationName !== "none" || !/^0s(, 0s)*$/.test(transitionDuration);
        })
        .map((each) => each.outerHTML.slice(0, 100)),
    );
  }

  /** Name of the element that has the keyboard's focus. */
  private async focused(): Promise<string> {
    return (await this.frame()).evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    });
  }

  async waitForFocus(pattern: RegExp): Promise<void> {
    let seen = "";
    await eventually(
      () => `the focus on ${pattern}; it is on: ${seen}`,
      async () => {
        seen = await this.focused();
        return pattern.test(seen);
      },
    );
  }

  private async card(title: string): Promise<Locator> {
    const frame = await this.frame();
    return frame.locator(".card").filter({ has: frame.locator(".title", { hasText: exactly(title) }) });
  }

  private frame(): Promise<Frame> {
    return this.workbench.webview(
      extensionId,
      this.purpose,
      async (frame) => (await frame.locator("#app > *").count()) > 0,
    );
  }
}
