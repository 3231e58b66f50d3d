import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cloneFolder } from "../../src/state/gitStore.ts";
import { type Store, StoreError } from "../../src/state/store.ts";
import { openStateReaders, openStateStores, type StateStores } from "../../src/state/stores.ts";
import { temporaryFolder } from "./folders.ts";
import { storeContract } from "./storeContract.ts";

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", args, { cwd, encoding: "utf8", stdio: "pipe" }).trimEnd();

function bareRemote(): string {
  const remote = join(temporaryFolder(), "state.git");
  mkdirSync(remote);
  git(remote, "init", "-q", "--bare", "-b", "main");
  return remote;
}

const description = (remoteUrl: string, more = {}) => ({
  kind: "git" as const,
  remoteUrl,
  branch: "state",
  createBranch: true,
  supportFiles: {},
  ...more,
});

/** What one machine sees. */
function machine(remote: string, more = {}, home = temporaryFolder()): Promise<StateStores> {
  return openStateStores({ state: description(remote, more), isDefault: false }, "/", { home });
}

storeContract("a store on a git branch", async () => (await machine(bareRemote())).state);

describe("a store on a git branch (3.4)", function () {
  this.timeout(120_000);
  let remote: string;
  beforeEach(() => {
    remote = bareRemote();
  });
  const file = "shop/-/a.ocu.star";
  const set = (store: Store, ref: string, body = 1, message = `set ${ref}`) =>
    store.transact(message, (tx) => tx.set(ref, "test", body));
  const onRemote = (path: string, branch = "state") => git(remote, "show", `${branch}:${path}`);
  const takeNumber = (store: Store) =>
    store.transact("release", async (tx) => {
      const number = (await store.children(file)).length + 1;
      tx.set(`${file}/@r${number}`, "release", { number });
      return number;
    });

  it("keeps state and intent in folders of one branch, a commit for each transaction", async () => {
    const { state, intent, close } = await machine(remote, { supportFiles: { "ci/run.yml": "steps\n" } });
    await set(state, "@/custom/a", 1, "Set a");
    await set(intent, "@/custom/b", 2, "Want b");
    assert.match(onRemote("state/refs/@/custom/a/@object.json"), /"body": 1/);
    assert.match(onRemote("intent/refs/@/custom/b/@object.json"), /"body": 2/);
    assert.equal(onRemote("state/.ocuroot-store"), '{"version":3,"Tags":{"state":{}}}');
    assert.equal(onRemote("intent/.ocuroot-store"), '{"version":3,"Tags":{"intent":{}}}');
    assert.equal(onRemote("ci/run.yml"), "steps");
    assert.equal(
      git(remote, "log", "--format=%s|%an|%ae|%cn", "state"),
      "Want b|Ocuroot|contact@ocuroot.com|Ocuroot\nSet a|Ocuroot|contact@ocuroot.com|Ocuroot",
    );
    assert.equal(git(remote, "ls-tree", "-r", "--name-only", "state").includes("ocuroot-local"), false);
    await close();
  });

  it("takes two remotes, each for a store of its own", async () => {
    const other = bareRemote();
    const home = temporaryFolder();
    const both = { state: description(remote), intent: description(other, { branch: "wishes" }), isDefault: false };
    const { state, intent, close } = await openStateStores(both, "/", { home });
    await set(state, "@/custom/a");
    await set(intent, "@/custom/b", 2);
    assert.match(onRemote("refs/@/custom/a/@object.json"), /"body": 1/);
    assert.match(git(other, "show", "wishes:refs/@/custom/b/@object.json"), /"body": 2/);
    assert.equal(git(other, "show", "wishes:.ocuroot-store"), '{"version":3,"Tags":{"intent":{}}}');
    assert.equal(git(remote, "for-each-ref", "--format=%(refname)"), "refs/heads/state");
    await close();
  });

  it("takes paths from the repository root, not from the clone", async () => {
    const home = temporaryFolder();
    const root = join(remote, "../source");
    for (const path of [`../${basename(remote)}`, `./../source/../${basename(remote)}`]) {
      const { state, folders, close } = await openStateStores({ state: description(path), isDefault: false }, root, {
        home,
      });
      await set(state, `@/custom/${path.length}`);
      await close();
      assert.ok(onRemote(`state/refs/@/custom/${path.length}/@object.json`));
      assert.equal(folders.state, join(home, "state/branches/state/state", remote, "state"));
    }
  });

  it("takes two branches, and takes author and home from the environment", async () => {
    const home = temporaryFolder();
    process.env.OCUROOT_GIT_USER_NAME = "Bot";
    process.env.OCUROOT_GIT_USER_EMAIL = "bot@example.com";
    try {
      const stores = {
        state: description(remote),
        intent: description(remote, { branch: "wishes/all" }),
        isDefault: false,
      };
      const { state, intent, folders, close } = await openStateStores(stores, "/", { home });
      await set(state, "@/custom/a");
      await set(intent, "@/custom/a");
      assert.ok(onRemote("refs/@/custom/a/@object.json"));
      assert.ok(onRemote(".ocuroot-store", "wishes/all").includes("intent"));
      assert.equal(git(remote, "log", "--format=%an %ae", "state"), "Bot bot@example.com");
      assert.equal(folders.state, join(home, "state/branches/state/state", remote));
      assert.equal(folders.intent, join(home, "state/branches/wishes/all/state", remote));
      await close();
    } finally {
      delete process.env.OCUROOT_GIT_USER_NAME;
      delete process.env.OCUROOT_GIT_USER_EMAIL;
    }
  });

  it("is not mistaken for the repository whose hook runs the command", async () => {
    const elsewhere = temporaryFolder();
    const ofHook = [
      "GIT_DIR",
      "GIT_WORK_TREE",
      "GIT_INDEX_FILE",
      "GIT_OBJECT_DIRECTORY",
      "GIT_QUARANTINE_PATH",
      "GIT_NAMESPACE",
    ];
    for (const name of ofHook) process.env[name] = join(elsewhere, name);
    try {
      const stores = { state: description(remote), isDefault: false };
      const { state, close } = await openStateStores(stores, "/", { home: temporaryFolder() });
      await set(state, "@/custom/a");
      await close();
    } finally {
      for (const name of ofHook) delete process.env[name];
    }
    assert.ok(onRemote("state/refs/@/custom/a/@object.json"));
    assert.deepEqual(readdirSync(elsewhere), []);
  });

  it("shares between machines; different documents never conflict; numbers are never given twice", async function () {
    this.timeout(120_000);
    const machines = await Promise.all(Array.from({ length: 3 }, () => machine(remote)));
    const numbers: number[] = [];
    await Promise.all(
      machines.map(async ({ state }, index) => {
        for (let round = 0; round < 3; round++) {
          numbers.push(await takeNumber(state));
          await set(state, `@/custom/machine${index}/${round}`);
        }
      }),
    );
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      Array.from({ length: 9 }, (_, index) => index + 1),
    );
    const fresh = await machine(remote);
    assert.equal((await fresh.state.match(`${file}/@r*`)).length, 9);
    assert.equal((await fresh.state.match("@/custom/*/*")).length, 9);
    assert.equal(git(remote, "log", "--oneline", "state").split("\n").length, 18);
    await Promise.all([...machines, fresh].map(({ close }) => close()));
  });

  it("pushes what is asked for together in one go", async () => {
    const { state, close } = await machine(remote);
    const hook = join(remote, "hooks", "post-receive");
    writeFileSync(hook, `#!/bin/sh\necho push >> ${remote}/pushes\n`, { mode: 0o755 });
    await Promise.all(Array.from({ length: 10 }, () => takeNumber(state)));
    assert.equal((await state.children(file)).length, 10);
    assert.equal(git(remote, "log", "--oneline", "state").split("\n").length, 10);
    assert.equal(readFileSync(join(remote, "pushes"), "utf8"), "push\n");
    await close();
  });

  it("reads what others pushed, with deletions, before it writes", async () => {
    const [one, two] = [await machine(remote), await machine(remote)];
    await set(one.state, "@/custom/a");
    await set(one.state, "@/custom/gone");
    await two.state.transact("delete", async (tx) => {
      tx.delete("@/custom/gone");
      tx.link("@/custom/link", "@/custom/a");
    });
    assert.deepEqual(await two.state.match("**"), ["@/custom/a", "@/custom/link"]);
    const again = await machine(remote);
    assert.equal(await again.state.resolve("@/custom/link"), "@/custom/a");
    assert.deepEqual(await again.state.children("@/custom"), ["a", "link"]);
    await Promise.all([one, two, again].map(({ close }) => close()));
  });

  it("without the remote: a clear error, nothing written, and the next command catches up", async () => {
    const home = temporaryFolder();
    const { state, close } = await machine(remote, {}, home);
    await set(state, "@/custom/a");
    const away = `${remote}.away`;
    renameSync(remote, away);
    await assert.rejects(set(state, "@/custom/b"), { name: "StoreError", code: "remote" });
    await assert.rejects(machine(remote, {}, home), { name: "StoreError", code: "remote" });
    assert.deepEqual(await state.match("**"), ["@/custom/a"]);
    const reader = await openStateReaders({ state: description(remote), isDefault: false }, "/", { home });
    assert.deepEqual(await reader.state.match("**"), ["@/custom/a"]);
    renameSync(away, remote);
    await set(state, "@/custom/b");
    assert.ok(onRemote("state/refs/@/custom/b/@object.json"));
    await close();
    await reader.close();
  });

  it("tells refusals by the remote from being late", async () => {
    const { state, close } = await machine(remote);
    await set(state, "@/custom/a");
    writeFileSync(join(remote, "hooks", "pre-receive"), "#!/bin/sh\necho no entry >&2\nexit 1\n", { mode: 0o755 });
    await assert.rejects(
      set(state, "@/custom/b"),
      (error) => error instanceof StoreError && /declined/.test(error.message),
    );
    assert.deepEqual(await state.match("**"), ["@/custom/a"]);
    rmSync(join(remote, "hooks", "pre-receive"));
    await set(state, "@/custom/b");
    await close();
  });

  it("makes a missing branch unless told not to, and takes the remote's own by default", async () => {
    await assert.rejects(
      machine(remote, { createBranch: false }),
      (error) => error instanceof StoreError && error.code === "missing" && /create_branch/.test(error.message),
    );
    const own = await machine(remote, { branch: undefined });
    await set(own.state, "@/custom/a");
    assert.ok(onRemote("state/refs/@/custom/a/@object.json", "main"));
    await own.close();
  });

  it("puts right what a killed process left in the clone", async () => {
    const home = temporaryFolder();
    const first = await machine(remote, {}, home);
    await set(first.state, "@/custom/a");
    await first.close();
    const clone = cloneFolder(home, remote, "state");
    // As if killed after writing files, and after a commit that was never pushed.
    writeFileSync(join(clone, ".git/ocuroot/dirty"), "");
    writeFileSync(join(clone, "state/refs/@/custom/a/@object.json"), "torn");
    mkdirSync(join(clone, "state/refs/@/custom/b"), { recursive: true });
    writeFileSync(join(clone, "state/refs/@/custom/b/@object.json"), "{}");
    git(clone, "add", "state/refs/@/custom/b");
    git(clone, "-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "never pushed");
    const second = await machine(remote, {}, home);
    assert.deepEqual(await second.state.match("**", { links: false }), ["@/custom/a"]);
    assert.ok(!existsSync(join(clone, "state/refs/@/custom/b")));
    await set(second.state, "@/custom/c");
    assert.equal(git(remote, "log", "--format=%s", "state"), "set @/custom/c\nset @/custom/a");
    await second.close();
  });

  it("never shows or stores tokens", async () => {
    const home = temporaryFolder();
    const url = "https://user:s3cret@localhost:1/a/b.git";
    await assert.rejects(
      machine(url, {}, home),
      (error) =>
        error instanceof StoreError && !error.message.includes("s3cret") && error.message.includes("localhost"),
    );
    assert.ok(!cloneFolder(home, url, "state").includes("s3cret"));
    assert.throws(() => execFileSync("grep", ["-r", "s3cret", home], { stdio: "pipe" }), "grep finds nothing");
  });

  it("names clones by branch and remote", () => {
    assert.equal(
      cloneFolder("/h", "git@github.com:a/b.git", "state"),
      "/h/state/branches/state/state/github.com/a/b.git",
    );
    assert.equal(
      cloneFolder("/h", "https://t@github.com/a/b.git", "x/y"),
      "/h/state/branches/x/y/state/github.com/a/b.git",
    );
    assert.equal(cloneFolder("/h", "/srv/../state", "s"), "/h/state/branches/s/state/srv/state");
  });
});
