import assert from "node:assert/strict";
import { formatAge, formatDuration, lastMeaningfulLine, shorten, spoken } from "../src/model/format.ts";

describe("A line for those who hear it", () => {
  it("has its parts one after the other, and no signs", () => {
    assert.equal(
      spoken("Release r8", "failed", "deploy/us failed · 41 s · 2 min ago"),
      "Release r8, failed, deploy/us failed, 41 s, 2 min ago",
    );
    assert.equal(spoken("r12", "", undefined, "v1.4.0  stable"), "r12, v1.4.0, stable");
  });
});

describe("Words for times", () => {
  it("writes durations as the design does", () => {
    const cases: [number, string][] = [
      [0, "0.0 s"],
      [40, "0.0 s"],
      [420, "0.4 s"],
      [4100, "4.1 s"],
      [4000, "4.0 s"],
      [9949, "9.9 s"],
      [9960, "10 s"],
      [12_400, "12 s"],
      [59_600, "1 min 00 s"],
      [185_000, "3 min 05 s"],
      [3_599_600, "1 h 00 min"],
      [7_620_000, "2 h 07 min"],
      [-5, "0.0 s"],
      [Number.NaN, "0.0 s"],
    ];
    for (const [milliseconds, text] of cases) assert.equal(formatDuration(milliseconds), text);
  });

  it("writes ages relative to now", () => {
    const noon = new Date(2026, 10, 22, 12, 0, 0).getTime();
    const minute = 60_000;
    const cases: [number, string][] = [
      [0, "just now"],
      [-minute, "just now"],
      [50_000, "1 min ago"],
      [2 * minute, "2 min ago"],
      [3 * 60 * minute, "3 h ago"],
      [13 * 60 * minute, "yesterday"],
      [30 * 60 * minute, "yesterday"],
      [5 * 24 * 60 * minute, "5 d ago"],
      [30 * 24 * 60 * minute, "2026-10-23"],
    ];
    for (const [age, text] of cases) assert.equal(formatAge(noon - age, noon), text);
  });

  it("says hours, not yesterday, shortly after midnight", () => {
    const early = new Date(2026, 10, 22, 1, 0, 0).getTime();
    assert.equal(formatAge(early - 3 * 3_600_000, early), "3 h ago");
  });

  it("finds the line that matters", () => {
    assert.equal(lastMeaningfulLine("Traceback\n  at x\nexit 1: no space\n\n"), "exit 1: no space");
    assert.equal(lastMeaningfulLine(""), "");
    assert.equal(shorten("abcdef", 4), "abc…");
    assert.equal(shorten("abcd", 4), "abcd");
  });
});
