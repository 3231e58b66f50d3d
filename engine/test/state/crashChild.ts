/**
 * A process for the crash tests; bundled and started by them. `crashChild.ts ROOT die N` does one big transaction and
 * kills itself at its Nth change to the disk, `ROOT dieAdding N` and `dieRemoving` one of a single document; `ROOT count N` takes N release numbers; `ROOT forever [HOME]` writes until killed.
 */
import fs from "node:fs/promises";
import { openFileStore } from "../../src/state/fileStore.ts";
import type { Store } from "../../src/state/store.ts";
import { openStateStores } from "../../src/state/stores.ts";

const file = "shop/-/a.ocu.star";

/** Kills this process just before its `count`th operation that changes the disk. */
function dieBefore(count: number): void {
  let left = count;
  const strike = () => {
    if (--left === 0) process.kill(process.pid, "SIGKILL");
  };
  const operations = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ["rename", "unlink", "link", "mkdir", "rmdir", "truncate", "appendFile", "writeFile", "open"]) {
    const real = operations[name]!;
    operations[name] = (...args: unknown[]) => {
      if (name !== "open" || args[1] === "wx") strike();
      return real(...args);
    };
  }
}

/** One transaction with everything in it: new documents, a replaced one, a moved status, a removed one, links. */
function bigTransaction(store: Store): Promise<void> {
  return store.transact("big", (tx) => {
    tx.set(`${file}/@r1`, "release", { state: "new" });
    tx.delete(`${file}/@r1/task/build/1/status/pending`);
    tx.set(`${file}/@r1/task/build/1/status/running`, "status", { time: "new" });
    tx.link(`${file}/@/task/build`, `${file}/@r1/task/build`);
    tx.set(`${file}/@r1/task/build`, "work", { state: "new" });
    tx.delete("@/custom/old");
    tx.set(`${file}/@r2`, "release", { state: "new" });
    tx.set(`${file}/@r2/task/build/1`, "run", { state: "new" });
    tx.set(`${file}/@r2/task/build/1/status/pending`, "status", { time: "new" });
  });
}

async function takeNumber(store: Store): Promise<number> {
  return await store.transact("release", async (tx) => {
    const taken = (await store.children(file)).map((name) => Number(name.slice(2)));
    const number = Math.max(0, ...taken) + 1;
    const release = `${file}/@r${number}`;
    for (const work of ["build", "test", "pack"]) {
      tx.set(`${release}/task/${work}/1`, "run", { number });
      tx.set(`${release}/task/${work}/1/status/pending`, "status", { time: "0" });
    }
    tx.set(release, "release", { number });
    return number;
  });
}

async function startRun(store: Store, number: number): Promise<void> {
  const status = `${file}/@r${number}/task/build/1/status`;
  await store.transact("running", (tx) => {
    tx.delete(`${status}/pending`);
    tx.set(`${status}/running`, "status", { time: "1" });
    tx.link(`${file}/@/task/build`, `${file}/@r${number}/task/build/1`);
  });
}

/** With `home` the root is the remote of a git store. */
async function openStore(root: string, home: string | undefined): Promise<Store> {
  if (home === undefined) return openFileStore(root, { kind: "state" });
  const state = { kind: "git", remoteUrl: root, branch: "state", createBranch: true, supportFiles: {} } as const;
  return (await openStateStores({ state, isDefault: false }, "/", { home })).state;
}

async function main(): Promise<void> {
  const [root, command, count] = process.argv.slice(2);
  const store = await openStore(root!, command === "forever" ? count : undefined);
  if (command === "die" || command === "dieAdding" || command === "dieRemoving") {
    dieBefore(Number(count));
    if (command === "die") await bigTransaction(store);
    else if (command === "dieAdding") await store.transact("add", (tx) => tx.set("@/custom/new/one", "test", 1));
    else await store.transact("remove", (tx) => tx.delete("@/custom/gone/one"));
    process.stdout.write("done");
  }
  for (let index = 0; command === "forever" || (command === "count" && index < Number(count)); index++) {
    const number = await takeNumber(store);
    process.stdout.write(`${number}\n`);
    await startRun(store, number);
  }
  await store.close();
}

void main();
