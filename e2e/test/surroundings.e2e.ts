import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { copyRepository, ocuroot, openRepository, ownEditor, release, run } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

/** What goes wrong around the extension: each is said in words, and over when its cause is. */
describe("Surroundings that are not as they should be", () => {
  let folder: string;
  let workbench: Workbench;
  let releases: TreeView;

  describe("without git", () => {
    story();
    before(async () => {
      folder = copyRepository("seed");
      rmSync(join(folder, ".git"), { recursive: true });
      ({ workbench, releases } = await openRepository(folder));
    });

    it("show the phases all the same, and say why there is no release", async () => {
      await workbench.editor.open("release.ocu.star");
      const graph = await PhaseGraph.show(workbench);
      await graph.waitForText(/build.*staging.*production/);
      await releases.welcome(/Nothing was released from this repository yet/);
      await workbench.runCommand("Ocuroot: New Release");
      await workbench.panels.waitForTerminal(/git/);
      await workbench.screenshot("surroundings-no-git");
    });
  });

  describe("with a store that is deleted while it is open", () => {
    story();
    before(async () => {
      folder = copyRepository("seed");
      release(folder, "environments.ocu.star");
      ({ workbench, releases } = await openRepository(folder));
    });

    it("show that nothing is there any more, and follow the next one", async () => {
      const environments = workbench.tree("Environments");
      await environments.show();
      await environments.waitFor(/^staging/);
      rmSync(join(folder, ".ocuroot"), { recursive: true, maxRetries: 5 });
      await releases.welcome(/Nothing was released from this repository yet/);
      await environments.welcome(/No environment is in state yet/);
      await workbench.screenshot("surroundings-store-deleted");
      release(folder, "environments.ocu.star");
      await releases.waitFor(/environments\.ocu\.star .*r1 done/);
      await environments.waitFor(/^staging/);
    });

    it("name a document that is damaged, and show the rest", async () => {
      const release = join(folder, ".ocuroot/store/state/refs/myapp/-/environments.ocu.star/@r1/@object.json");
      writeFileSync(release, '{"kind": "ref", "body_');
      await releases.waitFor(/^ {2}environments\.ocu\.star {2}r1 cannot be read/);
      await releases.waitFor(/^ {4}r1 {2}cannot be read: .*@r1/);
      await releases.waitFor(/^ {2}release\.ocu\.star {2}not released yet/);
      await workbench.screenshot("surroundings-damaged");
    });
  });

  describe("with a store on a disk that stops to answer", () => {
    story();
    before(async () => {
      folder = copyRepository("seed");
      release(folder, "environments.ocu.star");
      ({ workbench, releases } = await openRepository(folder));
    });

    it("say so, keep what they had, and go on when it answers again", async () => {
      if (process.platform === "win32") return; // It has no pipes of that kind.
      await releases.waitFor(/environments\.ocu\.star {2}r1 done/);
      const path = join(folder, ".ocuroot/store/state/refs/myapp/-/environments.ocu.star/@r1/@object.json");
      const text = readFileSync(path);
      // Whoever reads a pipe that nobody writes to waits, as for a file server that is gone.
      rmSync(path);
      execFileSync("mkfifo", [path]);
      await workbench.runCommand("Ocuroot: Refresh Releases");
      const problem = /^ {2}The disk with its state does not answer/;
      await releases.waitFor(problem);
      await workbench.screenshot("surroundings-slow-store");
      await releases.waitFor(/environments\.ocu\.star {2}r1 done/);
      await workbench.editor.open("release.ocu.star");
      await (await PhaseGraph.show(workbench)).waitForText(/build.*staging.*production/);
      // Those that wait get the text from the pipe; later ones read a file again.
      const waiting = openSync(path, "w");
      rmSync(path);
      writeFileSync(path, text);
      writeSync(waiting, text);
      closeSync(waiting);
      await releases.waitForNone(problem);
      await releases.waitFor(/environments\.ocu\.star {2}r1 done/);
    });
  });

  describe("in a folder whose name has all kinds of letters, opened from the one above", () => {
    story();
    before(async () => {
      folder = copyRepository("shop");
      const unusual = join(folder, "..", "it's a (shop) @home + ümlaut & more");
      renameSync(folder, unusual);
      folder = unusual;
      release(folder, "environments.ocu.star", "database/release.ocu.star", "backend/release.ocu.star");
      ocuroot(folder, "state", "set", "-f", "json", "database/release.ocu.star/@r1/custom/approval", "true");
      run(folder, "work", "continue");
      ({ workbench, releases } = await openRepository(join(folder, "..")));
    });

    it("run, show, name what failed, and lead to its place", async () => {
      await releases.click(/^ {2}frontend\/release\.ocu\.star {2}not released yet/);
      const graph = await PhaseGraph.show(workbench);
      await graph.waitForText(/build.*eu-test/);
      await workbench.runCommand("Ocuroot: New Release");
      await workbench.notification(/frontend\/release\.ocu\.star r1: us failed: quota exceeded/).waitFor();
      await graph.waitForText(/r1 failed.*Retry/);
      await workbench.panels.showProblems();
      await workbench.panels.waitForProblem(/exit status 1|deploy\.sh/);
      await workbench.screenshot("surroundings-names");
      await workbench.panels
        .problemRows()
        .filter({ hasText: /deploy\.sh|exit status 1/ })
        .first()
        .dblclick();
      await workbench.editor.waitForCursorIn("frontend/release.ocu.star", /host\.shell\(/);
      await workbench.panels.close();
    });

    it("retry from the palette, and open logs and state", async () => {
      await workbench.runCommand("Ocuroot: Retry Release");
      await releases.waitFor(/frontend\/release\.ocu\.star .*r1 done/);
      await workbench.runCommand("Ocuroot: Open State Document");
      await workbench.quickInput.type("@/environment/us");
      await workbench.quickInput.choose("@/environment/us");
      await workbench.editor.waitForText(/"region": "us-east-1"/);
      await workbench.editor.closeTab();
    });
  });

  describe("with two windows on one store", () => {
    let other: Workbench;
    story();
    before(async () => {
      folder = copyRepository("seed");
      ({ workbench, releases } = await openRepository(folder));
      // Of an editor of its own, which asks for trust: whether the first one has kept its answer yet, nobody knows.
      ({ workbench: other } = await openRepository(folder, { editor: await ownEditor() }));
    });

    it("show in both what one of them does", async () => {
      await other.tree("Releases").welcome(/Nothing was released/);
      await workbench.editor.open("environments.ocu.star");
      await workbench.runCommand("Ocuroot: New Release");
      await releases.waitFor(/environments\.ocu\.star .*r1 done/);
      await other.tree("Releases").waitFor(/environments\.ocu\.star .*r1 done/);
      await other.editor.open("environments.ocu.star");
      await other.runCommand("Ocuroot: New Release (Force)");
      await other.tree("Releases").waitFor(/environments\.ocu\.star .*r2 done/);
      await releases.waitFor(/environments\.ocu\.star .*r2 done/);
    });
  });

  describe("with a command path that leads nowhere", () => {
    story();
    before(async () => {
      folder = copyRepository("seed");
      mkdirSync(join(folder, "bin"));
      const editor = await ownEditor({ "ocuroot.path": join(folder, "bin", "no-such-ocuroot") });
      ({ workbench } = await openRepository(folder, { editor }));
    });

    it("say so where a person looks, and when something is to be run", async () => {
      const { buttons } = await workbench.tree("Releases").welcome(/the setting ocuroot\.path names cannot be run/);
      assert.deepEqual(buttons, ["Choose Command"]);
      await workbench.editor.open("environments.ocu.star");
      await workbench.runCommand("Ocuroot: New Release");
      await workbench.notification(/no-such-ocuroot \(setting ocuroot\.path\) .*there is no such file/).waitFor();
      await workbench.screenshot("surroundings-no-command");
      await workbench
        .notification(/no-such-ocuroot/)
        .getByRole("button", { name: "Open Setting" })
        .click();
      await eventually("the setting", async () =>
        (await workbench.page.locator(".settings-editor").innerText()).includes("Path"),
      );
    });
  });
});
