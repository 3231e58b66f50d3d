import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { currentOwner } from "../../src/state/owner.ts";
import { Sandbox } from "../cli/sandbox.ts";

/** One run's document, as far as tests look. */
interface Run {
  readonly type: string;
  readonly output: Readonly<Record<string, unknown>>;
}

const repo = `ocuroot("0.3.0")\nrepo_alias("r")\n`;

const environments = (...names: string[]) =>
  names.map((name) => `register_environment(environment("${name}", {"type": "t"}))`).join("\n");

/** Deploys to every environment; what is deployed is in an output. */
const deploys = (inputs = "{}") => `
def up(ctx):
    print("up " + ctx.environment.name)
    return done(outputs={"where": ctx.environment.name})

def down(ctx):
    print("down " + ctx.environment.name)
    return done()

phase("all", work=[deploy(environment=e, up=up, down=down, inputs=${inputs}) for e in environments()])
`;

describe("work", () => {
  const sandboxes: Sandbox[] = [];
  const create = (files: Readonly<Record<string, string>>) => {
    const sandbox = Sandbox.create({ "repo.ocu.star": repo, ...files });
    sandboxes.push(sandbox);
    return sandbox;
  };
  const items = async (sandbox: Sandbox, ...argv: string[]) => {
    const { stdout } = await sandbox.ok(["work", ...argv, "--dryrun"]);
    const list = JSON.parse(stdout) as { ref: string; work_type: string; commit: string }[];
    return list.map(({ ref, work_type: type, commit }) => `${type} ${ref} ${commit.slice(0, 4)}`);
  };
  const setEnvironment = (sandbox: Sandbox, name: string, type = "t") =>
    sandbox.ok(["state", "set", `@/environment/${name}`, JSON.stringify({ name, attributes: { type } }), "-f", "json"]);
  afterEach(() => {
    for (const sandbox of sandboxes.splice(0)) sandbox.remove();
  });

  it("says that there is nothing to do", async () => {
    const sandbox = create({ "a.ocu.star": deploys() });
    for (const command of ["continue", "ops", "any", "trigger", "cascade"]) {
      assert.deepEqual(await items(sandbox, command), []);
      assert.match((await sandbox.ok(["work", command])).stderr, /There is no work/);
    }
    assert.ok(!existsSync(sandbox.path(".ocuroot")), "nothing was written");
  });

  it("deploys to an environment that came later, and takes it down when it goes", async () => {
    const sandbox = create({ "e.ocu.star": environments("one"), "a.ocu.star": deploys() });
    await sandbox.ok(["release", "new", "e.ocu.star"]);
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    const short = sandbox.git("rev-parse", "HEAD").slice(0, 4);
    await setEnvironment(sandbox, "two");
    assert.deepEqual(await items(sandbox, "any"), [`create @/environment/two ${short}`]);
    await sandbox.ok(["state", "apply", "@/environment/two"]);
    assert.deepEqual(await items(sandbox, "ops"), [
      `op r/-/a.ocu.star/@r1/op/check_envs ${short}`,
      `op r/-/e.ocu.star/@r1/op/check_envs ${short}`,
    ]);
    const { stdout } = await sandbox.ok(["work", "continue"]);
    assert.match(stdout, /deploy two │ up two/);
    assert.doesNotMatch(stdout, /up one/);
    assert.equal(await sandbox.get("a.ocu.star/@/deploy/two#output/where"), "two");
    assert.deepEqual(await items(sandbox, "any"), []);

    await sandbox.ok(["state", "delete", "@/environment/two"]);
    const { stdout: down } = await sandbox.ok(["state", "apply", "@/environment/two"]);
    assert.match(down, /deploy two │ down two/);
    assert.equal(await sandbox.get("a.ocu.star/@/deploy/two"), undefined);
    assert.equal(await sandbox.get("@/environment/two"), undefined);
    await sandbox.ok(["work", "continue"]);
    assert.deepEqual(await items(sandbox, "any"), []);

    await setEnvironment(sandbox, "two");
    await sandbox.ok(["work", "any"]);
    assert.equal(await sandbox.get("a.ocu.star/@/deploy/two#output/where"), "two");
    assert.equal(((await sandbox.get("a.ocu.star/@r1/deploy/two/3")) as Run).type, "up");
  });

  it("does not put an older release where a newer one is already", async () => {
    const sandbox = create({ "e.ocu.star": environments("one", "two"), "a.ocu.star": deploys() });
    for (const file of ["e", "a"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    sandbox.write("a.ocu.star", deploys().replace("in environments()]", `in environments() if e.name != "one"]`));
    sandbox.commit();
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    await setEnvironment(sandbox, "three");
    await sandbox.ok(["state", "apply", "@/environment/three"]);
    assert.equal(
      (await items(sandbox, "ops")).length,
      3,
      "of both releases that are deployed, and of the environments",
    );
    await sandbox.ok(["work", "continue"]);
    await sandbox.ok(["work", "cascade"]);
    assert.equal(await sandbox.get("a.ocu.star/@/deploy/three#release"), "r/-/a.ocu.star/@r2");
    assert.equal(await sandbox.get("a.ocu.star/@r1/deploy/three/1"), undefined);
    assert.equal(await sandbox.get("a.ocu.star/@/deploy/one#release"), "r/-/a.ocu.star/@r1");
  });

  it("uses a value that intent gives from then on", async () => {
    const inputs = `{"v": input(ref="@/custom/v", default="")}`;
    const sandbox = create({ "e.ocu.star": environments("one"), "a.ocu.star": deploys(inputs) });
    for (const file of ["e", "a"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    const ref = "a.ocu.star/@/deploy/one";
    await sandbox.ok(["state", "set", ref, `{"release": "r1", "input": {"v": "mine"}}`, "-f", "json"]);
    await sandbox.ok(["work", "any"]);
    assert.equal(await sandbox.get(`${ref}#input/v`), "mine");
    assert.deepEqual(await items(sandbox, "any"), []);
    await sandbox.ok(["state", "set", "@/custom/v", "other"]);
    await sandbox.ok(["work", "any"]);
    assert.equal(await sandbox.get(`${ref}#input/v`), "mine");
  });

  it("goes on with what waited for a value that was only set, and applies no other intent", async () => {
    const waits = `def f(ctx):\n    return next(g, inputs={"ok": ref("./custom/ok")})\ndef g(ok):\n    return done(outputs={"ok": ok})\n`;
    const sandbox = create({
      "a.ocu.star": `${waits}task(f, name="f")\ntask(g, name="g", inputs={"ok": ref("@/custom/all")})`,
    });
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    const commit = sandbox.git("rev-parse", "HEAD").slice(0, 4);
    for (const ref of ["a.ocu.star/@r1/custom/ok", "@/custom/all", "a.ocu.star/@/custom/other"])
      await sandbox.ok(["state", "set", ref, "yes"]);
    assert.deepEqual(await items(sandbox, "continue"), [
      `create r/-/a.ocu.star/@r1/custom/ok ${commit}`,
      `create @/custom/all ${commit}`,
    ]);
    await sandbox.ok(["work", "continue"]);
    assert.equal(await sandbox.get("a.ocu.star/@/task/f#output/ok"), "yes");
    assert.equal(await sandbox.get("a.ocu.star/@/task/g#output/ok"), "yes");
    assert.equal((await sandbox.ok(["state", "diff"])).stdout, "r/-/a.ocu.star/@/custom/other\n");
  });

  it("does a deployment again when its environment changes, and only that one", async () => {
    const sandbox = create({ "e.ocu.star": environments("one", "two"), "a.ocu.star": deploys() });
    await sandbox.ok(["release", "new", "e.ocu.star"]);
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    await setEnvironment(sandbox, "two", "other");
    const { stdout } = await sandbox.ok(["state", "apply", "--cascade", "@/environment/two"]);
    assert.match(stdout, /up two/);
    assert.doesNotMatch(stdout, /up one/);
    assert.equal(await sandbox.get("a.ocu.star/@/deploy/two#input/environment/attributes/type"), "other");
  });

  it("puts up the release that intent names, and takes down what intent no longer has", async () => {
    const sandbox = create({ "e.ocu.star": environments("one"), "a.ocu.star": deploys() });
    await sandbox.ok(["release", "new", "e.ocu.star"]);
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    await sandbox.ok(["release", "new", "-f", "a.ocu.star"]);
    const ref = "a.ocu.star/@/deploy/one";
    await sandbox.ok(["state", "set", ref, `{"release": "r1"}`, "-f", "json"]);
    const short = sandbox.git("rev-parse", "HEAD").slice(0, 4);
    assert.deepEqual(await items(sandbox, "any"), [`update r/-/${ref} ${short}`]);
    await sandbox.ok(["work", "any"]);
    assert.equal(await sandbox.get(`${ref}#release`), "r/-/a.ocu.star/@r1");
    assert.equal(((await sandbox.get("a.ocu.star/@r1/deploy/one/2")) as Run).type, "up");
    await sandbox.ok(["state", "delete", ref]);
    assert.deepEqual(await items(sandbox, "trigger", "--intent"), [`delete r/-/${ref} ${short}`]);
    await sandbox.ok(["work", "cascade"]);
    assert.equal(await sandbox.get(ref), undefined);
    assert.deepEqual(await items(sandbox, "any"), []);
  });

  /** A library that gives a version, a service that uses it, a page that uses the service. */
  const chain = {
    "e.ocu.star": environments("one"),
    "lib.ocu.star": `
def up(ctx):
    return done(outputs={"v": ctx.inputs.v, "n": ctx.inputs.n + 1})
def down(ctx):
    pass
phase("p", work=[deploy(environment=e, up=up, down=down, inputs={
    "v": ref("./@/custom/v"), "n": input(ref="./@/deploy/one#output/n", default=0)}) for e in environments()])
`,
    "service.ocu.star": deploys(`{"v": ref("./-/lib.ocu.star/@/deploy/one#output/v")}`).replace(
      `"where": ctx.environment.name`,
      `"v": ctx.inputs.v[:1]`,
    ),
    "page.ocu.star": deploys(`{"v": ref("./-/service.ocu.star/@/deploy/one#output/v")}`),
  };
  const setVersion = async (sandbox: Sandbox, version: string) => {
    await sandbox.ok(["state", "set", "lib.ocu.star/@/custom/v", version]);
    await sandbox.ok(["state", "apply", "lib.ocu.star/@/custom/v"]);
  };

  it("redoes what used a value that changed, in order, once, and does not loop", async () => {
    const sandbox = create(chain);
    for (const file of ["e", "page", "service", "lib"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    await setVersion(sandbox, "a1");
    await sandbox.ok(["work", "continue"]);
    assert.equal(await sandbox.get("page.ocu.star/@/deploy/one#input/v"), "a");
    assert.deepEqual(await items(sandbox, "continue"), []);

    await setVersion(sandbox, "a2");
    const short = sandbox.git("rev-parse", "HEAD").slice(0, 4);
    assert.deepEqual(await items(sandbox, "continue"), [`run r/-/lib.ocu.star/@r1/deploy/one ${short}`]);
    await sandbox.ok(["work", "continue"]);
    assert.equal(await sandbox.get("service.ocu.star/@/deploy/one#input/v"), "a2");
    assert.ok(await sandbox.get("service.ocu.star/@r1/deploy/one/2"));
    assert.equal(await sandbox.get("service.ocu.star/@r1/deploy/one/3"), undefined);
    assert.equal(await sandbox.get("page.ocu.star/@r1/deploy/one/2"), undefined, "its input stayed the same");
    assert.equal(await sandbox.get("lib.ocu.star/@/deploy/one#output/n"), 2);
    await setVersion(sandbox, "b1");
    await sandbox.ok(["work", "cascade"]);
    assert.equal(await sandbox.get("page.ocu.star/@/deploy/one#input/v"), "b");
  });

  it("uses the files of each release's own commit, and leaves nothing behind", async () => {
    const sandbox = create(chain);
    for (const file of ["e", "lib", "service", "page"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    const first = sandbox.git("rev-parse", "HEAD").slice(0, 4);
    sandbox.write("page.ocu.star", "fail('not this one')");
    sandbox.commit();
    sandbox.write("service.ocu.star", "fail('uncommitted')");
    const scratch = sandbox.path(".git/scratch");
    mkdirSync(scratch);
    await setVersion(sandbox, "a1");
    assert.deepEqual(await items(sandbox, "continue"), []);
    assert.deepEqual(await items(sandbox, "cascade"), [`run r/-/lib.ocu.star/@r1/deploy/one/1 ${first}`]);
    const { TMPDIR } = process.env;
    process.env.TMPDIR = scratch;
    await sandbox.ok(["work", "cascade"]);
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    assert.equal(await sandbox.get("page.ocu.star/@/deploy/one#input/v"), "a");
    assert.deepEqual(await items(sandbox, "cascade"), []);
    assert.deepEqual(readdirSync(scratch), []);
    assert.equal(sandbox.git("worktree", "list").split("\n").length, 1);
  });

  it("cascades from a release to those that wait for it", async () => {
    const sandbox = create(chain);
    await sandbox.ok(["release", "new", "e.ocu.star"]);
    await sandbox.ok(["release", "new", "page.ocu.star"]);
    await sandbox.ok(["release", "new", "service.ocu.star"]);
    await sandbox.ok(["state", "set", "lib.ocu.star/@/custom/v", "a1"]);
    await sandbox.ok(["state", "apply", "lib.ocu.star/@/custom/v"]);
    await sandbox.ok(["release", "new", "--cascade", "lib.ocu.star"]);
    assert.equal(await sandbox.get("page.ocu.star/@/deploy/one#input/v"), "a");
  });

  it("leaves alone what feeds itself through another, and what failed", async () => {
    const ring = (other: string) =>
      deploys(
        `{"n": input(ref="./-/${other}.ocu.star/@/deploy/one#output/n", default=0), "go": ref("@/custom/go")}`,
      ).replace(
        `return done(outputs={"where": ctx.environment.name})`,
        `host.shell("test " + ctx.inputs.go + " = yes")\n    return done(outputs={"n": ctx.inputs.n + 1})`,
      );
    const sandbox = create({ "e.ocu.star": environments("one"), "a.ocu.star": ring("b"), "b.ocu.star": ring("a") });
    const go = async (value: string) => {
      await sandbox.ok(["state", "set", "@/custom/go", value]);
      await sandbox.ok(["state", "apply", "@/custom/go"]);
    };
    await go("yes");
    for (const file of ["e", "a", "b"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    assert.deepEqual(await items(sandbox, "continue"), []);
    await go("no");
    assert.equal((await sandbox.run(["work", "continue"])).code, 1);
    assert.deepEqual(await items(sandbox, "continue"), []);
    assert.deepEqual(await items(sandbox, "any"), []);
  });

  it("goes on with what a killed process left, and leaves failures to retry", async () => {
    const sandbox = create({
      "a.ocu.star": `
def f(ctx):
    print("f runs")
task(f, name="f")
def g(ctx):
    fail("g fails")
task(g, name="g")
`,
    });
    assert.equal((await sandbox.run(["release", "new", "a.ocu.star"])).code, 1);
    const status = sandbox.path(".ocuroot/store/state/refs/r/-/a.ocu.star/@r1/task/f/1/status");
    renameSync(join(status, "complete"), join(status, "running"));
    const owner = { ...currentOwner(), pid: 4_000_000 };
    const marker = { kind: "ref", body_type: "marker", links: [], body: { time: "", owner } };
    writeFileSync(join(status, "running/@object.json"), JSON.stringify(marker));
    const short = sandbox.git("rev-parse", "HEAD").slice(0, 4);
    assert.deepEqual(await items(sandbox, "continue"), [`run r/-/a.ocu.star/@r1/task/f/1 ${short}`]);
    const { stdout } = await sandbox.run(["work", "continue"]);
    assert.match(stdout, /f │ f runs/);
    assert.ok(await sandbox.get("a.ocu.star/@r1/task/f/2/status/complete"));
    assert.equal(await sandbox.get("a.ocu.star/@r1/task/g/2"), undefined);
  });

  it("does a changed deployment once, however many commands see it", async () => {
    const sandbox = create({ "e.ocu.star": environments("one"), "a.ocu.star": deploys() });
    for (const file of ["e", "a"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    await setEnvironment(sandbox, "one", "other");
    await sandbox.ok(["state", "apply", "@/environment/one"]);
    await Promise.all([1, 2, 3].map(() => sandbox.ok(["work", "continue"])));
    assert.ok(await sandbox.get("a.ocu.star/@r1/deploy/one/2/status/complete"));
    assert.equal(await sandbox.get("a.ocu.star/@r1/deploy/one/3"), undefined);
  });

  it("takes down in every commit and file what is in an environment that goes", async () => {
    const sandbox = create({ "e.ocu.star": environments("one"), "a.ocu.star": deploys(), "b/b.ocu.star": deploys() });
    for (const file of ["e", "a"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    sandbox.git("rm", "-q", "a.ocu.star");
    sandbox.commit();
    await sandbox.ok(["release", "new", "b/b.ocu.star"]);
    await sandbox.ok(["state", "delete", "@/environment/one"]);
    const { stdout } = await sandbox.ok(["state", "apply", "@/environment/one"]);
    assert.equal(stdout.match(/│ down one/g)?.length, 2);
    assert.equal(await sandbox.get("@/environment/one"), undefined);
    assert.equal((await sandbox.ok(["state", "diff"])).stdout, "");
  });

  it("keeps an environment whose deployment cannot be taken down", async () => {
    const sandbox = create({
      "e.ocu.star": environments("one"),
      "a.ocu.star": deploys().replace("return done()", `fail("stuck")`),
    });
    for (const file of ["e", "a"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    await sandbox.ok(["state", "delete", "@/environment/one"]);
    const { code, stderr } = await sandbox.run(["state", "apply", "@/environment/one"]);
    assert.equal(code, 1);
    assert.match(stderr, /environment one stays/);
    assert.ok(await sandbox.get("@/environment/one"));
    assert.ok(await sandbox.get("a.ocu.star/@/deploy/one"));
  });

  it("tells what it cannot do, and does the rest", async () => {
    const sandbox = create({ "e.ocu.star": environments("one"), "a.ocu.star": deploys(), "b.ocu.star": deploys() });
    for (const file of ["e", "a", "b"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    sandbox.write("a.ocu.star", "fail('broken')");
    await setEnvironment(sandbox, "two");
    await sandbox.ok(["state", "apply", "@/environment/two"]);
    const { code, stderr } = await sandbox.run(["work", "continue"]);
    assert.equal(code, 1);
    assert.match(stderr, /a\.ocu\.star:1:5.*broken/);
    assert.ok(await sandbox.get("b.ocu.star/@/deploy/two"));
    assert.equal((await items(sandbox, "ops")).length, 1);
  });

  it("stops on Ctrl-C, and leaves nothing behind", async () => {
    const sandbox = create({
      "e.ocu.star": environments("one"),
      "a.ocu.star": deploys(`{"go": input(ref="@/custom/go", default="")}`).replace(
        `print("up " + ctx.environment.name)`,
        `host.shell("echo waits; sleep {}".format(ctx.inputs.go or 0))`,
      ),
    });
    for (const file of ["e", "a"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    sandbox.commit();
    await sandbox.ok(["state", "set", "@/custom/go", "20"]);
    const signals = new EventEmitter();
    let isSent = false;
    const onOutput = (text: string) => {
      if (!isSent && text.includes("│ waits")) isSent = signals.emit("SIGINT");
    };
    const { code } = await sandbox.run(["work", "cascade"], { signals, onOutput });
    assert.equal(code, 130);
    assert.equal(sandbox.git("worktree", "list").split("\n").length, 1);
    assert.equal(await sandbox.get("a.ocu.star/@r1/deploy/one/2#failure/message"), "interrupted");
    assert.deepEqual(await items(sandbox, "cascade"), []);
  });

  it("triggers other commits with the configuration that state has", async () => {
    const trigger = `def call(commit):\n    host.shell("echo $PWD {} >> {}/triggered.txt".format(commit, host.pwd()))\ntrigger(call)\n`;
    const sandbox = create({ ...chain, "repo.ocu.star": repo + trigger });
    for (const file of ["e", "lib", "service"]) await sandbox.ok(["release", "new", `${file}.ocu.star`]);
    const first = sandbox.git("rev-parse", "HEAD");
    sandbox.commit();
    await sandbox.ok(["state", "set", "lib.ocu.star/@/custom/v", "a1"]);
    await sandbox.ok(["work", "any"]);
    assert.equal(await sandbox.get("lib.ocu.star/@/custom/v"), "a1");
    assert.equal(await sandbox.get("lib.ocu.star/@/deploy/one"), undefined);
    const { stdout } = await sandbox.ok(["state", "get", "lib.ocu.star/@/custom/v"]);
    assert.equal(stdout, `"a1"\n`);
    const text = readFileSync(sandbox.path("triggered.txt"), "utf8");
    assert.equal(text, `${sandbox.root} ${first}\n`);
  });
});
