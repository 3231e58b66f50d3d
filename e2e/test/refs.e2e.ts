import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { copyRepository, sharedEditor } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";

describe("Completion inside ref strings", () => {
  const file = "release.ocu.star";
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = copyRepository("seed");
    workbench = await Workbench.open(await sharedEditor(), folder, { trust: true });
    await workbench.editor.open(file);
  });
  after(() => workbench?.close());

  /** Types `ref` in place of the first ref to the tag. */
  async function typeRef(ref: string): Promise<void> {
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    await workbench.editor.goTo(1 + lines.findIndex((line) => line.includes('"tag": input(ref="')), 1);
    await workbench.editor.press("Home", "Shift+End", "Delete");
    await workbench.editor.type(`"tag": input(ref="${ref}`);
  }

  it("offers the outputs of a call", async () => {
    await typeRef("./call/build#output/");
    await workbench.editor.waitForCompletions("tag", "build_number");
    await workbench.screenshot("refs-complete-output");
    await workbench.editor.acceptCompletion("tag");
    assert.match(await workbench.editor.visibleText(), /"tag": input\(ref="\.\/call\/build#output\/tag"\)$/m);
  });

  it("offers the environments of a deployment", async () => {
    await typeRef("./@/deploy/");
    await workbench.editor.waitForCompletions("staging", "production");
    await workbench.screenshot("refs-complete-environment");
    await workbench.editor.acceptCompletion("staging");
    assert.match(await workbench.editor.visibleText(), /"tag": input\(ref="\.\/@\/deploy\/staging(#output\/)?"\)$/m);
  });
});
