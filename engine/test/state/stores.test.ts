import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStateReaders, openStateStores } from "../../src/state/stores.ts";
import { temporaryFolder } from "./folders.ts";

const standard = { state: { kind: "fs", path: ".ocuroot/store" }, isDefault: true } as const;

describe("the stores of a repository", () => {
  let root: string;
  beforeEach(() => {
    root = temporaryFolder();
  });

  it("lie side by side without an intent store, and where they are told with one", async () => {
    const foldersOf = async (stores: Parameters<typeof openStateReaders>[0]) => {
      const { folders, close } = await openStateReaders(stores, root);
      await close();
      return folders;
    };
    const one = await foldersOf({ state: { kind: "fs", path: "s" }, isDefault: false });
    assert.deepEqual(one, { state: join(root, "s/state"), intent: join(root, "s/intent") });
    const intent = { kind: "fs", path: "/i" } as const;
    const two = await foldersOf({ state: { kind: "fs", path: "s" }, intent, isDefault: false });
    assert.deepEqual(two, { state: join(root, "s"), intent: "/i" });
    const same = { kind: "fs", path: "./s/" } as const;
    await assert.rejects(foldersOf({ state: { kind: "fs", path: "s" }, intent: same, isDefault: false }), {
      name: "StoreError",
    });
  });

  it("on disk are made together, wherever they are", async () => {
    const stores = { state: { kind: "fs", path: "s" }, intent: { kind: "fs", path: "i" }, isDefault: false } as const;
    const { state, close } = await openStateStores(stores, root);
    await state.transact("x", (tx) => tx.set("@/custom/a", "c", 1));
    await close();
    for (const folder of ["s", "i"]) assert.ok(existsSync(join(root, folder, ".ocuroot-store")), folder);
  });

  it("by default are made on the first write, out of git's sight (3.5)", async () => {
    execFileSync("git", ["init", "-q", root]);
    const stores = await openStateStores(standard, root);
    assert.equal(stores.isNewDefault, true);
    await stores.state.match("**");
    assert.ok(!existsSync(join(root, ".ocuroot")));
    await stores.state.transact("x", (tx) => tx.set("@/custom/a", "c", 1));
    assert.equal(execFileSync("git", ["-C", root, "status", "--porcelain"], { encoding: "utf8" }), "");
    assert.equal(
      readFileSync(join(root, ".ocuroot/store/state/.ocuroot-store"), "utf8"),
      '{"version":3,"Tags":{"state":{}}}',
    );
    assert.equal(
      readFileSync(join(root, ".ocuroot/store/intent/.ocuroot-store"), "utf8"),
      '{"version":3,"Tags":{"intent":{}}}',
    );
    await stores.close();
    const again = await openStateStores(standard, root);
    assert.equal(again.isNewDefault, false);
    await again.close();
  });

  it("leave a .gitignore that is there already", async () => {
    mkdirSync(join(root, ".ocuroot"));
    writeFileSync(join(root, ".ocuroot/.gitignore"), "store\n");
    const stores = await openStateStores(standard, root);
    await stores.state.transact("x", (tx) => tx.set("@/custom/a", "c", 1));
    assert.equal(readFileSync(join(root, ".ocuroot/.gitignore"), "utf8"), "store\n");
    await stores.close();
  });

  it("are never written by readers", async () => {
    const readers = await openStateReaders(standard, root);
    assert.deepEqual(await readers.state.match("**"), []);
    const watcher = await readers.state.watch(() => {});
    await watcher.close();
    await readers.close();
    assert.deepEqual(readdirSync(root), []);
  });

  it("leave nothing watched when they are closed while the watching begins", async () => {
    const watches = () => process.getActiveResourcesInfo().filter((each) => each === "FSEventWrap").length;
    const before = watches();
    const readers = await openStateReaders(standard, root);
    const starting = readers.state.watch(() => {});
    await readers.close();
    await starting;
    // The system lets go of a watch a moment after it was closed.
    const deadline = Date.now() + 8_000;
    while (watches() > before) {
      assert.ok(Date.now() < deadline, "a watch is left");
      await new Promise(setImmediate);
    }
  });
});
