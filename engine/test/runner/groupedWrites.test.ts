import assert from "node:assert/strict";
import { GroupedWrites } from "../../src/release/groupedWrites.ts";
import type { Transaction } from "../../src/state/store.ts";

/** Records what would be written; a transaction with a ref `bad` fails. */
class FakeStore {
  readonly transactions: { readonly message: string; readonly refs: string[] }[] = [];

  children(): Promise<string[]> {
    return Promise.resolve([]);
  }

  async transact<T>(message: string, build: (tx: Transaction) => Promise<T> | T): Promise<T> {
    const refs: string[] = [];
    const tx = { set: (ref: string) => refs.push(ref) } as unknown as Transaction;
    const result = await build(tx);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (refs.includes("bad")) throw new Error("bad");
    this.transactions.push({ message, refs });
    return result;
  }
}

describe("grouped writes", () => {
  const write = (writes: GroupedWrites, ref: string) =>
    writes.transact(`write ${ref}`, (tx) => {
      tx.set(ref, "custom", null);
      return ref;
    });

  it("puts what is asked for together into one transaction, and gives each its result", async () => {
    const store = new FakeStore();
    const writes = new GroupedWrites(store);
    assert.deepEqual(await Promise.all(["a", "b", "c"].map((ref) => write(writes, ref))), ["a", "b", "c"]);
    assert.deepEqual(store.transactions, [{ message: "write a and 2 more", refs: ["a", "b", "c"] }]);
  });

  it("puts what is asked for meanwhile into the next one, in order", async () => {
    const store = new FakeStore();
    const writes = new GroupedWrites(store);
    const first = write(writes, "a");
    await new Promise((resolve) => setTimeout(resolve, 2));
    await Promise.all([first, write(writes, "b"), write(writes, "c")]);
    assert.deepEqual(
      store.transactions.map(({ refs }) => refs),
      [["a"], ["b", "c"]],
    );
  });

  it("fails only the write that cannot be done", async () => {
    const store = new FakeStore();
    const writes = new GroupedWrites(store);
    const results = await Promise.allSettled(["a", "bad", "c"].map((ref) => write(writes, ref)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(
      store.transactions.map(({ refs }) => refs),
      [["a"], ["c"]],
    );
    assert.equal(await write(writes, "d"), "d");
  });
});
