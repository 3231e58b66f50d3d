/** Mocha's root hooks: a picture and the editor's prints for each failed test, and the end of the run's VS Code. */
import type { RootHookObject } from "mocha";
import { editorOutput, endSession } from "../src/session.ts";
import { openWorkbenches } from "../src/workbench.ts";

export const mochaHooks: RootHookObject = {
  async afterEach(this: Mocha.Context) {
    const test = this.currentTest;
    if (test?.state !== "failed") return;
    const name = test
      .fullTitle()
      .replace(/[^A-Za-z0-9]+/g, "-")
      .toLowerCase();
    for (const [index, workbench] of [...openWorkbenches].entries()) {
      await workbench.screenshot(`failed/${name}${index === 0 ? "" : `-${index + 1}`}`).catch(() => undefined);
      for (const line of workbench.errors.slice(-10)) console.error(`      page: ${line}`);
    }
    const output = (await editorOutput()).trim().split("\n").slice(-15);
    for (const line of output) console.error(`      server: ${line}`);
  },
  async afterAll(this: Mocha.Context) {
    // Ten thousand releases are as many folders, and a busy disk takes its time to remove them.
    this.timeout(300_000);
    await endSession();
  },
};
