import assert from "node:assert/strict";
import { fuzz } from "../fuzz/main.ts";

describe("random input", () => {
  it("ends with a result or an error of its own, and an edited tree is a fresh one", async () => {
    const counts = await fuzz({ seed: 20_261_122, count: 1000 });
    assert.ok(counts.static > 5 && counts.dynamic > 5 && counts.ran > 1, JSON.stringify(counts));
    assert.ok(counts.edits > 1000, JSON.stringify(counts));
  }).timeout(600_000);
});
