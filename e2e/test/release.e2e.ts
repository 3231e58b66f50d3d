import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { copyRepository, openRepository, release, run } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import { type ThemeKind, themes, type Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

describe("A release of the shop", () => {
  const file = "frontend/release.ocu.star";
  let folder: string;
  let workbench: Workbench;
  let releases: TreeView;

  story();
  before(async () => {
    folder = copyRepository("shop");
    release(folder, "environments.ocu.star", "database/release.ocu.star");
    ({ workbench, releases } = await openRepository(folder));
  });

  it("waits for an approval, which the editor gives", async () => {
    const approvals = workbench.tree("Approvals & Inputs");
    await approvals.show();
    await workbench.tree("Phases").hide();
    await approvals.waitFor(/database\/release\.ocu\.star/);
    await releases.waitFor(/database\/release\.ocu\.star .*needs approval/);
    await workbench.screenshot("shop-approval");
    assert.ok((await releases.actions(/database\/release\.ocu\.star/)).some((each) => /^Approve/.test(each)));
    await approvals.clickAction(/approval/, "Approve");
    // Production is asked about once more; then it is one step.
    await workbench.answerDialog(/Approve r1 of database\/release\.ocu\.star.*production: asia, eu, us/, "Approve");
    await releases.waitFor(/database\/release\.ocu\.star .*r1 done/);
    await approvals.hide();
  });

  it("is started from the palette and fails in one region", async () => {
    release(folder, "backend/release.ocu.star");
    await workbench.editor.open(file);
    await workbench.runCommand("Ocuroot: New Release");
    await workbench.panels.waitForTerminal(/quota exceeded/);
    await workbench.notification(/us failed: .*quota exceeded/).waitFor();
    await releases.waitFor(/frontend\/release\.ocu\.star .*r1 failed/);
    await releases.waitFor(/^ +us .*quota exceeded/);
    assert.ok(existsSync(join(folder, ".cloud", "eu", "frontend")), "the other regions were deployed");
    assert.ok(!existsSync(join(folder, ".cloud", "us", "frontend")));
  });

  it("shows the log of what failed", async () => {
    // VS Code forgets a row's command while it draws the tree anew: a click at that moment does nothing.
    await eventually("the log to open", async () => {
      await releases.click(/^ +us .*quota exceeded/);
      await workbench.editor.waitForText(/uploading frontend:1 to us.*\n.*quota exceeded in region us-east-1/, 3000);
      return true;
    });
    await workbench.editor.waitForText(/✗ failed: .*exit status 1/);
    await workbench.editor.waitForText(/frontend\/release\.ocu\.star:23:15 in up/);
    assert.equal(await workbench.notification(/command not found/).count(), 0);
    await workbench.screenshot("shop-log");
    await workbench.editor.closeTab();
  });

  it("is shown in every theme", async () => {
    await inEveryTheme("shop-failed");
    await workbench.panels.close();
    await workbench.runCommand("Notifications: Clear All Notifications");
    await workbench.runCommand("Ocuroot: Preview Phases");
    const graph = await PhaseGraph.inTab(workbench);
    await workbench.runCommand("View: Toggle Maximize Editor Group");
    await graph.waitForText(/r1 failed/);
    assert.match(await graph.cardLabel("us"), /failed.*quota exceeded/);
    assert.match(await graph.cardLabel("build"), /previous_build 0/, "what the run got, not what it made");
    await graph.waitForText(/Retry/);
    await inEveryTheme("shop-graph");
    await workbench.editor.closeTab();
  });

  async function inEveryTheme(name: string): Promise<void> {
    for (const theme of Object.keys(themes) as ThemeKind[]) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`${name}-${theme}`);
    }
    await workbench.setTheme("dark");
  }

  it("is retried from the tree and completes", async () => {
    await releases.clickAction(/^ {4}r1 .*failed/, "Retry Release");
    await releases.waitFor(/frontend\/release\.ocu\.star .*r1 done/);
    assert.ok(existsSync(join(folder, ".cloud", "us", "frontend")));
    await workbench.screenshot("shop-complete");
  });

  it("is seen in its environments", async () => {
    await releases.hide();
    const environments = workbench.tree("Environments");
    await environments.show();
    await environments.waitFor(/^us /);
    await environments.expand(/^us /);
    await environments.waitFor(/^ +frontend\/release\.ocu\.star .*r1/);
    await workbench.screenshot("shop-environments");
    await environments.hide();
    await releases.show();
  });

  it("is followed when it was started by hand in a terminal", async () => {
    await workbench.panels.openTerminal();
    await workbench.panels.typeInTerminal(`ocuroot release new ${file} --force`);
    await releases.waitFor(/frontend\/release\.ocu\.star .*r2 done/);
    await workbench.editor.waitForText(/r2 done/); // The lenses beside the work.
    await workbench.screenshot("shop-terminal");
  });

  it("goes on with Work: Cascade, after a dry run", async () => {
    run(folder, "release", "new", "database/release.ocu.star", "--force");
    run(folder, "state", "set", "database/release.ocu.star/@r2/custom/approval", "true");
    await workbench.runCommand("Ocuroot: Work: Cascade…");
    await workbench.quickInput
      .rows()
      .filter({ hasText: /Do th(is|ese)/ })
      .waitFor();
    const lines = await workbench.quickInput.labels();
    await workbench.screenshot("work-dry-run");
    assert.ok(
      lines.some((each) => each.includes("database/release.ocu.star/@r2")),
      lines.join(" | "),
    );
    await releases.waitFor(/database\/release\.ocu\.star .*r2 needs approval/);
    await workbench.quickInput.accept();
    await releases.waitFor(/database\/release\.ocu\.star .*r2 done/);
  });
});
