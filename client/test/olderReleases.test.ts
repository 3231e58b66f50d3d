import assert from "node:assert/strict";
import type { PackageState, ReleaseState, WorkStatus } from "@ocuroot/server/protocol";
import { allStretches, hasGap, unsettledStretches, updated, withOlder } from "../src/model/olderReleases.ts";

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

  it("follow it where numbers were left out, too", () => {
    const known = [20, 19, 18, 17, 12, 11].map((number) => release(number));
    const state = pageOf(20, 4, 6);
    assert.equal(hasGap(state, known), false);
    assert.equal(names(withOlder(state, known)), "r20 r19 r18 r17 r12 r11");
    assert.equal(withOlder(state, known).moreReleases, 0);
  });

  it("are known to be torn off when none of the first page was read with them", () => {
    const known = [6, 5, 4].map((number) => release(number));
    assert.equal(hasGap(pageOf(20, 4, 20), known), true);
    assert.equal(hasGap(pageOf(9, 4, 9), known), false);
  });

  it("are read again by themselves only where something may have changed", () => {
    assert.deepEqual(unsettledStretches([release(9), release(8, "cancelled")]), []);
    const known = [release(9), release(8, "failed"), release(7), release(6, "running"), release(2), release(1)];
    assert.deepEqual(unsettledStretches(known), [{ before: "r9", limit: 3, last: "r6" }]);
    assert.deepEqual(unsettledStretches([release(900, "failed"), ...known]), [
      { before: "r901", limit: 5, last: "r6" },
    ]);
  });

  it("are not all read again when thousands failed long ago, but what goes on is", () => {
    const failed = Array.from({ length: 10_000 }, (_, index) => release(10_001 - index, "failed"));
    const stretches = unsettledStretches([...failed, release(1, "blocked")]);
    assert.deepEqual(stretches, [
      { before: "r10002", limit: 199, last: "r9803" },
      { before: "r2", limit: 1, last: "r1" },
    ]);
  });

  it("are all read again, page by page, when somebody refreshes", () => {
    const known = [9, 8, 7, 3, 2].map((number) => release(number));
    assert.deepEqual(allStretches(known, 2), [
      { before: "r10", limit: 2, last: "r8" },
      { before: "r8", limit: 2, last: "r3" },
      { before: "r3", limit: 1, last: "r2" },
    ]);
    assert.deepEqual(allStretches([], 2), []);
  });

  it("go when they are read again and are not there any more", () => {
    const known = [9, 8, 7].map((number) => release(number));
    const read = updated(known, [release(9, "failed")], [{ before: "r10", limit: 2, last: "r8" }]);
    assert.deepEqual(
      read.map((each) => `${each.name} ${each.status}`),
      ["r7 complete", "r9 failed"],
    );
  });

  it("are replaced by newer readings", () => {
    const known = updated([release(9, "running"), release(8)], [release(9)]);
    assert.deepEqual(
      known.map((each) => each.status),
      ["complete", "complete"],
    );
  });
});
