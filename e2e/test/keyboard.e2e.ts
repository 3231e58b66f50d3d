import assert from "node:assert/strict";
import { eventually } from "../src/eventually.ts";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { copyRepository, ocuroot, openRepository, release, run } from "../src/session.ts";
import { type ThemeKind, themes, type Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

/** The graph by keyboard alone, as a person without a mouse or with a screen reader uses it. */
describe("The phase graph without a mouse", () => {
  const file = "frontend/release.ocu.star";
  let workbench: Workbench;
  let graph: PhaseGraph;

  story();
  before(async () => {
    const folder = copyRepository("shop");
    release(folder, "environments.ocu.star", "database/release.ocu.star", "backend/release.ocu.star");
    run(folder, "state", "set", "-f", "json", "database/release.ocu.star/@r1/custom/approval", "true");
    run(folder, "work", "continue");
    assert.equal(ocuroot(folder, "release", "new", file).status, 1);
    ({ workbench } = await openRepository(folder, { file }));
    await workbench.runCommand("Ocuroot: Preview Phases");
    graph = await PhaseGraph.inTab(workbench);
    await workbench.runCommand("View: Toggle Maximize Editor Group");
    await graph.waitForText(/r1 failed/);
  });

  const press = (key: string) => workbench.page.keyboard.press(key);

  const waitForFocus = (pattern: RegExp) => graph.waitForFocus(pattern);

  it("is walked through with Tab: everything that can be pressed has a name, and its focus is seen", async () => {
    await graph.focusFirst();
    const stops = await graph.tabStops();
    assert.deepEqual(
      stops.filter(({ name, isMarked }) => name === "" || !isMarked),
      [],
      "without a name, or with a focus that is not seen",
    );
    const names = stops.map(({ name }) => name).join(" | ");
    for (const each of [
      /r1 failed/,
      /Retry/,
      /Find work/,
      /Choose environments/,
      /all inputs as lines/,
      /critical path/,
      /new release would do/,
      /What if/,
      /Zoom out/,
      /Zoom in/,
      /Fit the graph/,
      /Export as/,
      /task build\. done/,
    ])
      assert.match(names, each);
  });

  it("leads from the news to the card, and from card to card with the arrows", async () => {
    await graph.focusButton(/r1 failed/);
    await press("Enter");
    await waitForFocus(/^deploy us\b.*production.*failed/);
    await press("ArrowUp");
    await waitForFocus(/^deploy eu\b.*production/);
    await press("Home");
    await waitForFocus(/^deploy asia\b/);
    await press("ArrowLeft");
    await waitForFocus(/^deploy eu-test\b/);
    await press("End");
    await waitForFocus(/^deploy us-test\b/);
    await press("ArrowLeft");
    await waitForFocus(/^task build/);
    await press("ArrowRight");
    await press("ArrowRight");
    await press("End");
    await waitForFocus(/^deploy us\b/);
    // What comes from another file is a stop of its own within the card that has the focus.
    await press("Tab");
    await waitForFocus(/^Input backend_url from backend\/release\.ocu\.star: open that file/);
  });

  it("has the card's actions on keys and in its menu", async () => {
    const menu = workbench.page.locator(".monaco-menu");
    let entries = "";
    await eventually(
      () => `the card's menu; it has: ${entries}`,
      async () => {
        if (!(await menu.isVisible())) await graph.openMenuOfFocus();
        await menu.waitFor({ timeout: 3000 });
        entries = (await menu.locator(".action-label").allInnerTexts()).join(" | ");
        return [/Retry Release/, /Show Log/, /Run Function/, /Copy Ref/].every((each) => each.test(entries));
      },
    );
    await workbench.screenshot("keyboard-menu");
    await press("Escape");
    await menu.waitFor({ state: "hidden" });
    await graph.focusButton(/r1 failed/);
    await press("Enter");
    await waitForFocus(/^deploy us\b/);
    await press("l");
    await workbench.editor.waitForText(/quota exceeded in region us-east-1/);
    await workbench.editor.closeTab();
  });

  it("shows and hides what it can show with single keys, and zooms", async () => {
    await graph.focusButton(/r1 failed/);
    await press("Enter");
    for (const [key, words] of [
      ["c", /critical path/],
      ["n", /A release made now would/],
    ] as const) {
      await press(key);
      await graph.waitForText(words);
      await press(key);
      await graph.waitForNoText(words);
    }
    await press("+");
    await graph.waitForText(/120%/);
    await press("0");
    await graph.waitForText(/100%/);
  });

  it("goes into search, lists and menus, and back out with Escape to where it was", async () => {
    await graph.focusButton(/r1 failed/);
    await press("Enter");
    await press("/");
    await waitForFocus(/Find work by name/);
    await workbench.page.keyboard.type("eu");
    await graph.waitForText(/2 found/);
    await press("Enter");
    await press("Escape");
    await waitForFocus(/^deploy eu/);

    await graph.focusButton(/^Export as/);
    await press("Enter");
    await waitForFocus(/SVG drawing/);
    await press("ArrowDown");
    await waitForFocus(/PNG image/);
    await press("End");
    await waitForFocus(/Mermaid text/);
    await press("Escape");
    await waitForFocus(/^Export as/);

    await graph.focusButton(/^Choose environments/);
    await press("Enter");
    await press("ArrowDown");
    await press("Space");
    await graph.waitForText(/of 5 environments/);
    await press("Space");
    await graph.waitForNoText(/of 5 environments/);
    await press("Escape");
    await waitForFocus(/^Choose environments/);
  });

  it("has no fault that axe finds with a menu open, with an error, and empty, in any theme", async () => {
    const check = async (what: string) => {
      for (const theme of Object.keys(themes) as ThemeKind[]) {
        await workbench.setTheme(theme);
        assert.deepEqual(await graph.accessibilityFaults(), [], `${what}, ${theme}`);
      }
      await workbench.setTheme("dark");
    };
    await graph.focusButton(/^Choose environments/);
    await press("Enter");
    await check("menu");
    await press("Escape");
    await workbench.runCommand("View: Toggle Maximize Editor Group");
    await workbench.editor.closeTab();
    graph = await PhaseGraph.show(workbench);
    await workbench.editor.focus(file);
    await workbench.editor.goTo(1, 1);
    await workbench.editor.insert("task(");
    await graph.waitForText(/This is the last good graph/);
    await check("error");
    await workbench.editor.press("Control+Z");
    await workbench.editor.open("environments.ocu.star");
    await graph.waitForText(/This file has no work/);
    await check("empty");
  });

  it("does not move by itself where motion is to be reduced", async () => {
    await workbench.editor.open(file);
    await graph.waitForText(/r1 failed/);
    assert.deepEqual(await graph.movingParts(), []);
  });

  it("says all that colours say where the system has colours of its own", async () => {
    await workbench.runCommand("Ocuroot: Preview Phases");
    graph = await PhaseGraph.inTab(workbench);
    await workbench.runCommand("View: Toggle Maximize Editor Group");
    await graph.toggle(/critical path/);
    await graph.waitForText(/of the critical path/);
    await workbench.setTheme("high-contrast");
    await workbench.page.emulateMedia({ forcedColors: "active" });
    assert.deepEqual(await graph.accessibilityFaults(), []);
    assert.deepEqual(await graph.switchesWithoutOutline(), [], "what is switched on is marked by more than its ground");
    await workbench.screenshot("keyboard-forced-colours");
    await workbench.page.emulateMedia({ forcedColors: "none" });
    await workbench.setTheme("dark");
    await graph.toggle(/critical path/);
  });

  it("has room for everything at twice the size", async () => {
    const { width, height } = workbench.page.viewportSize() ?? { width: 1400, height: 900 };
    await workbench.page.setViewportSize({ width: width / 2, height: height / 2 });
    await graph.waitForButtonsInView();
    await workbench.screenshot("keyboard-zoomed");
    assert.deepEqual(await graph.accessibilityFaults(), []);
    await workbench.page.setViewportSize({ width, height });
  });
});
