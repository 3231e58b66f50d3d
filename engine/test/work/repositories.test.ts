import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findStoreCheckout } from "../../src/work/storeCheckout.ts";
import { Sandbox } from "../cli/sandbox.ts";

/** Two source repositories that share one state, all of them with git remotes. */
describe("work in several repositories", function () {
  this.timeout(20_000);
  let folder: string;
  let lib: Sandbox;
  let app: Sandbox;
  const others: Sandbox[] = [];
  const remote = (name: string) => join(folder, `${name}.git`);
  const env = () => ({ OCUROOT_HOME: join(folder, "home") });

  const repo = (name: string) => `ocuroot("0.3.0")
repo_alias("${name}")
store.set(store.git("${remote("state")}", branch="state"), intent=store.git("${remote("state")}", branch="intent"))
remotes(["${remote(name)}"])
def call(commit):
    host.shell("echo ${name} $PWD " + commit + " >> ${join(folder, "triggered.txt")}")
trigger(call)
`;
  const up = (outputs: string) => `
def up(ctx):
    return done(outputs=${outputs})
def down(ctx):
    return done()
`;
  const create = (name: string, files: Readonly<Record<string, string>>) => {
    execFileSync("git", ["init", "-q", "--bare", remote(name)]);
    const sandbox = Sandbox.create({ "repo.ocu.star": repo(name), ...files });
    sandbox.git("remote", "add", "origin", remote(name));
    sandbox.git("push", "-q", "origin", "main");
    return sandbox;
  };
  /** A checkout of a branch of the state's remote. */
  const checkout = (branch: string) => {
    const sandbox = new Sandbox();
    others.push(sandbox);
    sandbox.git("clone", "-q", "-b", branch, remote("state"), ".");
    return sandbox;
  };
  const triggered = () => {
    const text = readFileSync(join(folder, "triggered.txt"), "utf8").trim();
    rmSync(join(folder, "triggered.txt"));
    return text.split("\n");
  };
  const set = async (sandbox: Sandbox, value: string) => {
    await sandbox.ok(["state", "set", "lib/-/lib.ocu.star/@/custom/v", value], { env: env() });
  };

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "ocuroot-repos-")));
    execFileSync("git", ["init", "-q", "--bare", remote("state")]);
    lib = create("lib", {
      "e.ocu.star": `register_environment(environment("one"))`,
      "lib.ocu.star": `${up(`{"v": ctx.inputs.v}`)}
phase("p", work=[deploy(environment=e, up=up, down=down, inputs={"v": ref("./@/custom/v")}) for e in environments()])`,
    });
    app = create("app", {
      "release/app.ocu.star": `${up("{}")}
phase("p", work=[deploy(environment=e, up=up, down=down, inputs={"v": ref("lib/-/lib.ocu.star/@/deploy/one#output/v")}) for e in environments()])`,
    });
    for (const file of ["e", "lib"]) await lib.ok(["release", "new", `${file}.ocu.star`], { env: env() });
    await app.ok(["release", "new", "release/app.ocu.star"], { env: env() });
  });
  after(() => {
    for (const sandbox of [lib, app, ...others]) sandbox.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("cascades into repositories that are only known by their remotes", async () => {
    await set(app, "1");
    const { TMPDIR } = process.env;
    process.env.TMPDIR = join(folder, "home");
    await app.ok(["work", "cascade"], { env: env() });
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    const { stdout } = await app.ok(["state", "get", "release/app.ocu.star/@/deploy/one#input/v"], { env: env() });
    assert.equal(stdout, `"1"\n`);
    assert.deepEqual(readdirSync(join(folder, "home")), ["state"]);
  });

  it("triggers the repository whose deployment used the old value", async () => {
    await set(lib, "2");
    await lib.ok(["work", "any"], { env: env() });
    assert.deepEqual(triggered(), [`app ${lib.root} ${app.git("rev-parse", "HEAD")}`]);
    const { stdout } = await lib.ok(["work", "trigger", "--dryrun"], { env: env() });
    assert.deepEqual(JSON.parse(stdout), [
      { ref: "app/-/release/app.ocu.star/@r1/deploy/one", work_type: "run", commit: app.git("rev-parse", "HEAD") },
    ]);
    await app.ok(["work", "continue"], { env: env() });
    assert.equal((await app.ok(["work", "any", "--dryrun"], { env: env() })).stdout, "[]\n");
  });

  it("works in a checkout of the state branch, which has no sources", async () => {
    await set(lib, "3");
    const state = checkout("state");
    await state.ok(["state", "apply", "lib/-/lib.ocu.star/@/custom/v"], { env: env() });
    await state.ok(["work", "trigger"], { env: env() });
    assert.deepEqual(triggered(), [`lib ${state.root} ${lib.git("rev-parse", "HEAD")}`]);
    await state.ok(["work", "cascade"], { env: env() });
    const { stdout } = await state.ok(["state", "get", "app/-/release/app.ocu.star/@/deploy/one#input/v"], {
      env: env(),
    });
    assert.equal(stdout, `"3"\n`);
    // Its folders stand for repositories and theirs.
    const below = (folder: string, ...args: string[]) => state.ok(["state", ...args], { env: env(), in: folder });
    const found = "app/-/release/app.ocu.star/@/deploy/one";
    for (const [folder, file] of [
      ["refs/app/-/release", "app.ocu.star"],
      ["refs/app/-", "release/app.ocu.star"],
      ["refs/app/-/release/app.ocu.star/@", "../../app.ocu.star"],
    ] as const) {
      assert.equal((await below(folder, "get", `${file}/@/deploy/one#input/v`)).stdout, `"3"\n`, folder);
      assert.equal((await below(folder, "match", `${file}/@/deploy/*`)).stdout, `${found}\n`, folder);
    }
  });

  it("finds state from a checkout of the intent branch, and applies intent by a push", async () => {
    await set(lib, "4");
    const intent = checkout("intent");
    const { stdout } = await intent.ok(["push", "--dryrun"], { env: env() });
    assert.deepEqual(
      JSON.parse(stdout).map((item: { ref: string }) => item.ref),
      ["lib/-/lib.ocu.star/@/custom/v"],
    );
    await intent.ok(["work", "trigger", "--intent"], { env: env() });
    assert.deepEqual(triggered(), [`lib ${intent.root} ${lib.git("rev-parse", "HEAD")}`]);
    await intent.ok(["push"], { env: env() });
    await intent.ok(["work", "any"], { env: env() });
    assert.deepEqual(triggered(), [`lib ${intent.root} ${lib.git("rev-parse", "HEAD")}`]);
    await intent.ok(["work", "continue"], { env: env() });
    assert.equal((await intent.ok(["work", "any", "--dryrun"], { env: env() })).stdout, "[]\n");
  });
});

