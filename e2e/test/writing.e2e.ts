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

  it("lists phases with their work, and finds symbols of the workspace", async () => {
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
