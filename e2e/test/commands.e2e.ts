import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { commitAll, copyRepository, ocuroot, openRepository, release, run } from "../src/session.ts";
import type { TreeView } from "../src/treeView.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

/** Runs for as long as a file called `go` is missing. */
const slow = `ocuroot("0.3.0")

def build():
    print("first")
    host.shell("until test -e go; do sleep 0.1; done; echo second")
    return done(outputs={"n": 1})

task(build, name="build")

def sign(who):
    return done(outputs={"who": who})

task(sign, name="sign", inputs={"who": ref("./custom/signature")})
`;

const faulty = `ocuroot("0.3.0")

def build():
    return done()

task(build, name="build")
task(build, name="build")
`;

const tasks = {
  version: "2.0.0",
  tasks: [{ type: "ocuroot", command: "release new", file: "slow.ocu.star", args: ["--force"], label: "our release" }],
};

describe("Commands", () => {
  const file = "slow.ocu.star";
  let folder: string;
  let workbench: Workbench;
  let releases: TreeView;

  story();
  before(async () => {
    folder = copyRepository("seed");
    writeFileSync(join(folder, file), slow);
    writeFileSync(join(folder, "faulty.ocu.star"), faulty);
    mkdirSync(join(folder, ".vscode"));
    writeFileSync(join(folder, ".vscode", "tasks.json"), JSON.stringify(tasks));
    appendFileSync(join(folder, ".gitignore"), "go\n");
    commitAll(folder, "More files");
    release(folder, "environments.ocu.star");
    ({ workbench, releases } = await openRepository(folder, { file }));
    // The keys mean something only when the extension has begun.
    await releases.waitFor(/environments\.ocu\.star {2}r1 done/);
  });

  const go = () => writeFileSync(join(folder, "go"), "");
  const stop = () => rmSync(join(folder, "go"), { force: true });
  const press = (key: string) => workbench.page.keyboard.press(key);

  it("start a release by keys; the status bar says how far it is, the log follows it", async () => {
    await workbench.editor.focus(file);
    await press("Control+Alt+o");
    await press("n");
    await releases.waitFor(/slow\.ocu\.star {2}r1 running/);
    const progress = workbench.statusItem(/slow\.ocu\.star/);
    await progress.waitFor();
    assert.match((await progress.innerText()).trim(), /slow\.ocu\.star/);
    await releases.click(/^ +build {2}running/);
    await workbench.editor.waitForText(/^first\b/m);
    await (await PhaseGraph.show(workbench)).waitForText(/build running [\d.]+ s/);
    await workbench.screenshot("commands-running");
    assert.doesNotMatch(await workbench.editor.visibleText(), /second/);
    go();
    await workbench.editor.waitForText(/^second\b/m);
    await progress.waitFor({ state: "detached" });
    await workbench.editor.closeTab();
  });

  it("tell what a release waits for, and set it", async () => {
    await releases.waitFor(/slow\.ocu\.star {2}r1 needs signature/);
    await workbench.notification(/r1 of slow\.ocu\.star waits for signature/).waitFor();
    await workbench.runCommand("Notifications: Clear All Notifications");
    await workbench.runCommand("Ocuroot: Set State…");
    await workbench.quickInput.pick(/signature/);
    await workbench.quickInput.widget.filter({ hasText: /Value of/ }).waitFor();
    await workbench.quickInput.type('{"by": "$' + '{USER} & \\"me\\""}');
    await workbench.quickInput.accept();
    await releases.waitFor(/slow\.ocu\.star {2}r1 done/);
    const { output } = ocuroot(folder, "state", "get", `${file}/@r1/task/sign#output/who`);
    assert.deepEqual(
      JSON.parse(output),
      { by: "$" + '{USER} & "me"' },
      "to the letter, whatever the editor makes of $ and {",
    );
  });

  it("cancel a release that waits, after a question", async () => {
    run(folder, "release", "new", file, "--force");
    await releases.waitFor(/slow\.ocu\.star {2}r2 needs signature/);
    await workbench.runCommand("Ocuroot: Cancel Release");
    await workbench.answerDialog(
      /Cancel r2 of slow\.ocu\.star\?.*1 piece of work will never begin: sign/,
      "Cancel Release",
    );
    await releases.waitFor(/slow\.ocu\.star {2}r2 cancelled/);
  });

  it("continue a release when its value is there, and say so when it is not", async () => {
    run(folder, "release", "new", file, "--force");
    await releases.waitFor(/slow\.ocu\.star {2}r3 needs signature/);
    await workbench.runCommand("Ocuroot: Continue Release");
    await workbench.notification(/r3 of slow\.ocu\.star waits for/).waitFor();
    await workbench.runCommand("Notifications: Clear All Notifications");
    run(folder, "state", "set", `${file}/@r3/custom/signature`, "me");
    await workbench.runCommand("Ocuroot: Work: Continue…");
    await workbench.quickInput.pick(/Do th(is|ese)/);
    await releases.waitFor(/slow\.ocu\.star {2}r3 done/);
  });

  it("run tasks of the user's own", async () => {
    await workbench.runCommand("Tasks: Run Task");
    await workbench.quickInput.type("our release");
    await workbench.quickInput.pick(/our release/);
    await releases.waitFor(/slow\.ocu\.star {2}r4 needs signature/);
    await workbench.panels.waitForTerminal(/r4/);
  });

  it("lint a package; what is wrong lands in Problems, and the terminal leads there", async () => {
    await workbench.quickInput.openFile("faulty.ocu.star");
    await workbench.runCommand("Ocuroot: Lint Package");
    await workbench
      .notification(/faulty\.ocu\.star has problems/)
      .getByRole("button", { name: "Show Problems" })
      .click();
    await workbench.panels.waitForProblem(/build/);
    await workbench.editor.closeTab();
    await workbench.runCommand("Terminal: Focus Terminal");
    await workbench.panels.waitForTerminal(/faulty\.ocu\.star:7/);
    await workbench.panels.followLink(/faulty\.ocu\.star:7/);
    await workbench.editor.waitForCursorIn("faulty.ocu.star", /^task\(build, name="build"\)$/);
  });

  it("lead from a ref in the terminal to its document", async () => {
    await workbench.panels.openTerminal();
    await workbench.panels.typeInTerminal("echo; ocuroot state match '@/environment/*'");
    await workbench.panels.waitForTerminal(/^@\/environment\/staging$/m);
    await workbench.panels.followLink(/^@\/environment\/staging$/);
    await workbench.editor.waitForText(/"type": "staging"/);
    await workbench.panels.close();
    await workbench.runCommand("View: Close All Editors");
  });

  it("filter the releases, and show all again", async () => {
    await workbench.runCommand("Ocuroot: Filter Releases…");
    await workbench.quickInput.type("slow cancelled");
    await workbench.quickInput.accept();
    await eventually("only what matches", async () => {
      const lines = (await releases.lines()).filter((line) => /^ {2}\S/.test(line));
      return lines.length === 1 && /slow\.ocu\.star/.test(lines[0]!);
    });
    await workbench.page
      .locator(".part.sidebar")
      .getByText(/Only releases that match “slow cancelled” are shown/)
      .waitFor();
    await workbench.runCommand("Ocuroot: Clear Filter");
    await releases.waitFor(/environments\.ocu\.star/);
  });

  it("copy the ref of a line, and show where its work is written", async () => {
    await releases.expand(/^ {2}slow\.ocu\.star/);
    await releases.expand(/^ {4}r4 /);
    await releases.chooseInMenu(/^ +build {2}[\d.]+ s/, "Copy Ref");
    await eventually("the ref on the clipboard", async () => {
      const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
      return copied === `myapp/-/${file}/@r4/task/build`;
    });
    await releases.clickAction(/^ +build {2}[\d.]+ s/, "Reveal in File");
    await workbench.editor.waitForCursorIn(file, /^def build\(\):$|^task\(build, name="build"\)$/);
  });

  it("show logs from the palette, and what the server says; the server starts again when told", async () => {
    await workbench.runCommand("Ocuroot: Show Log");
    await workbench.quickInput.choose("build");
    await workbench.editor.waitForText(/^first\b/m);
    await workbench.editor.closeTab();
    await workbench.editor.open(file);
    await workbench.runCommand("Ocuroot: Restart Language Server");
    await releases.waitFor(/slow\.ocu\.star {2}r4 needs signature/);
    await workbench.editor.waitForText(/New release/);
    await workbench.runCommand("Ocuroot: Show Output");
    await workbench.page.locator(".part.panel").getByText("Output", { exact: false }).first().waitFor();
    stop();
  });
});
