import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { commitAll, copyRepository, sharedEditor } from "../src/session.ts";
import { Workbench } from "../src/workbench.ts";
import { stopAfterFailure } from "./steps.ts";

/** A file with a diagnostic of each of two groups, and badly formatted. */
const sample = `ocuroot("0.3.0")

def build():
    unused   = 1
    return done()

task(build, name="build", inputs={"x":1})
`;

describe("The editor itself, in package files", () => {
  let folder: string;
  let workbench: Workbench;

  stopAfterFailure();
  before(async () => {
    folder = copyRepository("seed");
    writeFileSync(join(folder, "sample.ocu.star"), sample);
    writeFileSync(join(folder, "module.star"), "def helper():\n    return 1\n");
    mkdirSync(join(folder, ".vscode"));
    configure({});
    commitAll(folder, "A sample");
    workbench = await Workbench.open(await sharedEditor(), folder, { trust: true });
  });
  after(() => workbench?.close());

  /** Settings of the folder. Nothing is offered by itself, whose moment nobody knows: Enter would take it. */
  function configure(settings: Readonly<Record<string, unknown>>): void {
    const quiet = {
      "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
      "editor.suggestOnTriggerCharacters": false,
      "editor.parameterHints.enabled": false,
    };
    writeFileSync(join(folder, ".vscode", "settings.json"), JSON.stringify({ ...quiet, ...settings }));
  }

  const lines = async () => (await workbench.editor.visibleText()).split("\n");

  async function waitForLine(number: number, text: string): Promise<void> {
    let seen: string[] = [];
    await eventually(
      () => `line ${number} to be "${text}"; the lines are:\n${seen.join("\n")}\n`,
      async () => {
        seen = await lines();
        return seen[number - 1] === text;
      },
    );
  }

  async function waitForColours(number: number, text: string): Promise<void> {
    await waitForLine(number, text);
    const line = workbench.page.locator(".editor-instance .view-line").filter({ hasText: text.trim() }).last();
    const pieces = line.locator("span > span");
    await eventually(`the colours of "${text}"`, async () => (await pieces.count()) > 1);
  }

  it("knows them by their name, with an icon of their own; modules too", async () => {
    await workbench.editor.open("module.star");
    await workbench.statusItem(/^Starlark$/).waitFor();
    await workbench.editor.open("sample.ocu.star");
    await workbench.statusItem(/^Ocuroot$/).waitFor();
    const icon = workbench.page.locator(".tab.active .monaco-icon-label").first();
    await eventually("the file's icon", async () =>
      icon.evaluate((each) => /file-(dark|light)\.svg/.test(getComputedStyle(each, "::before").backgroundImage)),
    );
  });

  it("indents, closes brackets and comments as Starlark does", async () => {
    await workbench.editor.goTo(8, 1);
    // VS Code indents and closes nothing in lines that it has not coloured yet, which keys typed by a machine outrun.
    await workbench.editor.type("def up(ctx):");
    await waitForColours(8, "def up(ctx):");
    await workbench.editor.type("\nif ctx:");
    await waitForColours(9, "    if ctx:");
    await workbench.editor.type("\nreturn done");
    await waitForColours(10, "        return done");
    await workbench.editor.type("(");
    await waitForLine(10, "        return done()");
    await workbench.editor.press("Control+/");
    await waitForLine(10, "        # return done()");
    await workbench.editor.press("Control+/");
    await waitForLine(10, "        return done()");
  });

  it("offers snippets", async () => {
    await workbench.editor.press("End", "Enter", "Shift+Tab", "Shift+Tab");
    await workbench.editor.type("phase");
    await workbench.page.keyboard.press("Control+Space");
    const snippet = workbench.page.locator(".suggest-widget.visible .codicon-symbol-snippet").first();
    await snippet.waitFor();
    await workbench.editor.press("Escape");
  });

  it("takes severities, lenses and formatting as the settings say, at once", async () => {
    await workbench.runCommand("File: Revert File");
    await workbench.panels.showProblems();
    await workbench.panels.waitForProblem(/`x`/);
    configure({ "ocuroot.lint.severities": { "sdk/input-name": "off", sdk: "off", refs: "off" } });
    await workbench.panels.waitForNoProblem(/`x`/);
    configure({ "ocuroot.codeLens.enable": false, "ocuroot.format.enable": false });
    await workbench.panels.waitForProblem(/`x`/);
    const lenses = workbench.page.locator(".codelens-decoration a");
    await eventually("the lenses to go", async () => (await lenses.count()) === 0);
    await workbench.panels.close();
    await workbench.editor.focus("sample.ocu.star");
    await workbench.runCommand("Format Document");
    assert.ok((await lines()).includes("    unused   = 1"), "formatting is off");
    configure({});
    await eventually("the lenses to come", async () => (await lenses.count()) > 0);
    await eventually("the file to be formatted", async () => {
      await workbench.editor.focus("sample.ocu.star");
      await workbench.runCommand("Format Document");
      return (await lines()).includes("    unused = 1");
    });
  });
});
