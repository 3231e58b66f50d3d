import { PhaseGraph } from "../src/phaseGraph.ts";
import { copyRepository, openRepository, release } from "../src/session.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

describe("The phase graph", () => {
  const file = "frontend/release.ocu.star";
  const build = { name: "", cards: ["build"] };
  const staging = { name: "staging", cards: ["eu-test", "us-test"] };
  const production = { name: "production", cards: ["asia", "eu", "us"] };
  let folder: string;
  let workbench: Workbench;
  let graph: PhaseGraph;

  story();
  before(async () => {
    folder = copyRepository("shop");
    ({ workbench } = await openRepository(folder, { file }));
    graph = await PhaseGraph.show(workbench);
  });

  it("shows the phases and their work before anything was released", async () => {
    await graph.waitFor([build, staging, production]);
    await graph.waitForText(/none is released yet/);
    await workbench.screenshot("graph");
  });

  it("follows the text while it is typed", async () => {
    await workbench.editor.focus(file);
    await workbench.editor.goTo(16, 1);
    await workbench.editor.insert('task(build, name="lint", inputs={"previous_build": 0})\n\n');
    await graph.waitFor([{ name: "", cards: ["lint"] }, build, staging, production]);
    await workbench.screenshot("graph-after-edit");
  });

  it("keeps the last good graph while the file has an error, and says which", async () => {
    await workbench.editor.insert("task(");
    await graph.waitForText(/This is the last good graph/);
    await graph.waitFor([{ name: "", cards: ["lint"] }, build, staging, production]);
    await workbench.screenshot("graph-stale");
    await workbench.editor.press("Control+Z");
    await graph.waitForNoText(/last good graph/);
  });

  it("leads from a card to its source", async () => {
    await graph.openCard("asia");
    await workbench.editor.waitForCursorIn(file, /deploy\(/);
  });

  it("goes on in its tab when the text is closed", async () => {
    await workbench.editor.save();
    await workbench.runCommand("Ocuroot: Preview Phases");
    graph = await PhaseGraph.inTab(workbench);
    await workbench.runCommand("View: Focus First Editor Group");
    await workbench.editor.closeTab();
    release(folder, "environments.ocu.star", file);
    await graph.waitForText(/r1 needs input/);
    await graph.waitFor([{ name: "", cards: ["lint"] }, build, staging, production]);
  });
});
