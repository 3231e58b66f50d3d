import assert from "node:assert/strict";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { copyRepository, openRepository, sharedEditor, startRepository } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";
import { closeAfterwards, story } from "./steps.ts";

/** Each empty place says why it is empty, and has one button, which does something about it. */
describe("Somebody who is new", () => {
  const scratch: string[] = [];
  let workbench: Workbench;

  after(() => {
    for (const folder of scratch) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const emptyFolder = () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-e2e-new-")));
    scratch.push(folder);
    return folder;
  };

  describe("without a folder", () => {
    closeAfterwards();
    before(async () => {
      workbench = await Workbench.openEmpty(await sharedEditor());
    });

    it("is asked to open one", async () => {
      await workbench.openActivity("Ocuroot");
      const releases = workbench.tree("Releases");
      const { buttons } = await releases.welcome(/Open the folder of a repository to see its releases/);
      assert.deepEqual(buttons, ["Open Folder"]);
      await workbench.screenshot("welcome-no-folder");
      await releases.pressButton("Open Folder");
      await workbench.quickInput.input.waitFor();
      await workbench.quickInput.dismiss();
    });
  });

  describe("in a folder without a repository", () => {
    let folder: string;
    story();
    before(async () => {
      folder = emptyFolder();
      writeFileSync(join(folder, "notes.txt"), "nothing yet\n");
      workbench = await Workbench.open(await sharedEditor(), folder, { trust: true });
    });

    it("is not bothered: nothing is started", async () => {
      await workbench.runCommand("Developer: Show Running Extensions");
      const list = workbench.page.locator(".runtime-extensions-editor");
      await list.locator(".extension").first().waitFor();
      assert.deepEqual(await list.locator(".extension .name").filter({ hasText: "Ocuroot" }).allTextContents(), []);
      await workbench.editor.closeTab();
    });

    it("is told what marks a repository, and the button makes it", async () => {
      await workbench.openActivity("Ocuroot");
      const releases = workbench.tree("Releases");
      const { buttons } = await releases.welcome(/This folder has no repo\.ocu\.star/);
      assert.deepEqual(buttons, ["Initialize Repository"]);
      await (await PhaseGraph.show(workbench)).waitForText(/Open a package file/);
      await workbench.screenshot("welcome-no-repository");
      await releases.pressButton("Initialize Repository");
      await eventually("its files to be made", async () =>
        ["repo.ocu.star", "release.ocu.star"].every((name) => existsSync(join(folder, name))),
      );
    });

    it("is told what to do next then, without having to do anything", async () => {
      const { buttons } = await workbench.tree("Releases").welcome(/Nothing was released from this repository yet/);
      assert.deepEqual(buttons, ["New Release"]);
    });
  });

  describe("in a repository without releases", () => {
    story();
    before(async () => {
      ({ workbench } = await openRepository(copyRepository("seed")));
    });

    it("finds a reason and a button in each empty view", async () => {
      const releases = await workbench.tree("Releases").welcome(/Nothing was released from this repository yet/);
      assert.deepEqual(releases.buttons, ["New Release"]);
      const graph = await PhaseGraph.show(workbench);
      await graph.waitForText(/Open a package file .* to see its phases\..*Open Package File/);
      const environments = workbench.tree("Environments");
      await environments.show();
      const { buttons } = await environments.welcome(/No environment is in state yet/);
      assert.deepEqual(buttons, ["New Release"]);
      const approvals = workbench.tree("Approvals & Inputs");
      await approvals.show();
      const nothing = await approvals.welcome(/Nothing waits for a value/);
      assert.equal(nothing.buttons.length, 1, nothing.text);
      await workbench.screenshot("welcome-no-release");
    });

    it("makes the first release by the button", async () => {
      await workbench.tree("Releases").pressButton("New Release");
      await workbench.quickInput.choose("environments.ocu.star");
      await workbench.tree("Environments").waitFor(/^staging/);
      // From now on there is something to list, and what was not released stands with it.
      await workbench.tree("Releases").waitFor(/environments\.ocu\.star {2}r1 done/);
      await workbench.tree("Releases").waitFor(/release\.ocu\.star {2}not released yet/);
    });

    it("gets from the empty approvals to where one can be given", async () => {
      const approvals = workbench.tree("Approvals & Inputs");
      const { buttons } = await approvals.welcome(/Nothing waits for a value/);
      await approvals.pressButton(buttons[0] ?? "");
      await workbench.quickInput.input.waitFor();
      await workbench.quickInput.dismiss();
    });
  });

  describe("with the walkthrough", () => {
    let folder: string;
    const steps = () => workbench.page.locator(".getting-started-step");
    const tab = (title: string) => workbench.page.locator(".tabs-container .tab").filter({ hasText: title });
    /** Waits for what stands beside the steps. */
    const shows = (words: string) =>
      eventually(`the walkthrough to show "${words}"`, async () => {
        const texts = await Promise.all(
          workbench.page.frames().map((frame) => frame.innerText("body").catch(() => "")),
        );
        return texts.some((text) => text.includes(words));
      });
    const step = (title: string) => steps().filter({ hasText: title });
    story();
    before(async () => {
      folder = emptyFolder();
      workbench = await Workbench.open(await sharedEditor(), folder, { trust: true });
    });

    it("opens it from the palette", async () => {
      await workbench.runCommand("Welcome: Open Walkthrough...");
      await workbench.quickInput.type("Get started with Ocuroot");
      await workbench.quickInput.choose("Get started with Ocuroot");
      await step("Set up a repository").waitFor();
      const titles = await steps().locator(".step-title").allInnerTexts();
      assert.deepEqual(
        titles.map((each) => each.trim()),
        ["Set up a repository", "Write a package file", "See its phases", "Make a release", "Repair what failed"],
      );
      await shows("One file marks a repository");
      await workbench.screenshot("walkthrough");
    });

    it("sets up a repository by its first button, and the step is done", async () => {
      await step("Set up a repository").click();
      await step("Set up a repository").locator(".monaco-button").click();
      await eventually("its files to be made", async () => existsSync(join(folder, "environments.ocu.star")));
      // The file to begin with is opened beside the walkthrough, which stays.
      await tab("release.ocu.star").waitFor();
      await tab("Walkthrough").click();
      await step("Set up a repository").locator(".codicon-getting-started-step-checked.complete").waitFor();
    });

    it("leads on: each step shows a text and its button does what it says", async () => {
      startRepository(folder);
      await step("See its phases").click();
      await shows("Columns are phases, cards are work");
      await eventually("its picture", async () => {
        const widths = await Promise.all(
          workbench.page.frames().map((frame) =>
            frame
              .locator('img[src*="phases.svg"]')
              .evaluateAll((all) => all.map((each) => (each as HTMLImageElement).naturalWidth))
              .catch(() => []),
          ),
        );
        return widths.flat().some((width) => width > 0);
      });
      await workbench.screenshot("walkthrough-phases");
      await step("See its phases").locator(".monaco-button").filter({ hasText: "Preview Phases" }).waitFor();
      await step("Make a release").click();
      await shows("From a commit to every environment");
      await step("Make a release").locator(".monaco-button").filter({ hasText: "New Release" }).click();
      await workbench.quickInput.choose("environments.ocu.star");
      await workbench.openActivity("Ocuroot");
      await workbench.tree("Releases").waitFor(/environments\.ocu\.star .*r1 done/);
    });
  });
});
