import assert from "node:assert/strict";
import fs, { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openFileStore } from "../../src/state/fileStore.ts";
import type { Store } from "../../src/state/store.ts";
import { temporaryFolder } from "./folders.ts";

const run = "r/-/a.ocu.star/@r1/task/a/1";

describe("what a transaction reads", () => {
  let root: string;
  let store: Store;
  let reads: string[];
  const { readFile } = fs;
  beforeEach(async () => {
    root = temporaryFolder();
    store = await openFileStore(root, { kind: "state" });
    await store.transact("x", (tx) => {
      tx.set(run, "run", { n: 1 });
      tx.set(`${run}/status/pending`, "marker", {});
      tx.set("r/-/a.ocu.star/@r1", "release", {});
      tx.link("r/-/a.ocu.star/@v1", "r/-/a.ocu.star/@r1");
    });
    reads = [];
    const counted = (path: string, ...rest: never[]) => {
      if (String(path).startsWith(join(root, "refs")))
        reads.push(String(path).slice(join(root, "refs/").length).replace("/@object.json", ""));
      return (readFile as (...args: unknown[]) => unknown)(path, ...rest);
    };
    Object.assign(fs, { readFile: counted });
  });
  afterEach(async () => {
    Object.assign(fs, { readFile });
    await store.close();
    rmSync(root, { recursive: true });
  });

  it("is read once, also by what it writes", async () => {
    await store.transact("x", async (tx) => {
      assert.equal((await store.children(`${run}/status`)).join(), "pending");
      await Promise.all([store.read(run), store.read(run)]);
      tx.set(run, "run", { n: 2 });
      tx.delete(`${run}/status/pending`);
      tx.set(`${run}/status/running`, "marker", {});
    });
    assert.deepEqual(reads.sort(), [run, `${run}/status/pending`]);
    assert.deepEqual(await store.match(`${run}/status/*`), [`${run}/status/running`]);
    const stored = await store.read(run);
    assert.deepEqual(stored?.kind === "ref" && stored.body, { n: 2 }, "afterwards it is read anew");
  });

  it("is not looked for where a listing did not show it", async () => {
    const next = "r/-/a.ocu.star/@r2";
    await store.transact("x", async (tx) => {
      assert.deepEqual(await store.children("r/-/a.ocu.star"), ["@r1", "@v1"]);
      for (const ref of [next, `${next}/task/a/1`, `${next}/task/a/1/status/pending`]) tx.set(ref, "x", {});
      assert.deepEqual(await store.children(`${next}/task`), []);
      assert.equal(await store.resolve(`${next}/task/a`), undefined);
    });
    assert.deepEqual(
      reads.filter((ref) => ref.startsWith(next)),
      [],
    );
    assert.equal((await store.match(`${next}/**`)).length, 3);
  });

  it("follows links, and is read anew in the next one", async () => {
    const tags: unknown[] = [];
    for (const number of [1, 2]) {
      await store.transact("x", async (tx) => {
        tags.push(await store.resolve("r/-/a.ocu.star/@v1"));
        tx.set(`r/-/a.ocu.star/@r${number + 1}`, "release", {});
        tx.link("r/-/a.ocu.star/@v1", `r/-/a.ocu.star/@r${number + 1}`);
      });
    }
    assert.deepEqual(tags, ["r/-/a.ocu.star/@r1", "r/-/a.ocu.star/@r2"]);
    const first = await store.read("r/-/a.ocu.star/@r1");
    assert.deepEqual(first?.kind === "ref" && first.links, []);
  });

  it("is told of when it cannot be read", async () => {
    mkdirSync(join(root, "refs/@/custom/a/@object.json"), { recursive: true });
    for (let count = 0; count < 2; count++)
      await assert.rejects(
        store.transact("x", (tx) => tx.set("@/custom/a", "x", 1)),
        /is a folder/,
      );
  });
});
