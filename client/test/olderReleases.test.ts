import assert from "node:assert/strict";
import type { PackageState, ReleaseState, WorkStatus } from "@ocuroot/server/protocol";
import { unsettledStretch, updated, withOlder } from "../src/model/olderReleases.ts";

function release(number: number, status: WorkStatus = "complete"): ReleaseState {
  return { ref: `shop/-/a.ocu.star/@r${number}`, name: `r${number}`, tags: [], commit: "", status, phases: [] };
}

function pageOf(newest: number, count: number, total: number): PackageState {
  const releases = Array.from({ length: count }, (_, index) => release(newest - index));
  return { file: "a.ocu.star", uri: "file:///w/a.ocu.star", releases, moreReleases: total - count };
}

describe("Older releases of a file", () => {
  const names = (state: PackageState) => state.releases.map((each) => each.name).join(" ");

  it("follow the first page, and the rest is counted", () => {
    const known = [6, 5, 4].map((number) => release(number));
    const shown = withOlder(pageOf(10, 4, 10), known);
    assert.equal(names(shown), "r10 r9 r8 r7 r6 r5 r4");
    assert.equal(shown.moreReleases, 3);
  });

  it("keep those that newer releases pushed off the first page", () => {
    const known = [10, 9, 8, 7, 6, 5].map((number) => release(number));
    assert.equal(names(withOlder(pageOf(12, 4, 12), known)), "r12 r11 r10 r9 r8 r7 r6 r5");
  });

  it("are given up rather than leaving a gap", () => {
    const shown = withOlder(pageOf(20, 4, 20), [release(6), release(5)]);
    assert.equal(names(shown), "r20 r19 r18 r17");
    assert.equal(shown.moreReleases, 16);
  });

  it("are read again only where something is under way", () => {
    assert.equal(unsettledStretch([release(9), release(8, "cancelled")]), undefined);
    const stretch = unsettledStretch([release(9), release(8, "failed"), release(7), release(6, "running")]);
    assert.deepEqual(stretch, { before: "r9", limit: 3 });
  });

  it("are replaced by newer readings", () => {
    const known = updated([release(9, "running"), release(8)], [release(9)]);
    assert.deepEqual(
      known.map((each) => each.status),
      ["complete", "complete"],
    );
  });
});
