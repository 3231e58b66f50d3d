import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { copyRepository, ocuroot, openRepository, ownEditor, release } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

describe("A workspace of two repositories", () => {
  let shop: string;
  let seed: string;
  let workbench: Workbench;
  let releases: TreeView;

  story();
  before(async () => {
    shop = copyRepository("shop");
    seed = copyRepository("seed");
    release(shop, "environments.ocu.star");
    const workspace = join(dirname(shop), "both.code-workspace");
    writeFileSync(workspace, JSON.stringify({ folders: [{ path: shop }, { path: seed }], settings: {} }));
    // A served VS Code in whose browser other windows were closed shows a workspace file without its folders.
    ({ workbench, releases } = await openRepository(workspace, { editor: await ownEditor() }));
  });

  it("shows the releases of both, each under its repository", async () => {
    await releases.waitFor(/^shop/);
    await releases.waitFor(/^myapp/);
    await workbench.screenshot("two-repositories");
    await releases.waitFor(/^ +environments\.ocu\.star {2}not released yet/);
    await releases.waitFor(/^ +environments\.ocu\.star .*r1 done/);
  });

  it("asks which file to release by the names of both", async () => {
    await workbench.runCommand("Ocuroot: New Release");
    await eventually("a file of the same name in each", async () => {
      const lines = await workbench.quickInput.rows().allInnerTexts();
      const same = lines
        .map((line) => line.replace(/\s+/g, " "))
        .filter((line) => /environments\.ocu\.star/.test(line));
      return same.length === 2 && ["shop", "myapp"].every((name) => same.some((line) => line.includes(`${name} · `)));
    });
    await workbench.screenshot("two-repositories-pick");
    await workbench.quickInput.dismiss();
  });

  it("releases the file that is open, in its own repository", async () => {
    await workbench.quickInput.openFile("seed/environments.ocu.star");
    await workbench.runCommand("Ocuroot: New Release");
    await eventually("both to be released", async () => {
      const lines = await releases.lines();
      return lines.filter((line) => /environments\.ocu\.star .*r1 done/.test(line)).length === 2;
    });
    assert.match(
      ocuroot(seed, "state", "match", "@/environment/*").output,
      /^@\/environment\/production\n@\/environment\/staging\n$/,
    );
    assert.equal(ocuroot(shop, "state", "get", "@/environment/staging").status, 1);
  });

  it("follows both stores", async () => {
    release(shop, "database/release.ocu.star");
    await releases.waitFor(/database\/release\.ocu\.star .*r1 needs approval/);
    const approvals = workbench.tree("Approvals & Inputs");
    await approvals.show();
    await approvals.waitFor(/database\/release\.ocu\.star/);
  });
});
