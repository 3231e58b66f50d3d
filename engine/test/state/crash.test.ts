import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { openFileStore } from "../../src/state/fileStore.ts";
import type { Store } from "../../src/state/store.ts";
import { openStateStores } from "../../src/state/stores.ts";
import { temporaryFolder } from "./folders.ts";
import { until } from "./storeContract.ts";

const file = "shop/-/a.ocu.star";

describe("crashes and several processes (3.3)", () => {
  let child: string;
  const running = new Set<ChildProcess>();
  before(async () => {
    child = join(temporaryFolder(), "child.cjs");
    const entryPoints = [join(__dirname, "crashChild.ts")];
    await build({ entryPoints, outfile: child, bundle: true, platform: "node", format: "cjs", target: "node20" });
  });

  const start = (...args: string[]): { process: ChildProcess; output: () => string } => {
    let output = "";
    const process = spawn(globalThis.process.execPath, [child, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    running.add(process);
    process.stdout!.on("data", (data: Buffer) => {
      output += data;
    });
    return { process, output: () => output };
  };

  afterEach(() => {
    for (const process of running) if (process.exitCode === null) process.kill("SIGKILL");
    running.clear();
  });

  /** Folders that hold nothing: a listing would show them as releases or runs. */
  const emptyFolders = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readdirSync(path).length === 0);

  const open = (root: string) => openFileStore(root, { kind: "state" });

  /** What the big transaction changes, as one line. */
  async function picture(store: Store): Promise<string> {
    const at = async (ref: string) => {
      const document = await store.read(ref);
      if (document?.kind !== "ref") return document?.target ?? "-";
      const { state, time } = document.body as { state?: string; time?: string };
      return `${state ?? time}(${document.links.length})`;
    };
    const statuses = await store.children(`${file}/@r1/task/build/1/status`);
    assert.equal(statuses.length, 1, `one status, not ${statuses}`);
    const refs = [
      "@r1",
      "@r1/task/build",
      "@/task/build",
      "@r2",
      "@r2/task/build/1",
      "@r2/task/build/1/status/pending",
    ];
    const parts = [await at("@/custom/old"), ...(await Promise.all(refs.map((ref) => at(`${file}/${ref}`))))];
    return `${statuses[0]} ${await at(`${file}/@r1/task/build/1/status/${statuses[0]}`)} ${parts.join(" ")}`;
  }

  const before_ = "pending old(0) old(0) old(0) old(0) - - - -";
  const after_ = `running new(0) - new(0) new(1) ${file}/@r1/task/build new(0) new(0) new(0)`;

  it("a process killed at any change to the disk leaves all or nothing of its transaction", async function () {
    this.timeout(60_000);
    const seen = new Set<string>();
    /** Returns whether the process came through to its end. */
    const killAt = async (count: number): Promise<boolean> => {
      const root = join(temporaryFolder(), "state");
      const first = await open(root);
      await first.transact("before", (tx) => {
        for (const ref of [`${file}/@r1`, `${file}/@r1/task/build`, "@/custom/old"])
          tx.set(ref, "test", { state: "old" });
        tx.set(`${file}/@r1/task/build/1/status/pending`, "status", { time: "old" });
      });
      assert.equal(await picture(first), before_);
      await first.close();

      const dying = start(root, "die", String(count));
      await once(dying.process, "close");

      const second = await open(root);
      await second.match("**", { links: false });
      await picture(second);
      await second.transact("next", (tx) => tx.set("@/custom/next", "test", 1));
      const now = await picture(second);
      assert.ok(now === before_ || now === after_, `killed at ${count}: ${now}`);
      seen.add(now);
      assert.deepEqual(readdirSync(join(root, ".ocuroot-local", "staged")), [], `killed at ${count}`);
      assert.ok(!existsSync(join(root, ".ocuroot-local", "journal.json")));
      assert.deepEqual(emptyFolders(join(root, "refs")), [], `killed at ${count}`);
      await second.close();
      return dying.output() === "done" && dying.process.exitCode === 0;
    };
    for (let count = 1; ; count += 4) {
      assert.ok(count < 200);
      const ended = await Promise.all([0, 1, 2, 3].map((more) => killAt(count + more)));
      if (ended.includes(true)) break;
    }
    assert.equal(seen.size, 2);
  });

  for (const change of ["Adding", "Removing"]) {
    it(`a process killed while ${change.toLowerCase()} one document leaves no folder without one`, async function () {
      this.timeout(60_000);
      for (let count = 1, isOver = false; !isOver; count++) {
        assert.ok(count < 50);
        const root = join(temporaryFolder(), "state");
        const first = await open(root);
        await first.transact("before", (tx) => {
          for (const ref of ["@/custom/old", "@/custom/gone/one"]) tx.set(ref, "test", 1);
        });
        await first.close();
        const dying = start(root, `die${change}`, String(count));
        await once(dying.process, "close");
        isOver = dying.output() === "done";
        const second = await open(root);
        await second.transact("next", (tx) => tx.set("@/custom/old", "test", 2));
        assert.deepEqual(emptyFolders(join(root, "refs")), [], `killed at ${count}`);
        await second.close();
      }
    });
  }

  /** Starts pairs of processes, kills them a moment later, and returns the numbers that they said they were given. */
  async function killAgainAndAgain(rounds: number, after: number, args: string[][]): Promise<number[]> {
    const given: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const children = args.map((each) => start(...each));
      await until(() => children.some(({ output }) => output().includes("\n")), 30_000);
      await new Promise((resolve) => setTimeout(resolve, (after * (round % 8)) / 4));
      for (const { process } of children) kill(process, round % 2 === 0);
      await Promise.all(children.map(({ process }) => once(process, "close")));
      given.push(...children.flatMap(({ output }) => output().split("\n").slice(0, -1).map(Number)));
    }
    assert.equal(new Set(given).size, given.length, "no number was given twice");
    return given;
  }

  /** Kills a process, alone or with all that it started. It must not have ended by itself. */
  function kill({ pid, exitCode }: ChildProcess, withChildren: boolean): void {
    assert.equal(exitCode, null, "a process ended by itself; its error is above");
    globalThis.process.kill(withChildren ? -pid! : pid!, "SIGKILL");
  }

  async function expectWhole(store: Store, given: readonly number[]): Promise<void> {
    const numbers = (await store.children(file)).filter((name) => name !== "@").map((name) => Number(name.slice(2)));
    for (const number of given) assert.ok(numbers.includes(number), `release ${number} was reported and is there`);
    for (const number of numbers) {
      const release = `${file}/@r${number}`;
      assert.ok(await store.read(release), `${release} is whole`);
      for (const work of ["build", "test", "pack"]) {
        assert.ok(await store.read(`${release}/task/${work}/1`));
        assert.equal((await store.children(`${release}/task/${work}/1/status`)).length, 1);
      }
    }
  }

  it("processes killed again and again leave a store that is right", async function () {
    this.timeout(60_000);
    const root = join(temporaryFolder(), "state");
    const given = await killAgainAndAgain(10, 50, [
      [root, "forever"],
      [root, "forever"],
    ]);
    assert.ok(given.length >= 10, `${given.length} releases in all`);
    const store = await open(root);
    await store.transact("next", (tx) => tx.set("@/custom/next", "test", 1));
    await expectWhole(store, given);
    await store.close();
  });

  it("machines killed again and again leave a git store that is right", async function () {
    this.timeout(60_000);
    const remote = temporaryFolder();
    execFileSync("git", ["init", "-q", "--bare", remote]);
    const homes = [temporaryFolder(), temporaryFolder()];
    const given = await killAgainAndAgain(4, 300, [
      [remote, "forever", homes[0]!],
      [remote, "forever", homes[0]!],
      [remote, "forever", homes[1]!],
    ]);
    const state = { kind: "git", remoteUrl: remote, branch: "state", createBranch: true, supportFiles: {} } as const;
    for (const home of [...homes, temporaryFolder()]) {
      const stores = await openStateStores({ state, isDefault: false }, "/", { home });
      await stores.state.transact("next", (tx) => tx.set("@/custom/next", "test", home));
      await expectWhole(stores.state, given);
      assert.deepEqual(emptyFolders(join(stores.folders.state, "refs")), []);
      await stores.close();
    }
    assert.ok(given.length > 0);
  });

  it("processes that write at once get different numbers, and lose none", async function () {
    this.timeout(60_000);
    const root = join(temporaryFolder(), "state");
    const children = Array.from({ length: 4 }, () => start(root, "count", "15"));
    await Promise.all(children.map(({ process }) => once(process, "close")));
    const numbers = children.flatMap(({ output }) => output().trim().split("\n").map(Number));
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
    const store = await open(root);
    assert.equal((await store.match(`${file}/@r*/task/*/1`)).length, 180);
    await store.close();
  });
});
