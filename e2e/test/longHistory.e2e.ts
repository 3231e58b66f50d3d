import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { failRelease, writeLongHistory } from "../src/longHistory.ts";
import { copyRepository, openRepository } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

describe("A file with ten thousand releases", () => {
  const file = "release.ocu.star";
  let folder: string;
  let workbench: Workbench;
  let releases: TreeView;

  story();
  before(async function () {
    this.timeout(240_000);
    folder = copyRepository("seed");
    writeLongHistory(folder, "myapp", file, 10_000);
    ({ workbench, releases } = await openRepository(folder));
    for (const view of ["Phases", "Approvals & Inputs"]) await workbench.tree(view).hide();
  });

  it("shows the newest few, and counts the rest", async () => {
    await releases.waitFor(/^ {2}release\.ocu\.star {2}r10000 done/, 60_000);
    await releases.expand(/^ {2}release\.ocu\.star/);
    await releases.waitFor(/^ {4}9995 more$/);
    await workbench.screenshot("history-first");
  });

  it("shows older ones page by page, from the keyboard too", async () => {
    await releases.click(/^ {4}9995 more$/);
    await releases.pressUntil("End", /^ {4}9945 more$/);
    await releases.press("ArrowUp"); // The last line is another file.
    await releases.press("Enter");
    await releases.pressUntil("End", /^ {4}9895 more$/);
    assert.ok((await releases.lines()).some((line) => /^ {4}r9896 /.test(line)));
    await workbench.screenshot("history-older");
  });

  it("reads all that is shown again when somebody refreshes, though nothing told of a change", async () => {
    const release = `myapp/-/${file}/@r9896`;
    rmSync(join(folder, ".ocuroot/store/state/refs", release, "task/build/1/status/complete"), { recursive: true });
    failRelease(folder, release);
    await workbench.runCommand("Ocuroot: Refresh Releases");
    await releases.pressUntil("End", /^ {4}r9896 .*task\/build failed/);
  });
});
