import assert from "node:assert/strict";
import { shellReply, shellResult } from "../../src/runner/shellReply.ts";

describe("the result of a command on its way to a worker", () => {
  it("arrives as it was, and holds no output twice where one stream said it all", () => {
    for (const [stdout, stderr, combinedOutput, isLeftOut] of [
      ["out", "", "out", true],
      ["", "err", "err", true],
      ["", "", "", true],
      ["a", "b", "ba", false],
      ["a", "a", "aa", false],
    ] as const) {
      const result = { stdout, stderr, combinedOutput, exitCode: 3, signal: "SIGTERM" };
      const reply = shellReply(result);
      assert.equal("combinedOutput" in reply, !isLeftOut);
      assert.deepEqual(shellResult(reply), result);
    }
  });
});
