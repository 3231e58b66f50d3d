import assert from "node:assert/strict";
import { wantedLevel } from "../src/model/severities.ts";

describe("Severities of single diagnostics", () => {
  it("are chosen by code, else by group", () => {
    const severities = { "sdk/input-name": "off", sdk: "warning", names: "hint" };
    assert.equal(wantedLevel("sdk/input-name", severities), "off");
    assert.equal(wantedLevel("sdk/wrong-type", severities), "warning");
    assert.equal(wantedLevel("names", severities), "hint");
    assert.equal(wantedLevel("load/cycle", severities), undefined);
  });

  it("stay as they are for words that are no level", () => {
    assert.equal(wantedLevel("a/b", { "a/b": "loud" }), undefined);
    assert.equal(wantedLevel("a/b", { a: 3 }), undefined);
    assert.equal(wantedLevel("", {}), undefined);
  });
});
