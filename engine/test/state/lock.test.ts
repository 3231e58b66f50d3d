import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { acquireLock } from "../../src/state/file/lock.ts";
import { currentOwner, type Owner, ownerIsAlive, ownerState, readOwner } from "../../src/state/owner.ts";
import { temporaryFolder } from "./folders.ts";

/** The record of a process that has ended. */
function deadOwner(): Owner {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  return { ...currentOwner(), pid, started: "1" };
}

describe("owners", () => {
  it("are alive, gone or unknown", () => {
    const here = currentOwner();
    assert.equal(ownerState(here), "alive");
    assert.equal(ownerState(deadOwner()), "gone");
    assert.equal(ownerState({ ...here, host: "elsewhere" }), "unknown");
    assert.equal(ownerState(undefined), "unknown");
    assert.ok(ownerIsAlive(undefined));
    assert.ok(!ownerIsAlive(deadOwner()));
    if (process.platform === "linux") {
      assert.equal(ownerState({ ...here, started: "1" }), "gone", "a later process with the same number");
      assert.equal(ownerState({ ...here, boot: "another-boot/pid:[1]" }), "gone", "the machine was started anew");
      assert.equal(ownerState({ ...here, boot: `${here.boot.split("/")[0]}/pid:[1]` }), "unknown", "another container");
    }
  });

  it("are read from documents, whatever those hold", () => {
    assert.deepEqual(readOwner({ ...currentOwner() }), currentOwner());
    assert.deepEqual(readOwner({ pid: 5, host: "h" }), { pid: 5, host: "h", started: "", boot: "" });
    for (const value of [
      null,
      undefined,
      1,
      "x",
      {},
      { pid: "5", host: "h" },
      { pid: 0, host: "h" },
      { pid: 1.5, host: "h" },
      { pid: 5 },
    ]) {
      assert.equal(readOwner(value), undefined);
    }
  });
});

describe("the lock of a store", () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  const lockFiles = () => readdirSync(folder).filter((name) => name.startsWith("lock."));

  it("is held by one at a time, and leaves one file", async () => {
    const first = await acquireLock(folder);
    await assert.rejects(acquireLock(folder, { timeout: 50 }), (error: Error) => {
      assert.match(error.message, new RegExp(`process ${process.pid} on .* is still locked`));
      return true;
    });
    await first.release();
    const second = await acquireLock(folder, { timeout: 50 });
    second.check();
    await second.release();
    assert.deepEqual(lockFiles(), ["lock.2"]);
    assert.equal(readdirSync(folder).length, 1, "no drafts are left");
  });

  it("never lets two in at once", async function () {
    this.timeout(120_000);
    let inside = 0;
    let most = 0;
    const enter = async () => {
      const lock = await acquireLock(folder, { timeout: 100_000 });
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      await lock.release();
    };
    await Promise.all(Array.from({ length: 40 }, enter));
    assert.equal(most, 1);
  });

  it("is taken over at once from a process that is gone", async () => {
    writeFileSync(join(folder, "lock.7"), JSON.stringify(deadOwner()));
    let takenOver = 0;
    const lock = await acquireLock(folder, { timeout: 50, onTakeOver: () => takenOver++ });
    assert.equal(takenOver, 1);
    assert.deepEqual(lockFiles(), ["lock.8"]);
    await lock.release();
  });

  it("clears away what processes left that were killed before they had it", async () => {
    const dead = deadOwner();
    writeFileSync(join(folder, `draft.${dead.pid}.written`), JSON.stringify(dead));
    writeFileSync(join(folder, `draft.${dead.pid}.empty`), "");
    const kept = [
      [`draft.${process.pid}.mine`, JSON.stringify(currentOwner())],
      [`draft.${process.pid}.empty`, ""],
      [`draft.${dead.pid}.elsewhere`, JSON.stringify({ ...dead, host: "elsewhere" })],
      [`marker.${dead.pid}`, "somebody may be about to rename it"],
    ] as const;
    for (const [name, text] of kept) writeFileSync(join(folder, name), text);
    await (await acquireLock(folder, { timeout: 50 })).release();
    assert.deepEqual(readdirSync(folder).sort(), [...kept.map(([name]) => name), "lock.1"].sort());
    writeFileSync(join(folder, "lock.2"), JSON.stringify(dead));
    await (await acquireLock(folder, { timeout: 50 })).release();
    assert.deepEqual(readdirSync(folder), ["lock.3"], "who takes over knows that all of it is left");
  });

  it("of another machine is taken over when there was no sign of life for long", async () => {
    const path = join(folder, "lock.3");
    writeFileSync(path, JSON.stringify({ ...currentOwner(), host: "elsewhere" }));
    await assert.rejects(acquireLock(folder, { timeout: 50 }), /on elsewhere/);
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(path, longAgo, longAgo);
    await (await acquireLock(folder, { timeout: 50 })).release();
  });

  it("of another machine is judged by the clock of the file system, whatever ours says", async () => {
    writeFileSync(join(folder, "lock.3"), JSON.stringify({ ...currentOwner(), host: "elsewhere" }));
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
    try {
      await assert.rejects(acquireLock(folder, { timeout: 50 }), /on elsewhere/);
    } finally {
      Date.now = now;
    }
    assert.deepEqual(readdirSync(folder), ["lock.3"], "what was written to compare is gone");
  });

  it("is never taken from a process that is there, however long it has given no sign", async () => {
    const path = join(folder, "lock.3");
    const longAgo = new Date(Date.now() - 3_600_000);
    const write = (owner: Owner) => {
      writeFileSync(path, JSON.stringify(owner));
      utimesSync(path, longAgo, longAgo);
    };
    write(currentOwner());
    if (currentOwner().started !== "") await assert.rejects(acquireLock(folder, { timeout: 50 }), { code: "locked" });
    // Where nobody can say whether it is the same process or a later one, time decides.
    write({ ...currentOwner(), started: "" });
    await (await acquireLock(folder, { timeout: 50 })).release();
  });

  it("is had when a network file system says that it was there already, because it was asked twice", async () => {
    const operations = require("node:fs/promises") as { link: (from: string, to: string) => Promise<void> };
    const { link } = operations;
    operations.link = async (from, to) => {
      await link(from, to);
      throw Object.assign(new Error("EEXIST"), { code: "EEXIST" });
    };
    try {
      await (await acquireLock(folder, { timeout: 50 })).release();
    } finally {
      operations.link = link;
    }
    assert.deepEqual(readdirSync(folder), ["lock.1"]);
  });

  it("with an unreadable record counts as held until it has been silent for long", async () => {
    const path = join(folder, "lock.3");
    writeFileSync(path, "{");
    await assert.rejects(acquireLock(folder, { timeout: 50 }), { code: "locked" });
    truncateSync(path, 0);
    await (await acquireLock(folder, { timeout: 50 })).release();
  });

  it("says when it was taken away", async () => {
    const lock = await acquireLock(folder);
    lock.check();
    writeFileSync(join(folder, "lock.2"), JSON.stringify(deadOwner()));
    assert.throws(() => lock.check(), { name: "StoreError", code: "locked" });
    await lock.release();
  });
});
