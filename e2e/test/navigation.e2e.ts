import assert from "node:assert/strict";
import { copyRepository, openRepository } from "../src/session.ts";
import type { Workbench } from "../src/workbench.ts";
import { closeAfterwards } from "./steps.ts";

describe("Refs as symbols", () => {
  const file = "release.ocu.star";
  let workbench: Workbench;

  closeAfterwards();
  before(async () => {
    ({ workbench } = await openRepository(copyRepository("seed"), { file }));
    await workbench.editor.waitForText(/New release/); // The language server has looked at the file.
    await workbench.editor.goTo(49, 56); // In the last word of ./call/build#output/tag.
  });

  it("say what they mean in a hover", async () => {
    const hover = await workbench.editor.hover();
    assert.match(hover, /call\/build#output\/tag|task\/build#output\/tag/);
    assert.match(hover, /Comes from call build/, "the word that the file writes");
    await workbench.screenshot("refs-hover");
    await workbench.editor.press("Escape");
  });

  it("lead to the output that they name", async () => {
    await workbench.editor.press("F12");
    await workbench.editor.waitForCursorIn(file, /"tag": tag,/);
  });

  it("are renamed with it, everywhere", async () => {
    await workbench.editor.rename("image");
    await workbench.editor.goTo(49, 1);
    await workbench.editor.waitForText(/"image": tag,|#output\/image/);
    assert.match(await workbench.editor.visibleText(), /"tag": input\(ref="\.\/call\/build#output\/image"\)/);
    await workbench.screenshot("refs-renamed");
  });
});
