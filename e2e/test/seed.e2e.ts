import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { copyRepository, openRepository } from "../src/session.ts";
import type { Workbench } from "../src/workbench.ts";
import { story } from "./steps.ts";

describe("The documentation's sample as it was published", () => {
  const file = "release.ocu.star";
  let folder: string;
  let workbench: Workbench;

  story();
  before(async () => {
    folder = copyRepository("seed-broken");
    ({ workbench } = await openRepository(folder));
  });

  it("has one fault, in words, at its place", async () => {
    await workbench.editor.open(file, 23, 1);
    await workbench.panels.showProblems();
    const problem = await workbench.panels.waitForProblem(/comma/i);
    assert.match(problem, /^Error/);
    assert.match(problem, /at line 23 and character/);
    assert.equal((await workbench.panels.problems()).length, 1);
    await workbench.screenshot("seed-diagnostic");
  });

  it("is repaired by the quick fix, from the keyboard", async () => {
    await workbench.editor.focus(file);
    await workbench.editor.goTo(23, 1);
    const titles = await workbench.editor.openQuickFixes();
    await workbench.screenshot("seed-quick-fix");
    assert.deepEqual(titles, ["Insert `,`"]);
    await workbench.editor.takeQuickFix("Insert `,`");
    await workbench.panels.waitForNoProblem(/./);
    await workbench.editor.save();
    assert.match(readFileSync(join(folder, file), "utf8"), /^ {4}name="build",\n {4}inputs=\{$/m);
    await workbench.screenshot("seed-repaired");
  });
});
