import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { commitAll, copyRepository, openRepository, release, run } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

/** Work that says what it waits for, and what came of it. */
const gate = `ocuroot("0.3.0")

def check():
    print("checking")
    return next(publish, inputs={"ok": ref("./custom/ok")}, annotation="a person must look at it")

def publish(ok):
    return done(outputs={"n": 1}, annotation="published in three regions")

task(check, name="check")
`;

describe("What stands beside the source", () => {
  const database = "database/release.ocu.star";
  let folder: string;
  let workbench: Workbench;
  let releases: TreeView;

  story();
  before(async () => {
    folder = copyRepository("shop");
    writeFileSync(join(folder, "gate.ocu.star"), gate);
    commitAll(folder, "A gate");
    ({ workbench, releases } = await openRepository(folder));
  });

  /** Waits for lenses in the editor groups that have not the focus. */
  async function waitForLenses(pattern: RegExp): Promise<void> {
    const groups = workbench.page.locator(".editor-group-container:not(.active) .codelens-decoration");
    let seen = "";
    await eventually(
      () => `lenses with ${pattern}; there are: ${seen}`,
      async () => {
        seen = (await groups.allTextContents()).join(" | ").replace(/\u00a0/g, " ");
        return pattern.test(seen);
      },
    );
  }

  it("follows state in an editor that has not the focus", async () => {
    release(folder, "environments.ocu.star");
    await workbench.editor.open(database);
    await workbench.editor.waitForText(/New release/);
    await workbench.runCommand("View: Split Editor Right");
    await workbench.editor.open("gate.ocu.star");
    await waitForLenses(/Run…/);
    release(folder, database);
    await waitForLenses(/✓ r1 done/);
    await workbench.screenshot("live-lenses");
  });

  it("is up to date in an editor that was behind another one", async () => {
    await workbench.runCommand("View: Close All Editors");
    await workbench.editor.open(database);
    await workbench.editor.waitForText(/✓ r1 done/);
    // Behind it: the first file is still open, but not on the screen.
    await workbench.editor.open("gate.ocu.star");
    await workbench.editor.save();
    run(folder, "release", "new", database, "--force");
    await releases.waitFor(/database\/release\.ocu\.star .*r2 needs approval/);
    await workbench.editor.open(database);
    await workbench.editor.waitForText(/✓ r2 done/);
  });

  it("tells in the tree what work says of what it waits for, and of its result", async () => {
    release(folder, "gate.ocu.star");
    await releases.waitFor(/^ +check {2}needs ok · a person must look at it$/);
    run(folder, "state", "set", "gate.ocu.star/@r1/custom/ok", "yes");
    run(folder, "work", "continue");
    await releases.waitFor(/gate\.ocu\.star {2}r1 done/);
    await releases.expand(/^ {2}gate\.ocu\.star/);
    // Not the other file's r1, which alone is there until the lines below the first have come.
    await releases.expand(/^ {4}r1 {2}[\d.]+ s/);
    await releases.waitFor(/^ +check {2}[\d.]+ s · published in three regions$/);
  });
});
