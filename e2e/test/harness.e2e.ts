import assert from "node:assert/strict";
import { copyRepository, sharedEditor } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";

describe("VS Code itself", () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open(await sharedEditor(), copyRepository("shop"), { trust: true });
  });
  after(() => workbench?.close());

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
