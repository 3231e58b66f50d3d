import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eventually } from "../src/eventually.ts";
import type { Editor } from "../src/launch.ts";
import { copyRepository, ocuroot, ownEditor } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import { Workbench } from "../src/workbench.ts";
import { stopAfterFailure } from "./steps.ts";

describe("A workspace of two repositories", () => {
  let editor: Editor;
  let shop: string;
  let seed: string;
  let workbench: Workbench;
  let releases: TreeView;

  stopAfterFailure();
  before(async () => {
    shop = copyRepository("shop");
    seed = copyRepository("seed");
    assert.equal(ocuroot(shop, "release", "new", "environments.ocu.star").status, 0);
    const workspace = join(dirname(shop), "both.code-workspace");
    writeFileSync(workspace, JSON.stringify({ folders: [{ path: shop }, { path: seed }], settings: {} }));
    // A served VS Code in whose browser other windows were closed shows a workspace file without its folders.
    editor = await ownEditor();
    workbench = await Workbench.open(editor, workspace, { trust: true });
    releases = workbench.tree("Releases");
    await workbench.openActivity("Ocuroot");
  });
  after(async () => {
    await workbench?.close();
    await editor?.close();
  });

  it("shows the releases of both, each under its repository", async () => {
    await releases.waitFor(/^shop/);
    await releases.waitFor(/^myapp/);
    await workbench.screenshot("two-repositories");
    await releases.waitFor(/^ +environments\.ocu\.star {2}not released yet/);
    await releases.waitFor(/^ +environments\.ocu\.star .*r1 done/);
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
    assert.equal(ocuroot(shop, "release", "new", "database/release.ocu.star").status, 0);
    await releases.waitFor(/database\/release\.ocu\.star .*r1 needs approval/);
    const approvals = workbench.tree("Approvals & Inputs");
    await approvals.show();
    await approvals.waitFor(/database\/release\.ocu\.star/);
  });
});
