import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyRepository, openRepository, ownEditor } from "../src/session.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

const root = join(__dirname, "../..");

/** The package that users install, in a VS Code that has never seen it. */
describe("The extension's package", () => {
  let scratch: string;
  let vsix: string;
  let folder: string;
  let workbench: Workbench;

  story();
  before(() => {
    scratch = mkdtempSync(join(tmpdir(), "ocuroot-vsix-"));
    vsix = join(scratch, "ocuroot.vsix");
  });
  after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

  it("is made by npm run package, under two megabytes", function () {
    this.timeout(300_000);
    const npm = spawnSync("npm", ["run", "--silent", "package", "--", "--out", vsix], {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    assert.equal(npm.status, 0, npm.stdout + npm.stderr);
    const { size } = statSync(vsix);
    assert.ok(size < 2_000_000, `it has ${size} bytes`);
  });

  it("is installed", async function () {
    this.timeout(300_000);
    folder = copyRepository("seed");
    writeFileSync(join(folder, "broken.ocu.star"), 'def build(ctx):\n    return don()\n\ntask(build, name="build")\n');
    ({ workbench } = await openRepository(folder, { editor: await ownEditor({}, vsix) }));
  });

  it("says what is wrong with a file", async () => {
    await workbench.editor.open("broken.ocu.star");
    await workbench.panels.showProblems();
    await workbench.panels.waitForProblem(/`don` is not defined; did you mean `done`\?/);
  });

  it("releases from the palette, with the command that came with it", async () => {
    await workbench.editor.open("environments.ocu.star");
    await workbench.runCommand("Ocuroot: New Release");
    await workbench.tree("Releases").waitFor(/environments\.ocu\.star .*r1 done/);
    await workbench.panels.openTerminal();
    await workbench.panels.typeInTerminal("ocuroot state match '@/environment/*'");
    await workbench.panels.waitForTerminal(/^@\/environment\/production\n@\/environment\/staging$/m);
    await workbench.screenshot("package-installed");
  });

  it("has a page with the pictures that it names", async () => {
    await workbench.runCommand("View: Show Extensions");
    await workbench.page
      .locator(".extensions-list, .extensions-viewlet")
      .getByText("Ocuroot", { exact: true })
      .first()
      .click();
    const page = await workbench.webview("", "", async (frame) =>
      /Write package files/.test(await frame.innerText("body")),
    );
    const pictures = await page
      .locator("img")
      .evaluateAll((all) =>
        all.map((each) => `${(each as HTMLImageElement).naturalWidth > 0} ${each.getAttribute("src")}`),
      );
    await workbench.screenshot("package-page");
    assert.ok(pictures.length >= 3);
    assert.deepEqual(
      pictures.filter((each) => !each.startsWith("true")),
      [],
    );
  });
});
