import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { commitAll, copyRepository, ocuroot, openRepository, release } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import { type ThemeKind, themes, type Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

describe("Views of a crowded repository", () => {
  const file = "release.ocu.star";
  let folder: string;
  let workbench: Workbench;
  let releases: TreeView;
  let graph: PhaseGraph;

  story();
  before(async () => {
    folder = copyRepository("hundred");
    const path = join(folder, file);
    const text = readFileSync(path, "utf8").replace(
      '    host.shell("echo {} gets',
      `    host.shell("test {} != store-27 || (printf '\\\\033[31mthe till of store-27 does not answer\\\\033[0m\\\\n' >&2; exit 1)".format(environment["name"]))\n    host.shell("echo {} gets`,
    );
    writeFileSync(path, text);
    commitAll(folder, "One store fails");
    release(folder, "environments.ocu.star");
    assert.equal(ocuroot(folder, "release", "new", file).status, 1);
    ({ workbench, releases } = await openRepository(folder));
  });

  it("tell the one failure among a hundred pieces of work", async () => {
    await workbench.editor.open(file);
    await releases.waitFor(/release\.ocu\.star .*r1 failed/);
    await releases.waitFor(/fleet .*1 of 80 failed/);
    await releases.waitFor(/^ +store-/);
    const [first = ""] = (await releases.lines()).filter((line) => /^ +store-/.test(line));
    assert.match(first, /store-27 {2}the till of store-27 does not answer/, "what failed comes first");
    await workbench.screenshot("crowded");
  });

  it("fold large phases, and name what failed on the folded card", async () => {
    await releases.hide();
    graph = await PhaseGraph.show(workbench);
    await graph.waitForText(/80 deploys/);
    await graph.waitForText(/store-27: the till of store-27 does not answer/);
    await workbench.screenshot("crowded-side-bar");
    await graph.press("r1 failed");
    await graph.waitForFocus(/80 deploys in phase fleet.*1 failed/);
    await workbench.runCommand("Ocuroot: Preview Phases");
    graph = await PhaseGraph.inTab(workbench);
    await workbench.runCommand("View: Toggle Maximize Editor Group");
    await workbench.screenshot("crowded-graph");
  });

  it("have no fault that axe finds, in any theme", async () => {
    for (const theme of Object.keys(themes) as ThemeKind[]) {
      await workbench.setTheme(theme);
      assert.deepEqual(await graph.accessibilityFaults(), [], theme);
    }
    await workbench.setTheme("dark");
  });

  it("are exported as SVG, PNG and Mermaid", async () => {
    for (const [entry, ending, head] of [
      ["SVG drawing", "svg", "<svg"],
      ["PNG image", "png", "PNG"],
      ["Mermaid text", "mmd", "flowchart LR"],
    ] as const) {
      await graph.press("Export as SVG, PNG or Mermaid");
      await graph.press(entry);
      const path = join(folder, `release.${ending}`);
      await workbench.quickInput.waitForValue(path);
      await workbench.quickInput.accept();
      await eventually(`${path} to be written`, async () => readFileSync(path, "latin1").slice(0, 40).includes(head));
      await workbench.runCommand("Notifications: Clear All Notifications");
    }
    await workbench.editor.closeTab();
  });

  it("open the log of a whole release, one part for each piece of work", async () => {
    await releases.show();
    await releases.clickAction(/^ {4}r1 .*failed/, "Show Log");
    // It opens at what failed; the colours that were printed are no part of the text.
    await workbench.editor.waitForText(
      /── deploy store-27 · failed · [\d.]+ s ──\nthe till of store-27 does not answer.*\n\n✗ failed: /,
    );
    const printedRed = workbench.page.locator(".view-line span", { hasText: /^the.till.of.store-$/ }).last();
    await eventually("the line to be red, as it was printed", async () => {
      return (await printedRed.evaluate((span) => getComputedStyle(span).color)) === "rgb(205, 49, 49)";
    });
    await workbench.screenshot("crowded-log");
    await workbench.editor.closeTab();
  });

  it("ask before a retry when another commit is checked out", async () => {
    writeFileSync(join(folder, "NOTES"), "moved on\n");
    commitAll(folder, "Something else");
    await releases.clickAction(/^ {4}r1 .*failed/, "Retry Release");
    await workbench.page.locator(".monaco-dialog-box").waitFor();
    await workbench.screenshot("retry-moved-on");
    await workbench.answerDialog(/r1 of release\.ocu\.star was made from commit/, "Cancel");
    assert.ok(!(await workbench.panels.terminalText()).includes("retry"));
  });

  it("retry with the release's own commit in a worktree, and leave the checkout alone", async () => {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
    const [head, then] = [git("rev-parse", "HEAD"), git("rev-parse", "--short=7", "HEAD~1")];
    await releases.clickAction(/^ {4}r1 .*failed/, "Retry Release");
    await workbench.answerDialog(/A worktree has the files of/, `Retry in a Worktree of ${then}`);
    await workbench.panels.waitForTerminal(/r1 failed[\s\S]*the till of store-27 does not answer/);
    await eventually("the worktree to go", () => git("worktree", "list").split("\n").length === 1);
    assert.equal(git("rev-parse", "HEAD"), head);
    await workbench.panels.close();
  });
});
