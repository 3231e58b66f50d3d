import assert from "node:assert/strict";
import { RefError, refSegments } from "../../src/refs/index.ts";

describe("refs on disk (3.1)", () => {
  it("are the path of a folder", () => {
    assert.deepEqual(refSegments("@/environment/eu"), ["@", "environment", "eu"]);
    assert.deepEqual(refSegments("github.com/a/b/-/c.ocu.star/@"), ["github.com", "a", "b", "-", "c.ocu.star", "@"]);
  });

  const refused = [
    "",
    "a//b",
    "../x",
    "a/../b",
    "a/./b",
    "/etc",
    "a\0b",
    "a/",
    "a#b",
    "a/@object.json",
    `a/${"x".repeat(256)}`,
    "a/\ud800",
  ];
  for (const ref of refused) {
    it(`refuses ${JSON.stringify(ref).slice(0, 30)}`, () => assert.throws(() => refSegments(ref), RefError));
  }

  it("refuses on Windows what no folder can be called there", () => {
    for (const name of ["a:b", "CON", "nul.txt", "x.", "a|b", "a\\b"]) {
      assert.throws(() => refSegments(`@/custom/${name}`, "win32"), RefError);
      assert.doesNotThrow(() => refSegments(`@/custom/${name}`, "linux"));
    }
  });
});
