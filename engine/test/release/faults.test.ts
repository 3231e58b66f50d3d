import assert from "node:assert/strict";
import { runFaults } from "../../faults/run.ts";
import { bundledCommand } from "../bundle.ts";
import { temporaryFolder } from "../state/folders.ts";

/** A few of the kills that `npm run faults` does by the hundred; the seed is another one each time. */
describe("releases whose commands are killed at random moments", function () {
  this.timeout(600_000);
  let program: string;
  before(async () => {
    program = await bundledCommand();
  });

  for (const [sort, kills] of [
    ["fs", 8],
    ["git", 5],
  ] as const) {
    it(`lose nothing and repeat nothing, on a store of the kind ${sort}`, async () => {
      const seed = Math.floor(Math.random() * 1_000_000);
      const said: string[] = [];
      const found = await runFaults({ sort, seed, kills, scratch: temporaryFolder(), program }, (line) => {
        said.push(line);
      });
      assert.equal(found, 0, `seed ${seed}\n${said.join("\n")}`);
    });
  }
});
