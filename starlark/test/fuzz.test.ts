import assert from "node:assert/strict";
import { fuzz } from "./fuzz.ts";

describe("random programs", () => {
  it("end with a result or with an error of their own", async () => {
    const counts = await fuzz(1500, 20_261_122);
    assert.ok(counts.static > 100 && counts.dynamic > 100 && counts.ran > 10, JSON.stringify(counts));
  }).timeout(60_000);
});
