import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ignoresCase, refuseOtherCase } from "../../src/state/file/case.ts";
import { layoutOf } from "../../src/state/file/layout.ts";
import { openFileStore, openFileStoreReader } from "../../src/state/fileStore.ts";
import type { Store } from "../../src/state/store.ts";
import { openStateStores } from "../../src/state/stores.ts";
import { temporaryFolder } from "./folders.ts";

const set = (store: Store, ref: string) => store.transact(`set ${ref}`, (tx) => tx.set(ref, "test", 1));

describe("a store in a hostile place", () => {
  let root: string;
  beforeEach(() => {
    root = join(temporaryFolder(), "store");
  });

  it("that is removed while it is in use is not made anew with a part of what it had", async () => {
    const store = await openFileStore(root, { kind: "state" });
    await set(store, "@/custom/a");
    rmSync(root, { recursive: true });
    const gone = {
      name: "StoreError",
      code: "missing",
      message: /^The store .*store is gone: it was removed or moved/,
    };
    await assert.rejects(set(store, "@/custom/b"), gone);
    assert.equal(existsSync(root), false);
    // Also when that happens in the midst of a transaction, or of waiting for one.
    const again = await openFileStore(root, { kind: "state" });
    await set(again, "@/custom/a");
    const removal = again.transact("x", (tx) => {
      tx.set("@/custom/b", "test", 1);
      tx.set("@/custom/c", "test", 1);
      renameSync(root, `${root}.away`);
    });
    await assert.rejects(removal, { name: "StoreError" });
    assert.equal(existsSync(join(root, "refs/@/custom")), false);
    rmSync(root, { recursive: true, force: true });
    renameSync(`${root}.away`, root);
    await set(again, "@/custom/d");
    assert.deepEqual(await again.match("**"), ["@/custom/a", "@/custom/d"], "once it is back all goes on");
    await again.close();
  });

  it("may be a link, and has one lock whatever way leads to it", async () => {
    const real = temporaryFolder();
    symlinkSync(real, root);
    const [one, other] = [await openFileStore(root, { kind: "state" }), await openFileStore(real, { kind: "state" })];
    const numbers = new Set<number>();
    const add = (store: Store) =>
      store.transact("number", async (tx) => {
        const number = (await store.children("@/custom")).length;
        tx.set(`@/custom/${number}`, "test", number);
        numbers.add(number);
      });
    await Promise.all(Array.from({ length: 12 }, (_, index) => add(index % 2 === 0 ? one : other)));
    assert.equal(numbers.size, 12);
    assert.deepEqual(readdirSync(join(real, ".ocuroot-local")).filter((name) => name.startsWith("lock.")).length, 1);
    for (const store of [one, other]) await store.close();
  });

  it("refuses state and intent that lead to the same folder", async () => {
    mkdirSync(root);
    symlinkSync(root, `${root}.link`);
    const stores = { state: { kind: "fs", path: root }, intent: { kind: "fs", path: `${root}.link` } } as const;
    const open = async () => {
      const { state, intent, close } = await openStateStores({ ...stores, isDefault: false }, "/");
      await set(state, "@/custom/a");
      await set(intent, "@/custom/a").finally(close);
    };
    await assert.rejects(open(), { name: "StoreError" });
  });

  it("keeps refs of all kinds of characters, and says of others why not", async () => {
    const store = await openFileStore(root, { kind: "state" });
    const odd = [
      "a b",
      "ä",
      "e\u0301",
      "日本",
      "😀",
      "-rf",
      "'$(x)`",
      "a\\b",
      "a\nb",
      "%2e%2e",
      "CON",
      "x".repeat(255),
      "é".repeat(127),
      "*?[]{}",
    ];
    const refs = odd.map((name) => `@/custom/${name}`);
    for (const ref of refs) await set(store, ref);
    for (const ref of refs) assert.ok(await store.read(ref), ref);
    assert.equal((await store.match("@/custom/**")).length, odd.length);
    for (const ref of refs) await store.transact("gone", (tx) => tx.delete(ref));
    assert.deepEqual(await store.match("**"), []);
    for (const name of ["x".repeat(256), "é".repeat(128), "..", ".", "", "a\0b", "@object.json", "\ud800", "a#b"]) {
      await assert.rejects(set(store, `@/custom/${name}`), { name: "RefError" }, JSON.stringify(name));
    }
    const deep = `@/custom/${Array.from({ length: 20 }, () => "x".repeat(250)).join("/")}`;
    await assert.rejects(set(store, deep), { name: "StoreError", message: /is longer than the file system allows\.$/ });
    assert.deepEqual(
      [await store.read(deep), await store.children(deep), await store.match(deep)],
      [undefined, [], []],
    );
    assert.deepEqual(readdirSync(join(root, ".ocuroot-local/staged")), []);
    assert.deepEqual(await store.children("@/custom"), []);
    await store.close();
  });

  it("where capital letters do not count: a second name for the same folder is refused", async () => {
    const store = await openFileStore(root, { kind: "state" });
    await set(store, "r/-/a.ocu.star/@r1/task/build/1");
    const layout = layoutOf(root);
    assert.equal(await ignoresCase(layout), existsSync(join(root, ".OCUROOT-LOCAL")));
    // A link stands in for such a file system: both names lead to one folder.
    symlinkSync("build", join(root, "refs/r/-/a.ocu.star/@r1/task/Build"));
    const put = (ref: string) => refuseOtherCase(layout, { kind: "put", ref, text: "" });
    for (const ref of [
      "r/-/a.ocu.star/@r1/task/Build",
      "r/-/a.ocu.star/@r1/task/Build/1",
      "r/-/a.ocu.star/@r1/task/Build/2/x",
    ])
      await assert.rejects(put(ref), {
        message: /Build.* takes it for r\/-\/a\.ocu\.star\/@r1\/task\/build.* differs in more than capital letters/,
      });
    for (const ref of ["r/-/a.ocu.star/@r1/task/build/2", "r/-/a.ocu.star/@r1/task/other", "new/-/x"]) await put(ref);
    await store.close();
  });

  it("with a folder in the place of a file, or a file in that of a folder, names it", async () => {
    const store = await openFileStore(root, { kind: "state" });
    await set(store, "@/custom/a");
    mkdirSync(join(root, "refs/@/custom/b/@object.json"), { recursive: true });
    writeFileSync(join(root, "refs/@/custom/c"), "");
    await assert.rejects(set(store, "@/custom/b"), { name: "StoreError", message: /custom\/b/ });
    await assert.rejects(set(store, "@/custom/c/d"), { name: "StoreError", message: /custom\/c/ });
    const reader = await openFileStoreReader(root, { kind: "state" });
    await assert.rejects(reader.read("@/custom/b"), { message: /b\/@object\.json is a folder/ });
    assert.ok(await reader.read("@/custom/a"));
    assert.deepEqual(readdirSync(join(root, ".ocuroot-local/staged")), []);
    await store.close();
  });
});
