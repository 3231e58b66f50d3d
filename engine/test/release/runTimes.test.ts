import assert from "node:assert/strict";
import { activeIntervals, activeTime, withoutOpenPause, withPause } from "../../src/release/runTimes.ts";

const at = (second: number) => new Date(second * 1000).toISOString();

describe("the time a run was at work", () => {
  it("leaves out what it waited for inputs", () => {
    const pauses = [
      { from: at(10), to: at(70) },
      { from: at(80), to: at(90) },
    ];
    assert.equal(activeTime({ started: at(0), ended: at(100), pauses }), 30_000);
    assert.equal(activeTime({ started: at(0), ended: at(100) }), 100_000);
    assert.equal(activeTime({ started: at(0) }), undefined);
  });

  it("counts an open pause to the end, and nothing that lies before the start", () => {
    const whole = { start: 0, end: 100_000 };
    assert.deepEqual(activeIntervals(whole, [{ from: at(40) }]), [
      { start: 0, end: 40_000 },
      { start: 100_000, end: 100_000 },
    ]);
    assert.deepEqual(activeIntervals(whole, [{ from: at(-9), to: at(-5) }]), [whole]);
    assert.deepEqual(activeIntervals(whole, [{ from: "never" }]), [whole]);
  });

  it("closes the pause that is open, and no other", () => {
    const document = { type: "task", release: "r", functions: [], pauses: [{ from: at(1), to: at(2) }] } as const;
    const going = withoutOpenPause(withPause(document, at(5)), at(9));
    assert.deepEqual(going.pauses, [
      { from: at(1), to: at(2) },
      { from: at(5), to: at(9) },
    ]);
  });
});
