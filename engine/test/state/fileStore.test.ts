import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFileStore, openFileStoreReader } from "../../src/state/fileStore.ts";
import { type Store, StoreError } from "../../src/state/store.ts";
import { temporaryFolder } from "./folders.ts";
import { storeContract, until } from "./storeContract.ts";

storeContract("a store in a folder", () => openFileStore(join(temporaryFolder(), "state"), { kind: "state" }));

describe("a store in a folder", () => {
  let root: string;
  let store: Store;
  beforeEach(async () => {
    root = join(temporaryFolder(), "deep", "state");
    store = await openFileStore(root, { kind: "state" });
  });
  afterEach(() => store.close());

  const put = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const set = (ref: string, body = 1) => store.transact("set", (tx) => tx.set(ref, "test", body));

  describe("layout (3.1)", () => {
    it("is exactly that of version 3", async () => {
      await store.transact("set", (tx) => {
        tx.set("r/-/a.ocu.star/@r1", "release", { commit: "c", n: 1 });
        tx.link("r/-/a.ocu.star/@v1", "r/-/a.ocu.star/@r1");
      });
      assert.equal(readFileSync(join(root, ".ocuroot-store"), "utf8"), '{"version":3,"Tags":{"state":{}}}');
      assert.equal(
        readFileSync(join(root, "refs/r/-/a.ocu.star/@r1/@object.json"), "utf8"),
        '{\n  "kind": "ref",\n  "body_type": "release",\n  "links": [\n    "r/-/a.ocu.star/@v1"\n  ],\n  "body": {\n    "commit": "c",\n    "n": 1\n  }\n}\n',
      );
      assert.equal(
        readFileSync(join(root, "refs/r/-/a.ocu.star/@v1/@object.json"), "utf8"),
        '{\n  "kind": "link",\n  "body": "r/-/a.ocu.star/@r1"\n}\n',
      );
    });

    it("leaves nothing behind but documents and what belongs to this machine", async () => {
      await set("@/custom/a");
      await assert.rejects(store.transact("fails", () => Promise.reject(new Error("no"))));
      assert.deepEqual(readdirSync(root).sort(), [".ocuroot-local", ".ocuroot-store", "refs"]);
      assert.deepEqual(readdirSync(join(root, ".ocuroot-local", "staged")), []);
      assert.equal(readFileSync(join(root, ".ocuroot-local", ".gitignore"), "utf8"), "*\n");
    });

    it("does not write what has not changed", async () => {
      await set("@/custom/a");
      const path = join(root, "refs/@/custom/a/@object.json");
      writeFileSync(path, readFileSync(path, "utf8"));
      const watched: unknown[] = [];
      const watcher = await store.watch((change) => watched.push(change));
      await set("@/custom/a");
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual(watched, []);
      await watcher.close();
    });

    it("makes nothing before the first write", async () => {
      await store.match("**");
      await store.resolve("@/custom/a");
      await store.transact("nothing", () => {});
      const other = await openFileStore(join(temporaryFolder(), "x"), { kind: "intent" });
      await other.read("@/custom/a");
      await other.close();
    });

    it("a reader writes nothing, and sees what others write", async () => {
      const reader = await openFileStoreReader(root, { kind: "state" });
      assert.deepEqual(await reader.match("**"), []);
      assert.ok(!existsSync(root));
      await set("@/custom/a");
      assert.deepEqual(await reader.match("**"), ["@/custom/a"]);
      assert.ok(!("transact" in reader));
      await reader.close();
    });
  });

  describe("documents of other writers", () => {
    it("may leave out links, and add what we do not know", async () => {
      put("refs/a/-/b.star/@1/@object.json", '{"kind":"ref","body_type":"x.Y","body":{"a":1},"more":2}');
      put("refs/a/-/b.star/@2/@object.json", '{"kind":"ref","body_type":"x.Y","links":null,"body":null}');
      assert.deepEqual(await store.read("a/-/b.star/@1"), { kind: "ref", bodyType: "x.Y", links: [], body: { a: 1 } });
      assert.deepEqual(await store.read("a/-/b.star/@2"), { kind: "ref", bodyType: "x.Y", links: [], body: null });
      assert.equal(await store.resolve("a/-/b.star/@1"), "a/-/b.star/@1");
    });
  });

  describe("damage is named, never dropped or overwritten", () => {
    const damaged: [string, string | Buffer][] = [
      ["an empty file", ""],
      ["half a document", '{"kind":"ref","body_type":"x","links":[],"bo'],
      ["text", "hello"],
      ["a list", "[]"],
      ["an unknown kind", '{"kind":"other","body":1}'],
      ["no kind", '{"body":1}'],
      ["no body", '{"kind":"ref","body_type":"x"}'],
      ["a link without target", '{"kind":"link","body":{}}'],
      ["links that are none", '{"kind":"ref","body_type":"x","links":[1],"body":1}'],
      ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d])],
    ];
    for (const [name, text] of damaged) {
      it(name, async () => {
        await set("@/custom/good");
        const path = join(root, "refs/@/custom/bad/@object.json");
        mkdirSync(join(path, ".."), { recursive: true });
        writeFileSync(path, text);
        const named = (error: unknown) => {
          assert.ok(error instanceof StoreError && error.code === "damaged");
          assert.ok(error.message.includes(path), error.message);
          return true;
        };
        await assert.rejects(store.read("@/custom/bad"), named);
        await assert.rejects(set("@/custom/bad"), named);
        await assert.rejects(
          store.transact("x", (tx) => tx.delete("@/custom/bad")),
          named,
        );
        await assert.rejects(store.match("@/custom/*", { links: false }), named);
        assert.deepEqual(await store.match("@/custom/*"), ["@/custom/bad", "@/custom/good"]);
        assert.deepEqual(readFileSync(path), Buffer.from(text));
      });
    }

    it("a file where a folder should be", async () => {
      await set("@/custom/good");
      put("refs/@/custom/file", "x");
      const actions = [
        () => store.read("@/custom/file/x"),
        () => set("@/custom/file/x"),
        () => store.children("@/custom/file"),
      ];
      for (const action of actions) {
        await assert.rejects(action, (error) => error instanceof StoreError && error.message.includes("custom/file"));
      }
      assert.equal(readFileSync(join(root, "refs/@/custom/file"), "utf8"), "x");
    });

    it("a folder where the document should be", async () => {
      mkdirSync(join(root, "refs/@/custom/a/@object.json"), { recursive: true });
      await assert.rejects(store.read("@/custom/a"), { name: "StoreError", code: "damaged" });
    });

    it("a store that is a file", async () => {
      const path = join(temporaryFolder(), "file");
      writeFileSync(path, "");
      await assert.rejects(openFileStore(path, { kind: "state" }), { name: "StoreError", code: "damaged" });
    });

    it("a store whose folder cannot be made", async () => {
      const path = join(temporaryFolder(), "file");
      writeFileSync(path, "");
      const blocked = await openFileStore(join(path, "state"), { kind: "state" });
      await assert.rejects(
        blocked.transact("x", (tx) => tx.set("@/custom/a", "t", 1)),
        (error) => error instanceof StoreError && error.message.includes(path),
      );
    });
  });

  describe("versions (3.1)", () => {
    const open = () => openFileStore(root, { kind: "state" });

    it("2 is read, and upgraded by the first write", async () => {
      put(".ocuroot-store", '{"version":2}');
      put("refs/@/custom/a/@object.json", '{"kind":"ref","body_type":"x","links":[],"body":1}');
      const old = await open();
      assert.ok(await old.read("@/custom/a"));
      assert.equal(readFileSync(join(root, ".ocuroot-store"), "utf8"), '{"version":2}');
      await old.transact("set", (tx) => tx.set("@/custom/b", "x", 1));
      assert.equal(readFileSync(join(root, ".ocuroot-store"), "utf8"), '{"version":3,"Tags":{"state":{}}}');
      assert.deepEqual(await old.match("**"), ["@/custom/a", "@/custom/b"]);
      await old.close();
    });

    for (const text of [
      '{"version":1}',
      '{"version":4,"Tags":{"state":{}}}',
      '{"version":"3.1"}',
      '{"version":3,"Tags":{"intent":{}}}',
    ]) {
      it(`${text} is refused, and nothing is written`, async () => {
        put(".ocuroot-store", text);
        await assert.rejects(open(), { name: "StoreError", code: "version" });
        await assert.rejects(set("@/custom/a"), { name: "StoreError", code: "version" });
        assert.deepEqual(readdirSync(root), [".ocuroot-store"]);
      });
    }

    for (const text of ["", "{", '{"version":', "[]", '{"tags":{}}']) {
      it(`the marker ${JSON.stringify(text)} is named as damaged`, async () => {
        put(".ocuroot-store", text);
        await assert.rejects(
          open(),
          (error) =>
            error instanceof StoreError && error.code === "damaged" && error.message.includes(".ocuroot-store"),
        );
        assert.equal(readFileSync(join(root, ".ocuroot-store"), "utf8"), text);
      });
    }
  });

  describe("watching", () => {
    it("sees the store being made, and what other tools write", async () => {
      const seen = new Set<string>();
      const watcher = await store.watch((change) => {
        if (change === "all") seen.add("all");
        else for (const ref of change.refs) seen.add(ref);
      });
      await set("r/-/a.ocu.star/@r1");
      await until(() => seen.has("all"));
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen.clear();

      const isSeen = (ref: string) => () =>
        [...seen].some((other) => other === "all" || ref === other || ref.startsWith(`${other}/`));
      put("refs/r/-/a.ocu.star/@r2/@object.json", '{"kind":"ref","body_type":"x","links":[],"body":1}');
      await until(isSeen("r/-/a.ocu.star/@r2"));
      await new Promise((resolve) => setTimeout(resolve, 300));
      seen.clear();
      put(
        "refs/r/-/a.ocu.star/@r2/task/build/1/status/pending/@object.json",
        '{"kind":"ref","body_type":"x","links":[],"body":1}',
      );
      await until(isSeen("r/-/a.ocu.star/@r2/task/build/1/status/pending"));
      await new Promise((resolve) => setTimeout(resolve, 300));
      seen.clear();
      put(
        "refs/r/-/a.ocu.star/@r2/task/build/1/status/pending/@object.json",
        '{"kind":"ref","body_type":"x","links":[],"body":2}',
      );
      await until(isSeen("r/-/a.ocu.star/@r2/task/build/1/status/pending"));
      await new Promise((resolve) => setTimeout(resolve, 300));
      seen.clear();
      rmSync(join(root, "refs/r/-/a.ocu.star/@r2"), { recursive: true });
      await until(isSeen("r/-/a.ocu.star/@r2"));
      await watcher.close();
    });

    it("follows a store that is deleted and made anew, also at once", async () => {
      await set("r/-/a.ocu.star/@r1");
      const changes: unknown[] = [];
      const watcher = await store.watch((change) => changes.push(change));
      for (const waits of [true, false]) {
        changes.length = 0;
        rmSync(join(root, "../.."), { recursive: true, maxRetries: 5 });
        if (waits) await until(() => changes.includes("all"));
        const again = await openFileStore(root, { kind: "state" });
        await again.transact("set", (tx) => tx.set("r/-/a.ocu.star/@r1", "test", 2));
        await until(() => changes.includes("all"));
        changes.length = 0;
        await again.transact("set", (tx) => tx.set("@/custom/later", "test", 3));
        await until(() => changes.length > 0);
        await again.close();
        assert.deepEqual((await store.read("@/custom/later"))?.kind, "ref");
      }
      await watcher.close();
    });

    it("reports our own writes once", async () => {
      await set("@/custom/a");
      const changes: unknown[] = [];
      const watcher = await store.watch((change) => changes.push(change));
      await set("@/custom/a", 2);
      await until(() => changes.length > 0);
      // What another tool writes is told after what the system has seen of our own write.
      put("refs/@/custom/b/@object.json", '{"kind":"ref","body_type":"x","links":[],"body":1}');
      await until(() => changes.length > 1);
      assert.deepEqual(changes[0], { refs: ["@/custom/a"] });
      assert.ok(!JSON.stringify(changes.slice(1)).includes("@/custom/a"), JSON.stringify(changes));
      await watcher.close();
    });

    it("reports what somebody else does to what we have just written", async () => {
      await set("r/-/a.ocu.star/@r1");
      const changes: unknown[] = [];
      const watcher = await store.watch((change) => changes.push(change));
      for (const act of [
        () => put("refs/r/-/a.ocu.star/@r1/@object.json", '{"kind":"ref","body_type":"x","links":[],"body":9}'),
        () => rmSync(join(root, "refs/r/-/a.ocu.star/@r1"), { recursive: true }),
      ]) {
        changes.length = 0;
        await set("r/-/a.ocu.star/@r1", Math.random());
        await until(() => changes.length > 0);
        changes.length = 0;
        act();
        await until(() => JSON.stringify(changes).includes("r/-/a.ocu.star/@r1"));
      }
      await watcher.close();
    });
  });
});
