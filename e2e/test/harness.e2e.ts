import assert from "node:assert/strict";
import { copyRepository, openRepository } from "../src/session.ts";
import type { Workbench } from "../src/workbench.ts";
import { closeAfterwards } from "./steps.ts";

describe("VS Code itself", () => {
  let workbench: Workbench;

  closeAfterwards();
  before(async () => {
    ({ workbench } = await openRepository(copyRepository("shop")));
  });

  it("opens a file of the repository", async () => {
    await workbench.editor.open("frontend/release.ocu.star", 5, 1);
    assert.match(await workbench.editor.visibleText(), /def build\(previous_build\)/);
  });

  it("runs a command in its terminal", async () => {
    await workbench.panels.openTerminal();
    await workbench.panels.typeInTerminal("git log --format=%s");
    await workbench.panels.waitForTerminal(/^Sample repository$/m);
  });
});
