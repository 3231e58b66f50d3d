import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { copyRepository, sharedEditor } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";

describe("Completion inside ref strings", () => {
  const file = "release.ocu.star";
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open(await sharedEditor(), copyRepository("seed"), { trust: true });
    await workbench.editor.open(file);
  });
  after(() => workbench?.close());

  /** Writes `ref` in place of the first ref to the tag, and leaves the cursor at its end. */
  async function writeRef(ref: string): Promise<void> {
    const lines = readFileSync(join(workbench.folder, file), "utf8").split("\n");
    await workbench.editor.goTo(1 + lines.findIndex((line) => line.includes('"tag": input(ref="')), 1);
    await workbench.editor.press("Home", "Shift+End");
    await workbench.editor.insert(`"tag": input(ref="${ref}"),`);
    await workbench.editor.press("ArrowLeft", "ArrowLeft", "ArrowLeft");
  }

  it("offers the outputs of a call", async () => {
    await writeRef("./call/build#output/");
    const labels = await workbench.editor.complete();
    assert.ok(labels.includes("tag") && labels.includes("build_number"), `offered: ${labels.join(", ")}`);
    await workbench.screenshot("refs-complete-output");
    await workbench.editor.acceptCompletion("tag");
    assert.match(await workbench.editor.visibleText(), /"tag": input\(ref="\.\/call\/build#output\/tag"\),/);
  });

  it("offers the environments of a deployment", async () => {
    await writeRef("./@/deploy/");
    const labels = await workbench.editor.complete();
    assert.ok(labels.includes("staging") && labels.includes("production"), `offered: ${labels.join(", ")}`);
    await workbench.screenshot("refs-complete-environment");
    await workbench.editor.acceptCompletion("staging");
    assert.match(await workbench.editor.visibleText(), /"tag": input\(ref="\.\/@\/deploy\/staging"\),/);
  });
});
