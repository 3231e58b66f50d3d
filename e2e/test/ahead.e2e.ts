import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../src/eventually.ts";
import { PhaseGraph } from "../src/phaseGraph.ts";
import { commitAll, copyRepository, ocuroot, openRepository, release, run } from "../src/session.ts";
import { type ThemeKind, themes, type Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

describe("Looking ahead in the shop", () => {
  const file = "frontend/release.ocu.star";
  let folder: string;
  let workbench: Workbench;
  let graph: PhaseGraph;

  story();
  before(async () => {
    folder = copyRepository("shop");
    release(folder, "environments.ocu.star", "database/release.ocu.star", "backend/release.ocu.star");
    run(folder, "state", "set", "-f", "json", "database/release.ocu.star/@r1/custom/approval", "true");
    run(folder, "release", "continue", "database/release.ocu.star/@r1");
    run(folder, "release", "continue", "backend/release.ocu.star/@r1");
    assert.equal(ocuroot(folder, "release", "new", file).status, 1);
    run(folder, "release", "retry", file);
    ({ workbench } = await openRepository(folder, { file }));
    await workbench.tree("Releases").waitFor(/frontend\/release\.ocu\.star .*r1 done/);
  });

  async function editFile(change: (text: string) => string): Promise<void> {
    const path = join(folder, file);
    writeFileSync(path, change(readFileSync(path, "utf8")));
  }

  /** Waits for a list in the box at the top, and reads all of it. */
  async function listed(pattern: RegExp): Promise<string> {
    let text = "";
    return eventually(
      () => `a list with ${pattern}; it is: ${text}`,
      async () => {
        text = (await workbench.quickInput.rows().allInnerTexts()).join("\n");
        return pattern.test(text) ? text : undefined;
      },
    );
  }

  it("marks what took the time, and says what a new release would do", async () => {
    await workbench.runCommand("Ocuroot: Preview Phases");
    graph = await PhaseGraph.inTab(workbench);
    await workbench.runCommand("View: Toggle Maximize Editor Group");
    await graph.toggle(/critical path/);
    await graph.waitForText(/build [\d.]+ s › .* = [\d.]+ s/);
    await graph.waitForText(/\d+ % of the critical path/);
    await graph.toggle(/new release would do/);
    await graph.waitForText(/A release made now would run all 6 pieces of work/);
    assert.match(await graph.cardLabel("us"), /a new release would run/);
    await workbench.screenshot("ahead-path");
    await graph.toggle(/critical path/);
    await graph.toggle(/new release would do/);
    await graph.waitForNoText(/critical path/);
  });

  it("finds work from the keyboard", async () => {
    assert.equal(await graph.find("test"), "2 found");
    assert.deepEqual(await graph.found(), ["eu-test", "us-test"]);
    await graph.pressInSearch("Enter");
    await workbench.screenshot("ahead-find");
    assert.equal(await graph.find("no such work"), "No results");
    await graph.pressInSearch("Escape");
    assert.deepEqual(await graph.found(), []);
  });

  it("shows some environments only, as they are chosen", async () => {
    await graph.chooseEnvironments("type: production", false);
    await graph.waitFor([
      { name: "", cards: ["build"] },
      { name: "staging", cards: ["eu-test", "us-test"] },
    ]);
    await graph.waitForText(/2 of 5 environments/);
    await workbench.screenshot("ahead-environments");
    await graph.chooseEnvironments("All environments", true);
    await graph.closeMenu();
    await graph.waitForNoText(/of 5 environments/);
  });

  it("previews an environment that does not exist, and goes back", async () => {
    await graph.press("What if there were other environments?");
    await listed(/Add an environment/);
    await workbench.quickInput.choose("Add an environment…");
    await answerInput(/Its name/, "asia-test");
    await answerInput(/Attributes as NAME=VALUE/, "type=staging region=ap-southeast-1");
    await graph.waitForText(/What if: asia-test \(type=staging region=ap-southeast-1\): 1 piece of work more/);
    await graph.waitFor([
      { name: "", cards: ["build"] },
      { name: "staging", cards: ["asia-test", "eu-test", "us-test"] },
      { name: "production", cards: ["asia", "eu", "us"] },
    ]);
    assert.match(await graph.cardLabel("asia-test"), /only in the what-if preview/);
    await workbench.screenshot("ahead-what-if");
    assert.ok(
      !ocuroot(folder, "state", "match", "@/environment/**").output.includes("asia-test"),
      "nothing is registered",
    );
    await graph.press("Reset");
    await graph.waitForNoText(/What if:/);
    assert.ok(!(await graph.text()).includes("asia-test"));
  });

  it("says what releasing the file now would change, gravest first", async () => {
    await editFile((text) =>
      text
        .replace('for e in of_type("production")', 'for e in of_type("production") if e.name != "asia"')
        .replace('print("building', 'print("now building'),
    );
    await graph.waitForText(/r2 would change: /);
    await graph.toggle(/would change/);
    await graph.waitForText(/deploy asia: stays deployed, but nothing deploys it any more/);
    await graph.waitForText(/task build: changes/);
    for (const theme of Object.keys(themes) as ThemeKind[]) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`ahead-changes-${theme}`);
      assert.deepEqual(await graph.accessibilityFaults(), [], theme);
    }
    await workbench.setTheme("dark");
    await workbench.runCommand("Ocuroot: What Would Change If I Released This Now");
    const list = await listed(/deploy asia: stays deployed/);
    assert.ok(list.indexOf("deploy asia") < list.indexOf("task build"), list);
    await workbench.screenshot("ahead-changes-list");
    await workbench.quickInput.dismiss();
  });

  it("asks before a release that leaves something behind, and makes none when told not to", async () => {
    await workbench.runCommand("Ocuroot: New Release");
    await listed(/Make r2 of frontend\/release\.ocu\.star/);
    await workbench.screenshot("ahead-dry-run");
    await workbench.quickInput.dismiss();
    assert.ok(!ocuroot(folder, "release", "list", file).output.includes("r2"));
  });

  it("lists what would be taken down before an environment is deleted", async () => {
    await workbench.runCommand("Ocuroot: Delete Environment…");
    await listed(/us-test/);
    await workbench.quickInput.choose("us-test");
    const list = await listed(/Delete us-test and take 3 deployments down/);
    for (const each of ["frontend", "backend", "database"])
      assert.match(list, new RegExp(`${each}/release\\.ocu\\.star`));
    await workbench.screenshot("ahead-delete");
    await workbench.quickInput.accept();
    await workbench.panels.waitForTerminal(/us-test is removed/);
    await workbench.panels.waitForTerminal(/(− deploy us-test|deploy us-test − removed)[\s\S]*us-test is removed/);
    assert.ok(!ocuroot(folder, "state", "match", "@/environment/**").output.includes("us-test"));
    await workbench.panels.close();
  });

  it("tells where a commit is, and which releases a push would make", async () => {
    await editFile((text) => text.replace("now building", "building").replace(' if e.name != "asia"', ""));
    writeFileSync(join(folder, "NOTES"), "later\n");
    commitAll(folder, "Something later");
    await workbench.runCommand("Ocuroot: Where Is This Commit?");
    await listed(/Something later · live in 0 of \d+ deployments[\s\S]*what is live here is older/);
    await workbench.screenshot("ahead-commit", { x: 390, y: 0, width: 620, height: 290 });
    await workbench.quickInput.type("HEAD~1");
    await listed(/Sample repository · live in (\d+) of \1 deployments/);
    await workbench.quickInput.type("nonsense");
    await listed(/nonsense/);
    await workbench.quickInput.dismiss();
    await workbench.editor.closeTab();
    await workbench.editor.open(file);
    await workbench.runCommand("Ocuroot: What Would a Push Release?");
    await listed(/frontend\/release\.ocu\.star: would be released\n.*\n?It is the package file itself/);
    await workbench.screenshot("ahead-push", { x: 390, y: 0, width: 620, height: 260 });
    await workbench.quickInput.dismiss();
  });

  it("runs one function from where it is written, and records nothing", async () => {
    await workbench.editor.open(file, 6, 5);
    await workbench.runCommand("Ocuroot: Run Function…");
    await listed(/Run build for task\/build[\s\S]*previous_build/);
    await workbench.quickInput.choose("previous_build");
    await answerInput(/JSON/, "41");
    await listed(/41 · as typed/);
    await workbench.screenshot("ahead-run");
    await workbench.quickInput.accept();
    await workbench.panels.waitForTerminal(/building frontend 42[\s\S]*tag=frontend:42/);
    assert.ok(!ocuroot(folder, "release", "list", file).output.includes("r2"));
    await workbench.panels.close();
  });

  it("asks for which work a shared function is run, and before it acts on production", async () => {
    await workbench.editor.open(file, 22, 5);
    await workbench.runCommand("Ocuroot: Run Function…");
    await listed(/deploy\/eu-test[\s\S]*deploy\/us/);
    await workbench.quickInput.choose("deploy/eu");
    await listed(/Run up for deploy\/eu[\s\S]*backend_url/);
    await workbench.quickInput.accept();
    await workbench.answerDialog(/Run deploy\/eu of frontend\/release\.ocu\.star for real/, "Cancel");
  });

  it("leads from a log line to its source, and from the source to its last output", async () => {
    await workbench.tree("Releases").show();
    await workbench.runCommand("Ocuroot: Show Log");
    await listed(/\bus\b/);
    await workbench.quickInput.choose("us");
    await workbench.editor.waitForText(/is live in us/);
    await workbench.editor.waitForText(/release\.ocu\.star:\d+/);
    await workbench.screenshot("ahead-log");
    await workbench.editor.goTo(1, 1);
    await workbench.editor.press("F12");
    await workbench.editor.waitForCursorIn(file, /host\.shell\(/);
    assert.match(await workbench.editor.hoverWith(/Printed last/), /deploy\s\w+\s·\sr1[\s\S]*Open\slog/);
    await workbench.screenshot("ahead-output");
  });

  async function answerInput(prompt: RegExp, text: string): Promise<void> {
    await workbench.quickInput.widget.filter({ hasText: prompt }).waitFor();
    await workbench.quickInput.type(text);
    await workbench.quickInput.accept();
  }
});
