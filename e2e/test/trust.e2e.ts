import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { copyRepository, sharedEditor } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";

describe("A folder that is not trusted", () => {
  const file = "release.ocu.star";
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = copyRepository("seed-broken");
    workbench = await Workbench.open(await sharedEditor(), folder, { trust: false });
  });
  after(() => workbench?.close());

  it("is analysed without being run", async () => {
    await workbench.editor.open(file);
    await workbench.panels.showProblems();
    await workbench.panels.waitForProblem(/comma/i);
    await workbench.screenshot("restricted");
  });

  it("has no graph and no releases, and says why", async () => {
    const graph = await PhaseGraph.show(workbench);
    await graph.waitForText(/trust/i);
    assert.deepEqual(await graph.phases(), []);
    assert.match(await workbench.tree("Releases").text(), /trusted workspaces/);
    await workbench.screenshot("restricted-views");
  });

  it("offers no command that would run something", async () => {
    const commands = await workbench.paletteCommands("Ocuroot: ");
    const harmless =
      /^(Ocuroot: (Preview Phases|Restart Language Server|Show Output|Focus on .* View)|View: Show Ocuroot)$/;
    assert.deepEqual(
      commands.filter((each) => !harmless.test(each)),
      [],
    );
  });

  it("is left as it was", () => {
    assert.ok(!existsSync(join(folder, ".ocuroot")), "no state was created");
    assert.ok(!existsSync(join(folder, "deployed")), "nothing was run");
    assert.ok(readdirSync(folder).includes(file));
  });
});
