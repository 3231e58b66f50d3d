import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { commitAll, copyRepository, ocuroot, sharedEditor } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";
import * as samples from "./writingSamples.ts";

describe("Writing package files", () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = copyRepository("shop");
    for (const [name, text] of Object.entries(samples.files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    commitAll(folder, "Payments");
    for (const file of ["environments.ocu.star", "payments/release.ocu.star"]) {
      const { status, output } = ocuroot(folder, "release", "new", file);
      assert.equal(status, 0, output);
    }
    workbench = await Workbench.open(await sharedEditor(), folder, { trust: true });
    // What these tests show is small: so are their pictures.
    await workbench.page.setViewportSize({ width: 1000, height: 700 });
    await workbench.runCommand("View: Toggle Primary Side Bar Visibility");
    await workbench.runCommand("View: Toggle Editor Sticky Scroll");
  });
  after(() => workbench?.close());

  /** The 1-based place of a text in a file; `$0` in it is where the cursor goes. */
  function placeOf(file: string, needle: string): { line: number; column: number } {
    const text = readFileSync(join(folder, file), "utf8");
    const at = text.indexOf(needle.replace("$0", ""));
    assert.ok(at >= 0, `${needle} is not in ${file}`);
    const before = text.slice(0, at + Math.max(0, needle.indexOf("$0")));
    return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
  }

  async function open(file: string, needle: string): Promise<void> {
    const { line, column } = placeOf(file, needle);
    await workbench.editor.open(file, line, column);
    // Off the tabs, which say something about themselves where pictures are taken.
    await workbench.page.mouse.move(200, 17);
  }

  async function squiggles(count: number): Promise<void> {
    const marks = workbench.page.locator(
      ".editor-group-container.active .view-overlays :is(.squiggly-error, .squiggly-warning, .squiggly-info)",
    );
    await eventually(`${count} marks below the text`, async () => (await marks.count()) >= count);
  }

  const picture = (name: string, width: number, height: number, top = 0) =>
    workbench.screenshotOfEditor(name, width, height, top);

  it("checks inputs against parameters, with a fix for each side", async () => {
    await open("payments/contract.ocu.star", '"re$0tries"');
    await squiggles(2);
    const titles = await workbench.editor.openQuickFixes();
    await picture("writing-contract", 720, 420);
    assert.ok(
      titles.some((each) => /parameter `?retries/.test(each)),
      titles.join(" | "),
    );
    await workbench.editor.press("Escape");
  });

  it("says what would wait for ever before it is released", async () => {
    await open("payments/waits.ocu.star", "./task/mea$0sure#output/report");
    await squiggles(2);
    await workbench.editor.hoverWith(/later/);
    await picture("writing-waits", 950, 330);
    await workbench.editor.press("Escape");
  });

  it("finds secrets that are written down or not masked", async () => {
    await open("payments/secrets.ocu.star", "hunter$022");
    await squiggles(1);
    await workbench.editor.hoverWith(/secret\(\)/);
    await picture("writing-secrets", 950, 270);
    await workbench.editor.press("Escape");
  });

  it("reads shell text, and completes paths and variables in it", async () => {
    await open("payments/shell.ocu.star", "./miss$0ing.sh");
    await squiggles(2);
    await workbench.editor.hoverWith(/There is no file/);
    await picture("writing-shell", 900, 320);
    await workbench.editor.press("Escape");
  });

  it("completes names, those of other modules with their load", async () => {
    await open("payments/names.ocu.star", "def check");
    await workbench.editor.goTo(6, 1);
    await workbench.editor.press("End");
    await workbench.editor.type("of");
    await workbench.editor.waitForCompletions("of_type");
    await picture("writing-names", 720, 230);
    await workbench.editor.acceptCompletion("of_type");
    await workbench.editor.waitForText(/load\("\.\.\/lib\/environments\.star", "of_type"\)/);
    await workbench.editor.save();
  });

  it("shows the parameters of a call", async () => {
    await open("payments/release.ocu.star", 'of_type("stag$0ing")');
    await workbench.editor.press("Control+Shift+Space");
    await workbench.page.locator(".parameter-hints-widget.visible").waitFor();
    await picture("writing-signature", 740, 250, 150);
    await workbench.editor.press("Escape");
  });

  it("says of a ref what it is now", async () => {
    await open("payments/release.ocu.star", '"tag": ref("./task/build#output/t$0ag")');
    await workbench.editor.hoverWith(/payments:1/);
    await picture("writing-hover", 900, 320);
    await workbench.editor.press("Escape");
  });

  it("finds who uses an output", async () => {
    await open("payments/release.ocu.star", '"t$0ag": "payments');
    await workbench.editor.press("Shift+F12");
    const peek = workbench.page.locator(".peekview-widget");
    await peek.waitFor();
    await eventually("the references", async () => (await peek.locator(".monaco-list-row").count()) > 1);
    await picture("writing-references", 950, 330);
    await workbench.editor.press("Escape");
    await peek.waitFor({ state: "detached" });
  });

  it("renames an output, in refs too", async () => {
    await open("payments/release.ocu.star", '"t$0ag": "payments');
    await workbench.editor.press("F2");
    const box = workbench.page.locator(".rename-box:visible input");
    await box.fill("image");
    await picture("writing-rename", 800, 300);
    await workbench.editor.press("Enter");
    await box.waitFor({ state: "hidden" });
    await workbench.editor.waitForText(/"image": "payments/);
    const { line } = placeOf("payments/release.ocu.star", "#output/tag");
    await workbench.editor.goTo(line, 1);
    await workbench.editor.waitForText(/#output\/image/);
    await workbench.editor.press("Control+Z");
    await workbench.editor.waitForText(/#output\/tag/);
  });

  it("shows what a rename would change before it is done", async () => {
    await open("payments/release.ocu.star", '"t$0ag": "payments');
    const box = workbench.page.locator(".rename-box:visible input");
    await eventually("the box for the new name", async () => {
      if (!(await box.isVisible())) await workbench.editor.press("F2");
      await box.fill("image", { timeout: 3000 });
      return (await box.inputValue({ timeout: 1000 })) === "image";
    });
    await box.press("Control+Enter");
    const preview = workbench.page.locator(".part.panel .bulk-edit-panel");
    // The output itself, and the two refs to it.
    await eventually("the changes", async () => {
      const text = (await preview.locator(".monaco-list").innerText()).replace(/\u00a0/g, " ");
      return (text.match(/image/g) ?? []).length >= 3 && text.includes("release.ocu.star");
    });
    await workbench.screenshot("writing-preview");
    await preview.getByRole("button", { name: /^Discard/ }).click();
    await preview.waitFor({ state: "hidden" });
    await workbench.editor.waitForText(/"tag": "payments/);
    const panel = workbench.page.locator(".part.panel");
    if (await panel.isVisible()) await workbench.runCommand("View: Toggle Panel Visibility");
    await panel.waitFor({ state: "hidden" });
  });

  it("selects what is around, from a part of a ref to the whole call", async () => {
    await open("payments/release.ocu.star", '"tag": ref("./task/bu$0ild#output/tag")');
    const status = workbench.page.locator(".part.statusbar .statusbar-item", { hasText: /\(\d+ selected\)/ });
    const steps = ["build", "./task/build#output/tag", '"./task/build#output/tag"', 'ref("./task/build#output/tag")'];
    for (const text of steps) {
      const wanted = `(${text.length} selected)`;
      await eventually(`the selection of ${text}`, async () => {
        const shown = (await status.count()) === 0 ? "" : await status.innerText();
        if (shown.includes(wanted)) return true;
        const selected = Number(/\((\d+) selected\)/.exec(shown)?.[1] ?? 0);
        // Other steps may lie between, such as a segment with its slashes; none of these is passed over.
        if (selected < text.length) await workbench.editor.press("Shift+Alt+ArrowRight");
        else throw new Error(`${shown} goes beyond ${text}`);
        return undefined;
      });
      if (text === steps[1]) await picture("writing-selection", 720, 250, 150);
    }
    await workbench.editor.press("Shift+Alt+ArrowLeft");
    await workbench.editor.press("Escape");
  });

  it("leads from a path to its file", async () => {
    await open("payments/release.ocu.star", '"../lib/envi$0ronments.star"');
    await workbench.editor.hoverWith(/ctrl \+ click/i);
    await picture("writing-links", 720, 180);
    await workbench.editor.press("Escape");
    await workbench.runCommand("Open Link");
    await workbench.editor.element("lib/environments.star").waitFor();
    await workbench.editor.closeTab();
  });

  it("offers to write code anew where there is nothing to mend", async () => {
    await open("payments/release.ocu.star", "def u$0p(");
    const titles = await workbench.editor.openQuickFixes();
    await picture("writing-actions", 720, 420);
    assert.ok(
      titles.some((each) => /ctx/.test(each)),
      titles.join(" | "),
    );
    await workbench.editor.press("Escape");
  });

  it("follows what work goes on to as a hierarchy of calls", async () => {
    await open("payments/release.ocu.star", "def u$0p(");
    await workbench.runCommand("Peek Call Hierarchy");
    const peek = workbench.page.locator(".peekview-widget");
    await peek.waitFor();
    await eventually("calls", async () => (await peek.locator(".monaco-list-row").count()) > 0);
    await peek.getByRole("button", { name: /Outgoing/ }).click();
    await eventually("what it goes on to", async () =>
      (await peek.locator(".monaco-list").innerText()).includes("check"),
    );
    await picture("writing-calls", 950, 400);
    await workbench.editor.press("Escape");
    await peek.waitFor({ state: "detached" });
  });

  it("finds work and functions of the whole workspace", async () => {
    await eventually("symbols of several files", async () => {
      await workbench.quickInput.open("Control+T", "#build");
      await workbench.quickInput.rows().first().waitFor({ timeout: 2000 });
      const rows = (await workbench.quickInput.rows().allInnerTexts()).join("\n");
      return rows.includes("payments/release.ocu.star") && rows.includes("backend/release.ocu.star");
    });
    await workbench.screenshot("writing-workspace-symbols", { x: 100, y: 0, width: 800, height: 340 });
    await workbench.quickInput.dismiss();
  });

  it("lists phases with their work", async () => {
    await workbench.quickInput.open("Control+Shift+O", "@");
    await eventually("symbols", async () => (await workbench.quickInput.rows().count()) > 4);
    await workbench.screenshot("writing-symbols", { x: 100, y: 0, width: 800, height: 340 });
    await workbench.quickInput.dismiss();
  });

  it("shows lenses, hints, links and colours", async () => {
    await open("payments/release.ocu.star", "for e in of_type");
    await workbench.editor.waitForText(/2 environments/);
    await workbench.editor.waitForText(/r1 eu-test, us-test done/);
    await picture("writing-file", 640, 350, 50);
    await workbench.runCommand("Fold All");
    await eventually("folded text", async () => !(await workbench.editor.visibleText()).includes("docker build"));
    await picture("writing-folded", 720, 320);
    await workbench.runCommand("Unfold All");
  });

  it("formats a file", async () => {
    await open("payments/untidy.ocu.star", "def");
    await workbench.runCommand("Format Document");
    await workbench.editor.waitForText(/def build\(version, flags = \[\]\)/);
    await workbench.runCommand("File: Compare Active File with Saved");
    await eventually("both sides of the comparison", async () => {
      const sides = await workbench.page.locator(".monaco-diff-editor .view-lines").allInnerTexts();
      return sides.length === 2 && sides.every((each) => /def.build/.test(each));
    });
    await picture("writing-format", 1000, 280);
    await workbench.editor.closeTab();
  });
});
