import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { copyRepository, sharedEditor } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

/** The text alone shows that the script is missing; only an evaluation reaches `fail`. */
const probe = `ocuroot("0.3.0")

def build():
    host.shell("./missing.sh")
    return done()

task(build, name="build")

fail("the probe was evaluated")
`;

describe("A folder that is not trusted", () => {
  const file = "release.ocu.star";
  let folder: string;
  let workbench: Workbench;

  story();
  before(async () => {
    folder = copyRepository("seed-broken");
    writeFileSync(join(folder, "probe.ocu.star"), probe);
    workbench = await Workbench.open(await sharedEditor(), folder, { trust: false });
  });

  it("is analysed without being run", async () => {
    await workbench.editor.open(file);
    await workbench.panels.showProblems();
    await workbench.panels.waitForProblem(/comma/i);
    await workbench.editor.open("probe.ocu.star");
    await workbench.panels.waitForProblem(/missing\.sh/);
    assert.equal((await workbench.panels.problems()).length, 2);
    await workbench.screenshot("restricted");
    await workbench.editor.open(file);
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

  it("is evaluated as soon as it is trusted", async () => {
    await workbench.editor.open("probe.ocu.star");
    await workbench.grantTrust();
    await workbench.panels.waitForProblem(/the probe was evaluated/);
    await workbench.tree("Releases").welcome(/Nothing was released from this repository yet/);
    await workbench.screenshot("trusted");
  });
});
