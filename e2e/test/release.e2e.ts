import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { copyRepository, ocuroot, sharedEditor } from "../src/session.ts";
import { type ThemeKind, themes, Workbench } from "../src/workbench.ts";

describe("A release of the shop", () => {
  const file = "frontend/release.ocu.star";
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = copyRepository("shop");
    run("release", "new", "environments.ocu.star");
    run("release", "new", "database/release.ocu.star");
    workbench = await Workbench.open(await sharedEditor(), folder, { trust: true });
  });
  after(() => workbench?.close());

  function run(...args: string[]): void {
    const { status, output } = ocuroot(folder, ...args);
    assert.equal(status, 0, `ocuroot ${args.join(" ")}:\n${output}`);
  }

  it("waits for an approval, which the editor gives", async () => {
    await workbench.openActivity("Ocuroot");
    const approvals = workbench.tree("Approvals & Inputs");
    await approvals.show();
    await approvals.waitFor(/database\/release\.ocu\.star/);
    await workbench.screenshot("shop-approval");
    await approvals.clickAction(/approval/, "Approve");
    await workbench.tree("Releases").waitFor(/database\/release\.ocu\.star .*r1 done/);
  });

  it("is started from the palette and fails in one region", async () => {
    run("release", "new", "backend/release.ocu.star");
    await workbench.editor.open(file);
    await workbench.runCommand("Ocuroot: New Release");
    await workbench.panels.waitForTerminal(/quota exceeded/);
    await workbench.notification(/us failed: .*quota exceeded/).waitFor();
    const releases = workbench.tree("Releases");
    await releases.waitFor(/r1 .*deploy\/us failed/);
    assert.ok(existsSync(join(folder, ".cloud", "eu", "frontend")), "the other regions were deployed");
    assert.ok(!existsSync(join(folder, ".cloud", "us", "frontend")));
  });

  it("is shown in every theme", async () => {
    for (const theme of Object.keys(themes) as ThemeKind[]) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`shop-failed-${theme}`);
    }
    await workbench.setTheme("dark");
  });

  it("is retried from the tree and completes", async () => {
    await workbench.tree("Releases").clickAction(/r1 .*failed/, "Retry Release");
    await workbench.tree("Releases").waitFor(/frontend\/release\.ocu\.star .*r1 done/);
    assert.ok(existsSync(join(folder, ".cloud", "us", "frontend")));
    await workbench.screenshot("shop-complete-dark");
  });

  it("is followed when it was started by hand in a terminal", async () => {
    await workbench.runCommand("Terminal: Create New Terminal");
    await workbench.panels.typeInTerminal(`ocuroot release new ${file} --force`);
    await workbench.tree("Releases").waitFor(/frontend\/release\.ocu\.star .*r2 (running|done)/);
    await workbench.tree("Releases").waitFor(/frontend\/release\.ocu\.star .*r2 done/);
    await workbench.screenshot("shop-terminal");
  });
});
