import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import fs from "node:fs/promises";
import { join } from "node:path";
import { openFileStore } from "../../src/state/fileStore.ts";
import { type Store, StoreError } from "../../src/state/store.ts";
import { temporaryFolder } from "./folders.ts";

const operations = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
const writing = ["rename", "link", "mkdir", "appendFile", "writeFile", "open"];

/** Has the `count`th writing operation from now on fail, as a full or read-only disk would. Returns the way to stop. */
function failAt(count: number, code: string): { stop(): void; hasFailed(): boolean } {
  let left = count;
  const real = writing.map((name) => [name, operations[name]!] as const);
  for (const [name, operation] of real) {
    operations[name] = (...args: unknown[]) => {
      const isWrite = name !== "open" || args[1] === "wx";
      if (isWrite && --left === 0)
        return Promise.reject(Object.assign(new Error(`${code}: simulated`), { code, syscall: name }));
      return operation(...args);
    };
  }
  return {
    hasFailed: () => left <= 0,
    stop() {
      for (const [name, operation] of real) operations[name] = operation;
    },
  };
}

describe("a disk that refuses", () => {
  const before = ["@/custom/a", "@/custom/run/status/pending"];
  const after = ["@/custom/a", "@/custom/b/c", "@/custom/link", "@/custom/run/status/running"];

  async function prepared(): Promise<{ store: Store; root: string }> {
    const root = join(temporaryFolder(), "state");
    const store = await openFileStore(root, { kind: "state" });
    await store.transact("before", (tx) => before.forEach((ref) => void tx.set(ref, "test", "old")));
    return { store, root };
  }

  const change = (store: Store) =>
    store.transact("change", (tx) => {
      tx.set("@/custom/a", "test", "new");
      tx.set("@/custom/b/c", "test", "new");
      tx.link("@/custom/link", "@/custom/a");
      tx.delete("@/custom/run/status/pending");
      tx.set("@/custom/run/status/running", "test", "new");
    });

  for (const [code, expected] of [
    ["ENOSPC", "full"],
    ["EROFS", "readonly"],
    ["EACCES", "readonly"],
    ["EDQUOT", "full"],
  ] as const) {
    it(`${code} at any write: a clear error, and all or nothing`, async () => {
      for (let count = 1; ; count++) {
        const { store, root } = await prepared();
        const failing = failAt(count, code);
        let error: unknown;
        try {
          await change(store);
        } catch (thrown) {
          error = thrown;
        } finally {
          failing.stop();
        }
        if (error !== undefined) {
          assert.ok(error instanceof StoreError, `${count}: ${error}`);
          assert.equal(error.code, expected, error.message);
          assert.match(error.message, /^[^.].*\.$/s);
          assert.ok(!error.message.includes("simulated"), error.message);
        }
        await store.transact("next", (tx) => tx.delete("@/custom/none"));
        const now = await store.match("**");
        assert.ok(now.join() === before.join() || now.join() === after.join(), `${count}: ${now}`);
        assert.deepEqual(readdirSync(join(root, ".ocuroot-local", "staged")), [], `${count}: ${error}`);
        await store.close();
        if (!failing.hasFailed()) break;
      }
    });
  }

  it("a store in a folder that cannot be made says so", async () => {
    const store = await openFileStore(join(temporaryFolder(), "state"), { kind: "state" });
    const failing = failAt(1, "EACCES");
    await assert.rejects(change(store), { name: "StoreError", code: "readonly" });
    failing.stop();
    await change(store);
    assert.equal((await store.match("**")).length, 4);
    await store.close();
  });
});
