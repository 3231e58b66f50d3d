import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloneFolder } from "../../src/state/gitStore.ts";
import { type Store, StoreError } from "../../src/state/store.ts";
import { openStateStores, type StateStores } from "../../src/state/stores.ts";
import { temporaryFolder } from "./folders.ts";
import { serveRemote } from "./gitRemote.ts";

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", args, { cwd, encoding: "utf8", stdio: "pipe" }).trimEnd();

const description = (remoteUrl: string, branch = "state") => ({
  kind: "git" as const,
  remoteUrl,
  branch,
  createBranch: true,
  supportFiles: {},
});

/** Rejects with a StoreError of that code whose sentence has all of these. */
const storeError =
  (code: StoreError["code"], ...parts: (string | RegExp)[]) =>
  (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.code, code, error.message);
    for (const part of parts)
      assert.match(
        error.message,
        part instanceof RegExp ? part : new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")),
      );
    return true;
  };

describe("a git store whose remote gives trouble (3.4)", function () {
  this.timeout(120_000);
  let remote: string;
  const open: StateStores[] = [];
  let notices: string[];
  beforeEach(() => {
    notices = [];
    remote = join(temporaryFolder(), "state.git");
    mkdirSync(remote);
    git(remote, "init", "-q", "--bare", "-b", "main");
  });
  afterEach(async () => {
    for (const stores of open.splice(0)) await stores.close();
  });

  /** What one machine sees. */
  async function machine(home = temporaryFolder(), url = remote, branch = "state"): Promise<StateStores> {
    const state = description(url, branch);
    const onNotice = (text: string) => notices.push(text);
    const stores = await openStateStores({ state, isDefault: false }, "/", { home, onNotice });
    open.push(stores);
    return stores;
  }
  const set = (store: Store, ref: string, body = 1) => store.transact(`set ${ref}`, (tx) => tx.set(ref, "test", body));

  it("whose credentials expire: a clear error without them, nothing written, and new ones catch up", async () => {
    const http = await serveRemote(remote);
    try {
      http.token = "monday";
      const home = temporaryFolder();
      const { state } = await machine(home, http.url("monday"));
      await set(state, "@/custom/a");
      http.token = "tuesday";
      const denied = storeError("remote", /could not be (?:read|written)/, /Authentication failed|could not read/);
      await assert.rejects(set(state, "@/custom/b"), denied);
      await assert.rejects(machine(home, http.url("monday")), (error: Error) => {
        assert.ok(!error.message.includes("monday"), error.message);
        return denied(error);
      });
      assert.deepEqual(await state.match("**"), ["@/custom/a"]);
      const again = await machine(home, http.url("tuesday"));
      await set(again.state, "@/custom/b");
      assert.deepEqual(await again.state.match("**"), ["@/custom/a", "@/custom/b"]);
      assert.equal(git(remote, "log", "--format=%s", "state"), "set @/custom/b\nset @/custom/a");
      assert.notEqual(spawnSync("grep", ["-rE", "monday|tuesday", home]).status, 0, "tokens are stored nowhere");
    } finally {
      await http.close();
    }
  });

  it("whose branch was rewritten: the remote counts, what was seen is kept, and people are told", async () => {
    const home = temporaryFolder();
    const first = await machine(home);
    for (const name of ["a", "b", "c"]) await set(first.state, `@/custom/${name}`);
    const seen = git(remote, "rev-parse", "state");
    const other = await machine();
    git(remote, "update-ref", "refs/heads/state", `${seen}~2`);
    await set((await machine()).state, "@/custom/d");
    assert.deepEqual(notices, []);

    const second = await machine(home);
    assert.deepEqual(await second.state.match("**"), ["@/custom/a", "@/custom/d"]);
    assert.equal(notices.length, 1);
    const [, clone, kept] =
      /^The branch state of .*state\.git was rewritten .* git -C (\S+) log (\S+)$/.exec(notices[0]!) ?? [];
    assert.equal(git(clone!, "rev-parse", kept!), seen);
    // In the midst of work, too: what is written goes on top of what is there.
    await set(other.state, "@/custom/e");
    assert.deepEqual(await other.state.match("**"), ["@/custom/a", "@/custom/d", "@/custom/e"]);
    assert.equal(notices.length, 2);
    await set(second.state, "@/custom/f");
    assert.equal(notices.length, 2, "told once on each machine");
  });

  it("that is corrupt: a clear error, nothing written, and once it is mended all goes on", async () => {
    const home = temporaryFolder();
    const { state } = await machine(home);
    await set(state, "@/custom/a");
    const backup = join(temporaryFolder(), "good.git");
    execFileSync("cp", ["-r", remote, backup]);
    const objects = readdirSync(join(remote, "objects"), { recursive: true, withFileTypes: true });
    for (const entry of objects.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name);
      chmodSync(path, 0o644);
      writeFileSync(path, "junk");
    }
    await assert.rejects(machine(), storeError("remote", /could not be read: /, remote));
    await assert.rejects(set(state, "@/custom/b"), storeError("remote", /could not be (?:read|written): /, remote));
    assert.deepEqual(await state.match("**"), ["@/custom/a"]);
    execFileSync("sh", ["-c", `rm -rf "$1"/* && cp -r "$2"/* "$1"`, "sh", remote, backup]);
    await set(state, "@/custom/b");
    assert.deepEqual(await (await machine()).state.match("**"), ["@/custom/a", "@/custom/b"]);
  });

  it("that is no git repository, or not there: the error says so", async () => {
    writeFileSync(join(remote, "HEAD"), "");
    await assert.rejects(machine(), storeError("remote", /could not be read: /, remote));
    await assert.rejects(machine(undefined, `${remote}.gone`), storeError("remote", /could not be read: /));
  });

  it("that lost the branch: the error says how to bring it back, and that helps", async () => {
    const home = temporaryFolder();
    const { state } = await machine(home);
    await set(state, "@/custom/a");
    git(remote, "update-ref", "-d", "refs/heads/state");
    let command = "";
    await assert.rejects(machine(home), (error: Error) => {
      command = /: (git -C .*)\.$/.exec(error.message)?.[1] ?? "";
      return storeError("remote", /The branch state is gone from /)(error);
    });
    execFileSync("sh", ["-c", command], { stdio: "pipe" });
    assert.deepEqual(await (await machine(home)).state.match("**"), ["@/custom/a"]);
    assert.ok(existsSync(cloneFolder(home, remote, "state")));
  });

  it("with a branch beside which ours cannot be: the error says which, at once", async () => {
    await set((await machine()).state, "@/custom/a");
    const below = await machine(undefined, remote, "state/shop");
    await assert.rejects(
      set(below.state, "@/custom/a"),
      storeError("remote", /has a branch state, .* the branch state\/shop;/),
    );
    git(remote, "update-ref", "refs/heads/team/x", "refs/heads/state");
    const above = await machine(undefined, remote, "team");
    await assert.rejects(
      set(above.state, "@/custom/a"),
      storeError("remote", /has a branch team\/x, .* the branch team;/),
    );
  });

  it("that keeps its stores elsewhere in the branch: refused, so that no second store grows unseen", async () => {
    const both = (state: string, intent?: string) =>
      openStateStores(
        {
          state: description(remote, state),
          ...(intent === undefined ? {} : { intent: description(remote, intent) }),
          isDefault: false,
        },
        "/",
        { home: temporaryFolder() },
      );
    const shared = await both("state");
    await set(shared.state, "@/custom/a");
    await shared.close();
    const separate = await both("own", "wishes");
    await set(separate.state, "@/custom/a");
    await separate.close();
    await assert.rejects(
      both("state", "wishes"),
      storeError("version", /state and intent share, with stores in state\//),
    );
    await assert.rejects(both("own"), storeError("version", /has a store at its root, not in (?:state|intent)\//));
    await (await both("state", "state")).close();
  });
});
