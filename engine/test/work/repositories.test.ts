import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
    await app.ok(["work", "cascade"], { env: env() });
    const { stdout } = await app.ok(["state", "get", "release/app.ocu.star/@/deploy/one#input/v"], { env: env() });
    assert.equal(stdout, `"1"\n`);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => name.startsWith("ocuroot-work-")),
      [],
    );
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
