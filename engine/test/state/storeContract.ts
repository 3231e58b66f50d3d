import assert from "node:assert/strict";
import type { JsonValue } from "../../src/json/json.ts";
import { RefError } from "../../src/refs/index.ts";
import type { Store, StoreChange } from "../../src/state/store.ts";

/** What every store must do, whatever it is kept in. `open` gives a new, empty store. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the store contract`, function () {
    this.timeout(30_000);
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const file = "shop/-/frontend/release.ocu.star";
    const set = (...refs: string[]) =>
      store.transact("set", (tx) => {
        for (const ref of refs) tx.set(ref, "test", { ref });
      });
    const bodyOf = async (ref: string): Promise<JsonValue | undefined> => {
      const document = await store.read(ref);
      return document?.kind === "ref" ? document.body : undefined;
    };
    const linksOf = async (ref: string) => {
      const document = await store.read(ref);
      return document?.kind === "ref" ? document.links : undefined;
    };

    it("is empty at first", async () => {
      assert.equal(await store.read(`${file}/@r1`), undefined);
      assert.deepEqual(await store.match("**"), []);
      assert.deepEqual(await store.children(file), []);
      assert.equal(await store.resolve(`${file}/@r1`), undefined);
    });

    it("reads what was written, exactly", async () => {
      const body: JsonValue = {
        text: 'ü\n"\\\u2028\0',
        big: 12345678901234567890n,
        negative: -9007199254740993n,
        float: 1.5,
        list: [1, null, true, { "": [] }],
        __proto__x: "1234567890123456789",
        empty: {},
      };
      await store.transact("set", (tx) => tx.set(`${file}/@r1`, "release", body));
      assert.deepEqual(await store.read(`${file}/@r1`), { kind: "ref", bodyType: "release", links: [], body });
    });

    it("shows nothing of a transaction before it is committed, and nothing of one that failed", async () => {
      await assert.rejects(
        store.transact("fails", async (tx) => {
          tx.set(`${file}/@r1`, "release", 1);
          assert.equal(await store.read(`${file}/@r1`), undefined);
          throw new Error("no");
        }),
        /^Error: no$/,
      );
      assert.deepEqual(await store.match("**"), []);
      assert.deepEqual(await store.children(file), []);
    });

    it("returns what the transaction returns, and runs one at a time", async () => {
      let running = 0;
      const results = await Promise.all(
        Array.from({ length: 20 }, () =>
          store.transact("count", async (tx) => {
            assert.equal(++running, 1);
            const taken = await store.children(file);
            const number = taken.length + 1;
            tx.set(`${file}/@r${number}`, "release", { number });
            await new Promise((resolve) => setImmediate(resolve));
            running--;
            return number;
          }),
        ),
      );
      assert.deepEqual(
        results.sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
    });

    it("refuses a transaction within a transaction", async () => {
      await assert.rejects(
        store.transact("outer", () => store.transact("inner", () => {})),
        /within another/,
      );
    });

    it("refuses refs that are no paths", async () => {
      for (const ref of ["", "../x", "a//b", "a/#b"]) {
        await assert.rejects(store.read(ref), RefError);
        await assert.rejects(set(ref), RefError);
      }
    });

    it("replaces and deletes documents", async () => {
      await set("@/custom/a", "@/custom/a/b");
      await store.transact("replace", (tx) => tx.set("@/custom/a", "test", "new"));
      assert.equal(await bodyOf("@/custom/a"), "new");
      await store.transact("delete", (tx) => tx.delete("@/custom/a"));
      assert.equal(await bodyOf("@/custom/a"), undefined);
      assert.deepEqual(await bodyOf("@/custom/a/b"), { ref: "@/custom/a/b" });
      await store.transact("delete", (tx) => tx.delete("@/custom/a/b"));
      assert.deepEqual(await store.children("@"), []);
      await store.transact("delete nothing", (tx) => tx.delete("@/custom/a/b"));
    });

    it("the last of several writes to a ref counts", async () => {
      await store.transact("several", (tx) => {
        tx.set("@/custom/a", "test", 1);
        tx.set("@/custom/a", "test", 2);
        tx.set("@/custom/b", "test", 1);
        tx.delete("@/custom/b");
        tx.delete("@/custom/c");
        tx.set("@/custom/c", "test", 3);
      });
      assert.deepEqual(
        [await bodyOf("@/custom/a"), await bodyOf("@/custom/b"), await bodyOf("@/custom/c")],
        [2, undefined, 3],
      );
    });

    it("follows links and lists them on their targets", async () => {
      await set(`${file}/@r1`, `${file}/@r1/task/build`, `${file}/@r2`, `${file}/@r2/task/build`);
      await store.transact("link", (tx) => {
        tx.link(`${file}/@v1`, `${file}/@r1`);
        tx.link(`${file}/@/task/build`, `${file}/@r1/task/build`);
      });
      assert.equal(await store.resolve(`${file}/@v1/task/build#output`), `${file}/@r1/task/build`);
      assert.equal(await store.resolve(`${file}/@/call/build`), `${file}/@r1/task/build`);
      assert.equal(await store.resolve(`${file}/@1`), `${file}/@r1`);
      assert.deepEqual(await linksOf(`${file}/@r1`), [`${file}/@v1`]);
      assert.deepEqual(await store.read(`${file}/@v1`), { kind: "link", target: `${file}/@r1` });

      await store.transact("move the link", (tx) => tx.link(`${file}/@/task/build`, `${file}/@r2/task/build`));
      assert.deepEqual(await linksOf(`${file}/@r1/task/build`), []);
      assert.deepEqual(await linksOf(`${file}/@r2/task/build`), [`${file}/@/task/build`]);
      assert.equal(await store.resolve(`${file}/@/task/build`), `${file}/@r2/task/build`);

      await store.transact("unlink", (tx) => tx.unlink(`${file}/@/task/build`));
      assert.deepEqual(await linksOf(`${file}/@r2/task/build`), []);
      assert.equal(await store.resolve(`${file}/@/task/build`), undefined);
      await store.transact("unlink again", (tx) => tx.unlink(`${file}/@/task/build`));
    });

    it("links to documents of the same transaction, in any order, and keeps links of replaced documents", async () => {
      await store.transact("all at once", (tx) => {
        tx.link("@/custom/l1", "@/custom/t");
        tx.set("@/custom/t", "test", 1);
        tx.link("@/custom/l2", "@/custom/t");
      });
      assert.deepEqual(await linksOf("@/custom/t"), ["@/custom/l1", "@/custom/l2"]);
      await store.transact("replace", (tx) => tx.set("@/custom/t", "test", 2));
      assert.deepEqual(await linksOf("@/custom/t"), ["@/custom/l1", "@/custom/l2"]);
      await store.transact("a document in place of a link", (tx) => tx.set("@/custom/l1", "test", 3));
      assert.deepEqual(await linksOf("@/custom/t"), ["@/custom/l2"]);
      await assert.rejects(
        store.transact("no", (tx) => tx.link("@/custom/t", "@/custom/l1")),
        /holds a document/,
      );
    });

    it("matches globs and lists children", async () => {
      await set(
        `${file}/@r1/task/build/1`,
        `${file}/@r1/task/test/1`,
        `${file}/@r10`,
        `${file}/@r2`,
        "@/environment/eu",
      );
      await store.transact("link", (tx) => tx.link(`${file}/@v1`, `${file}/@r2`));
      assert.deepEqual(await store.match("**/task/*/1"), [`${file}/@r1/task/build/1`, `${file}/@r1/task/test/1`]);
      assert.deepEqual(await store.match("**/@*"), [`${file}/@r10`, `${file}/@r2`, `${file}/@v1`]);
      assert.deepEqual(await store.match("**/@*", { links: false }), [`${file}/@r10`, `${file}/@r2`]);
      assert.deepEqual(await store.match(`${file}/@r1/call/*/1`), [
        `${file}/@r1/task/build/1`,
        `${file}/@r1/task/test/1`,
      ]);
      assert.deepEqual(await store.match("@/environment/eu"), ["@/environment/eu"]);
      assert.deepEqual(await store.match("@/environment/us"), []);
      assert.deepEqual(await store.children(file), ["@r1", "@r10", "@r2", "@v1"]);
      assert.deepEqual(await store.children(`${file}/@r1/task`), ["build", "test"]);
      assert.deepEqual(await store.children(""), ["@", "shop"]);
    });

    it("has exactly one status of a run, at any instant", async () => {
      const run = `${file}/@r1/task/build/1`;
      const statuses = ["pending", "running", "paused", "running", "complete"];
      await store.transact("start", (tx) => {
        tx.set(run, "run", {});
        tx.set(`${run}/status/pending`, "status", { time: "0" });
      });
      let isDone = false;
      const watching = (async () => {
        while (!isDone) {
          const seen = await store.children(`${run}/status`);
          assert.equal(seen.length, 1, `saw ${seen}`);
        }
      })();
      for (let round = 0; round < 2; round++) {
        for (const [index, status] of statuses.entries()) {
          const old = statuses[(index + statuses.length - 1) % statuses.length]!;
          if (round === 0 && index === 0) continue;
          await store.transact(status, (tx) => {
            tx.delete(`${run}/status/${old}`);
            tx.set(`${run}/status/${status}`, "status", { time: `${round}.${index}` });
          });
          assert.deepEqual(await bodyOf(`${run}/status/${status}`), { time: `${round}.${index}` });
        }
      }
      isDone = true;
      await watching;
      assert.deepEqual(await store.match(`${run}/status/*`), [`${run}/status/complete`]);
    });

    it("tells watchers what changed", async () => {
      const changes: StoreChange[] = [];
      const watcher = await store.watch((change) => changes.push(change));
      const seen = () => new Set(changes.flatMap((change) => (change === "all" ? ["all"] : change.refs)));
      await set("@/custom/a");
      await until(() => seen().has("all") || seen().has("@/custom/a"));
      changes.length = 0;
      await set("@/custom/b", `${file}/@r1`);
      await until(() => seen().has("all") || (seen().has("@/custom/b") && seen().has(`${file}/@r1`)));
      await watcher.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      changes.length = 0;
      await set("@/custom/c");
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.deepEqual(changes, []);
    });

    it("stops reading when told", async () => {
      const signal = AbortSignal.abort();
      await assert.rejects(store.match("**", { signal }), { name: "AbortError" });
      await assert.rejects(store.children("@", { signal }), { name: "AbortError" });
      await assert.rejects(store.read("@/custom/a", { signal }), { name: "AbortError" });
    });
  });
}

/** Waits until something is so; fails after some seconds. */
export async function until(condition: () => boolean, timeout = 20_000): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!condition()) {
    assert.ok(Date.now() < deadline, "waited too long");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
