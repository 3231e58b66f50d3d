import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { copyRepository, openRepository } from "../src/session.ts";
import type { Workbench } from "../src/workbench.ts";
import { closeAfterwards } from "./steps.ts";

describe("Completion inside ref strings", () => {
  const file = "release.ocu.star";
  let folder: string;
  let workbench: Workbench;

  closeAfterwards();
  before(async () => {
    folder = copyRepository("seed");
    ({ workbench } = await openRepository(folder, { file }));
  });

  /** Types `ref` in place of the first ref to the tag. */
  async function typeRef(ref: string): Promise<void> {
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    const line = 1 + lines.findIndex((each) => each.includes('"tag": input(ref="'));
    await workbench.editor.retypeLine(line, `"tag": input(ref="${ref}`);
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
