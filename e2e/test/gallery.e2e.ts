import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Editor } from "../src/launch.ts";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { commitAll, copyRepository, ocuroot, openRepository, ownEditor, release, run } from "../src/session.ts";
import { type ThemeKind, themes, type Workbench } from "../src/workbench.ts";
import { closeAfterwards } from "./steps.ts";

/** All views at once: empty, as on a usual day, and crowded, each in every kind of theme, for the page docs/gallery.md. */
describe("All views", () => {
  let editor: Editor;
  let workbench: Workbench;

  closeAfterwards();
  before(async () => {
    // Of its own: the width of the side bar and the theme would stay.
    editor = await ownEditor();
  });
  // Not after each test: of one that fails a picture is taken first.
  beforeEach(() => workbench?.close());

  /** Opens a repository with all views unfolded and the graph of a file beside them. */
  async function open(folder: string, file: string, graphText: RegExp): Promise<void> {
    ({ workbench } = await openRepository(folder, { editor }));
    await workbench.resizeSideBar(460);
    await workbench.editor.open(file);
    await workbench.editor.waitForText(/New release/);
    for (const view of ["Environments", "Approvals & Inputs"]) await workbench.tree(view).show();
    await workbench.tree("Phases").hide();
    await workbench.runCommand("Ocuroot: Preview Phases");
    const graph = await PhaseGraph.inTab(workbench);
    await graph.waitForText(graphText);
  }

  async function inEveryTheme(state: string): Promise<void> {
    for (const theme of Object.keys(themes) as ThemeKind[]) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`gallery-${state}-${theme}`);
    }
    await workbench.setTheme("dark");
  }

  it("say what to do first while there is nothing", async () => {
    await open(copyRepository("seed"), "release.ocu.star", /build.*staging.*production/);
    await workbench.tree("Releases").welcome(/Nothing was released from this repository yet/);
    await workbench.tree("Environments").welcome(/No environment is in state yet/);
    await workbench.tree("Approvals & Inputs").welcome(/Nothing waits for a value/);
    await inEveryTheme("empty");
  });

  it("show one failure, one approval and five environments", async () => {
    const folder = copyRepository("shop");
    release(folder, "environments.ocu.star", "database/release.ocu.star", "backend/release.ocu.star");
    run(folder, "state", "set", "-f", "json", "database/release.ocu.star/@r1/custom/approval", "true");
    run(folder, "work", "continue");
    assert.equal(ocuroot(folder, "release", "new", "frontend/release.ocu.star").status, 1);
    run(folder, "release", "new", "database/release.ocu.star", "--force");
    await open(folder, "frontend/release.ocu.star", /r1 failed.*quota exceeded/);
    await workbench.tree("Releases").waitFor(/database\/release\.ocu\.star {2}r2 needs approval/);
    await workbench.tree("Approvals & Inputs").waitFor(/approval/);
    const environments = workbench.tree("Environments");
    await environments.waitFor(/^us {2}1 failed · 1 needs input · /);
    await environments.waitFor(/^ +frontend\/release\.ocu\.star {2}r1 failed: quota exceeded/);
    assert.ok(
      (await environments.actions(/^ +database\S+ {2}r1 · r2 needs approval/)).some((each) => /^Approve/.test(each)),
    );
    assert.ok((await environments.actions(/^ +frontend\S+ {2}r1 failed/)).some((each) => /^Retry/.test(each)));
    await workbench.page.mouse.move(0, 0);
    await inEveryTheme("normal");
  });

  it("name the one failure among a hundred deployments", async function () {
    this.timeout(180_000);
    const folder = copyRepository("hundred");
    const path = join(folder, "release.ocu.star");
    const text = readFileSync(path, "utf8").replace(
      '    host.shell("echo {} gets',
      '    if environment["name"] == "store-27":\n        fail("the till does not answer")\n    print("{} gets',
    );
    writeFileSync(path, text);
    commitAll(folder, "One store fails");
    release(folder, "environments.ocu.star");
    assert.equal(ocuroot(folder, "release", "new", "release.ocu.star").status, 1);
    await open(folder, "release.ocu.star", /80 deploys.*store-27/);
    await workbench.tree("Releases").waitFor(/store-27 {2}fail: the till does not answer/);
    await workbench.tree("Environments").waitFor(/^store-0 {2}release\.ocu\.star r1/);
    const [first] = await workbench.tree("Environments").lines();
    assert.match(first ?? "", /^store-27 {2}1 failed/, "what failed comes first");
    await inEveryTheme("crowded");
  });
});
