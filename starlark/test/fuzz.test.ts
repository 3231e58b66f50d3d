import assert from "node:assert/strict";
import { fuzz } from "../fuzz/main.ts";

describe("random input", () => {
  it("ends with a result or an error of its own, and an edited tree is a fresh one", async () => {
    const counts = await fuzz({ seed: 20_261_122, count: 4000 });
    assert.ok(counts.static > 20 && counts.dynamic > 20 && counts.ran > 5, JSON.stringify(counts));
    assert.ok(counts.edits > 4000, JSON.stringify(counts));
  }).timeout(120_000);
});