describe("a checkout of a store", () => {
  const sandboxes: Sandbox[] = [];
  afterEach(() => {
    for (const sandbox of sandboxes.splice(0)) sandbox.remove();
  });
  const create = (files: Readonly<Record<string, string>>) => {
    const sandbox = Sandbox.create(files);
    sandboxes.push(sandbox);
    return sandbox;
  };

  it("is known by its marker: the deeper file decides, the store on a tie", () => {
    const sandbox = create({
      "repo.ocu.star": "",
      "source/x": "",
      "store/.ocuroot-store": "{}",
      "store/refs/a/x": "",
      "store/refs/a/-/repo.ocu.star/@/x": "",
      "store/inner/repo.ocu.star": "",
      "both/repo.ocu.star": "",
      "both/.ocuroot-store": "{}",
    });
    const find = (path: string) => findStoreCheckout(sandbox.path(path));
    assert.equal(find("."), undefined);
    assert.equal(find("source"), undefined);
    assert.equal(find("store/refs/a"), sandbox.path("store"));
    assert.equal(find("store/refs/a/-"), sandbox.path("store"), "what state knows of repo.ocu.star is a folder");
    assert.equal(find("store/refs/a/-/repo.ocu.star/@"), sandbox.path("store"));
    assert.equal(find("store/inner"), undefined);
    assert.equal(find("both"), sandbox.path("both"));
  });

  it("may be a folder on disk, with state and intent where the configuration says", async () => {
    for (const [stores, folder] of [
      [`store.fs("data")`, "data/intent"],
      [`store.fs("one/s"), intent=store.fs("two/i")`, "two/i"],
      [`store.fs("one/s"), intent=store.fs("two/i")`, "one/s"],
    ] as const) {
      const sandbox = create({
        "repo.ocu.star": `repo_alias("r")\nstore.set(${stores})\n`,
        "a.ocu.star": `def f(ctx):\n    pass\ntask(f, name="f")\n`,
      });
      await sandbox.ok(["release", "new", "a.ocu.star"]);
      await sandbox.ok(["state", "set", "@/custom/x", "1"]);
      if (folder === "two/i") {
        const { code, stderr } = await sandbox.run(["work", "any"], { in: folder });
        assert.deepEqual([code, /is an intent store, and the state that belongs to it/.test(stderr)], [1, true]);
        continue;
      }
      await sandbox.ok(["work", "any"], { in: folder });
      assert.equal(await sandbox.get("@/custom/x"), "1");
    }
  });

  it("says so when nothing was released yet", async () => {
    const sandbox = create({ ".ocuroot-store": `{"version":3,"Tags":{"state":{}}}` });
    const { code, stderr } = await sandbox.run(["work", "cascade"]);
    assert.equal(code, 1);
    assert.match(stderr, /knows no repository yet; make a release first/);
  });
});
