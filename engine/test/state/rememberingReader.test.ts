import assert from "node:assert/strict";
import { join } from "node:path";
import { openFileStore } from "../../src/state/fileStore.ts";
import { RememberingReader } from "../../src/state/rememberingReader.ts";
import type { StoreReader } from "../../src/state/store.ts";
import { temporaryFolder } from "./folders.ts";

describe("a reader that remembers", () => {
  it("asks for each document and folder once, and follows links like the store", async () => {
    const store = await openFileStore(join(temporaryFolder(), "state"), { kind: "state" });
    await store.transact("set", (tx) => {
      tx.set("r/-/a/@r1/task/b", "work", { v: 1 });
      tx.link("r/-/a/@/task/b", "r/-/a/@r1/task/b");
    });
    const asked: string[] = [];
    const counting = new Proxy(store as StoreReader, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          asked.push(`${String(name)} ${args[0]}`);
          return (value as (...args: unknown[]) => unknown).apply(target, args);
        };
      },
    });
    const reader = new RememberingReader(counting);
    for (let time = 0; time < 3; time++) {
      assert.equal(await reader.resolve("r/-/a/@/task/b"), "r/-/a/@r1/task/b");
      assert.deepEqual(await reader.read("r/-/a/@r1/task/b"), await store.read("r/-/a/@r1/task/b"));
      assert.deepEqual(await reader.children("r/-/a/@r1/task"), ["b"]);
      assert.equal(await reader.read("r/-/a/@r2"), undefined);
    }
    assert.equal(new Set(asked).size, asked.length, asked.join("\n"));
    await store.close();
  });
});
