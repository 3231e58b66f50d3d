import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { inOrder } from "../../src/work/inOrder.ts";
import { Sandbox } from "../cli/sandbox.ts";

const repo = `ocuroot("0.3.0")\nrepo_alias("r")\nrelease_ignore = ["old/**"]\n`;

const release = (watch = "[]") => `
def build(ctx):
    return done(outputs={"n": 1}, watch=${watch})
task(build, name="build")
`;

const deploys = `
def up(ctx):
    return done()
def down(ctx):
    return done()
phase("p", work=[deploy(environment=e, up=up, down=down, inputs={"n": ref("./-/x/release.ocu.star/@/task/build#output/n")}) for e in environments()])
`;

describe("push", () => {
  let sandbox: Sandbox;
  const releases = async () => {
    const { stdout } = await sandbox.ok(["release", "list", "--json"]);
    const found = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).ref as string);
    return found.map((ref) => ref.slice("r/-/".length)).sort();
  };
  const planned = async () => {
    const { stdout } = await sandbox.ok(["push", "--dryrun"]);
    return (JSON.parse(stdout) as { ref: string; work_type: string }[]).map(
      ({ ref, work_type: type }) => `${type} ${ref}`,
    );
  };
  const commits: string[] = [];
  before(() => {
    sandbox = Sandbox.create({
      "repo.ocu.star": repo,
      "a/deploys.ocu.star": deploys,
      "x/release.ocu.star": release(`["../lib", "./go.mod"]`),
      "y.ocu.star": release(),
      "old/z.ocu.star": release(),
      "zz/environments.ocu.star": `register_environment(environment("one"))`,
      "lib/code.txt": "1",
      "x/go.mod": "1",
    });
    commits.push(sandbox.git("rev-parse", "HEAD"));
  });
  after(() => sandbox.remove());

  it("refuses uncommitted changes", async () => {
    sandbox.write("new.txt", "");
    const { code, stderr } = await sandbox.run(["push"]);
    assert.equal(code, 1);
    assert.match(stderr, /uncommitted changes; commit them first.*\n {2}new\.txt/);
    sandbox.git("clean", "-fdq");
    assert.equal((await sandbox.ok(["state", "match"])).stdout, "");
  });

  it("releases every package file at first, environments before all, and cascades", async () => {
    assert.deepEqual(await planned(), [
      "release r/-/a/deploys.ocu.star",
      "release r/-/x/release.ocu.star",
      "release r/-/y.ocu.star",
      "release r/-/zz/environments.ocu.star",
    ]);
    const { stderr, stdout } = await sandbox.ok(["push"]);
    assert.doesNotMatch(stdout, /blocked|attempt 2/, "what others give is there before it is asked for");
    assert.equal(stderr.match(/State is kept in \.ocuroot\/store/g)?.length, 1, "it is said once");
    assert.deepEqual(await releases(), [
      "a/deploys.ocu.star/@r1",
      "x/release.ocu.star/@r1",
      "y.ocu.star/@r1",
      "zz/environments.ocu.star/@r1",
    ]);
    assert.equal(await sandbox.get("a/deploys.ocu.star/@/deploy/one#input/n"), 1);
    assert.equal(await sandbox.get("repo.ocu.star/@/push/index#commit"), commits[0]);
  });

  it("then only what changed, or what its work watches", async () => {
    assert.deepEqual(await planned(), []);
    sandbox.write("lib/code.txt", "2");
    sandbox.write("old/z.ocu.star", `${release()}#`);
    sandbox.write("x/lib", "not that one");
    commits.push(sandbox.commit());
    assert.deepEqual(await planned(), ["release r/-/x/release.ocu.star"]);
    assert.match((await sandbox.ok(["push"])).stderr, /^x\/release\.ocu\.star: lib\/code\.txt changed$/m);
    sandbox.write("y.ocu.star", `${release()}#`);
    sandbox.write("x/go.mod", "2");
    commits.push(sandbox.commit());
    await sandbox.ok(["push"]);
    assert.deepEqual(
      (await releases()).filter((ref) => !ref.endsWith("r1")),
      ["x/release.ocu.star/@r2", "x/release.ocu.star/@r3", "y.ocu.star/@r2"],
    );
    const index = await sandbox.get("repo.ocu.star/@/push/index");
    assert.match((await sandbox.ok(["push"])).stderr, /Nothing changed since the last push/);
    assert.deepEqual(await sandbox.get("repo.ocu.star/@/push/index"), index, "nothing was written");
  });

  it("takes a new environment to releases of earlier commits", async () => {
    const text = ["one", "two"].map((name) => `register_environment(environment("${name}"))`).join("\n");
    sandbox.write("zz/environments.ocu.star", text);
    sandbox.commit();
    assert.deepEqual(await planned(), ["release r/-/zz/environments.ocu.star"]);
    const { stdout } = await sandbox.ok(["push"]);
    assert.match(stdout, /deploy two ✓/);
    assert.equal(await sandbox.get("a/deploys.ocu.star/@/deploy/two#release"), "r/-/a/deploys.ocu.star/@r1");
    assert.equal((await sandbox.ok(["work", "cascade", "--dryrun"])).stdout, "[]\n");
  });

  it("tries again what could not be released", async () => {
    sandbox.write("y.ocu.star", "fail('no')");
    sandbox.commit();
    assert.equal((await sandbox.run(["push"])).code, 1);
    assert.deepEqual(await planned(), ["release r/-/y.ocu.star"]);
    sandbox.write("y.ocu.star", release());
    sandbox.commit();
    await sandbox.ok(["push"]);
    assert.ok(await sandbox.get("y.ocu.star/@r3"));
  });

  it("knows what changed from a checkout with little history", async () => {
    sandbox.write("y.ocu.star", `${release()}# once more`);
    sandbox.commit();
    const shallow = new Sandbox();
    shallow.git("clone", "-q", "--depth=1", `file://${sandbox.root}`, ".");
    cpSync(sandbox.path(".ocuroot"), shallow.path(".ocuroot"), { recursive: true });
    const { stdout } = await shallow.ok(["push", "--dryrun"]);
    assert.deepEqual(
      JSON.parse(stdout).map((item: { ref: string }) => item.ref),
      ["r/-/y.ocu.star"],
    );
    assert.equal(shallow.git("for-each-ref", "refs/ocuroot"), "");
    shallow.remove();
  });

  it("finds deployments between two commits", async () => {
    sandbox.write("a/deploys.ocu.star", `${deploys}#`);
    commits.push(sandbox.commit());
    await sandbox.ok(["push"]);
    const head = sandbox.git("rev-parse", "--short=7", "HEAD");
    const { stdout } = await sandbox.ok(["find-deploys", commits[0]!, "HEAD"]);
    const lines = ["one", "two"].map((name) => `r/-/a/deploys.ocu.star/@r2/deploy/${name}`);
    assert.equal(stdout, lines.map((line) => `${line}\n`).join(""));
    const shown = await sandbox.ok(["find-deploys", commits[0]!, "HEAD"], { columns: 80 });
    assert.equal(shown.stdout, lines.map((line) => `${line}  ${head}  current\n`).join(""));
    assert.equal((await sandbox.ok(["find-deploys", commits[0]!, "HEAD~1"])).stdout, "");
    const json = await sandbox.ok(["find-deploys", "--json", "HEAD~1", "HEAD"]);
    assert.deepEqual(JSON.parse(json.stdout.split("\n")[0]!), {
      ref: "r/-/a/deploys.ocu.star/@r2/deploy/one",
      release: "r/-/a/deploys.ocu.star/@r2",
      environment: "one",
      commit: commits.at(-1),
      current: true,
    });
    assert.equal((await sandbox.run(["find-deploys", "nothing", "HEAD"])).code, 1);
    assert.equal((await sandbox.run(["find-deploys", "HEAD"])).code, 2);
  });
});

/** Waits until another file's work has begun, too: alone it fails. */
const meets = (own: string, other: string) => `
def f(ctx):
    host.shell("touch ${own}; for i in $(seq 2000); do test -e ${other} && exit 0; sleep 0.05; done; exit 1")
    return done(outputs={"n": 1})
task(f, name="f")
`;

/** Takes in what another file gives. */
const takesFrom = (file: string) => `
def f(ctx):
    host.shell("echo {} >> order".format(ctx.inputs.n))
    return done(outputs={"n": ctx.inputs.n + 1})
task(f, name="f", inputs={"n": ref("./-/${file}.ocu.star/@/task/f#output/n")})
`;

describe("the releases of a push", function () {
  this.timeout(200_000);
  const ignore = ".ocuroot\nx\ny\norder\n";

  it("are made at the same time, but after those whose outputs they take in", async () => {
    const sandbox = Sandbox.create({
      "repo.ocu.star": repo,
      ".gitignore": ignore,
      "a.ocu.star": takesFrom("b"),
      "b.ocu.star": takesFrom("c"),
      "c.ocu.star": meets("x", "y"),
      "d.ocu.star": meets("y", "x"),
      "e.ocu.star": "task(1)",
    });
    const { code, stdout, stderr } = await sandbox.run(["push"]);
    assert.equal(code, 1, "a file is wrong");
    assert.match(stderr, /e\.ocu\.star cannot be released/);
    assert.match(stdout, /^c\.ocu\.star r1 › f ✓ done/m);
    assert.doesNotMatch(stdout, /blocked/);
    assert.equal(readFileSync(sandbox.path("order"), "utf8"), "1\n2\n", "each once, in order");
    assert.equal(await sandbox.get("repo.ocu.star/@/push/index"), undefined);
    sandbox.write("e.ocu.star", meets("x", "y"));
    sandbox.commit();
    await sandbox.ok(["push"]);
    assert.equal((await sandbox.ok(["push", "--dryrun"])).stdout, "[]\n");
    sandbox.remove();
  });

  it("share the places that --parallel gives", async () => {
    const file = (name: string) =>
      `def f(ctx):\n    host.shell("echo + >> order; sleep 0.05; echo - >> order")\n    return done()\nphase("p", tasks=[task(f, name="${name}" + str(i)) for i in range(3)])\n`;
    const sandbox = Sandbox.create({
      "repo.ocu.star": repo,
      ".gitignore": ignore,
      "a.ocu.star": file("a"),
      "b.ocu.star": file("b"),
    });
    await sandbox.ok(["push", "--parallel", "1"]);
    assert.equal(readFileSync(sandbox.path("order"), "utf8"), "+\n-\n".repeat(6));
    sandbox.remove();
  });

  it("begin no other once they are interrupted", async () => {
    const sandbox = Sandbox.create({
      "repo.ocu.star": repo,
      ".gitignore": ignore,
      "a.ocu.star": takesFrom("b"),
      "b.ocu.star": meets("x", "never"),
      "c.ocu.star": meets("y", "never"),
    });
    const signals = new EventEmitter();
    let isSent = false;
    const onOutput = (text: string) => {
      if (isSent || !/b\.ocu\.star r1 › f ⠿/.test(text) || !/c\.ocu\.star r1 › f ⠿/.test(text)) return;
      isSent = true;
      signals.emit("SIGINT");
    };
    const { code } = await sandbox.run(["push"], { signals, onOutput });
    assert.equal(code, 130);
    for (const file of ["b", "c"])
      assert.equal(await sandbox.get(`${file}.ocu.star/@r1/task/f/1#failure/interrupted`), true, file);
    assert.equal(await sandbox.get("a.ocu.star/@r1"), undefined);
    assert.equal(await sandbox.get("repo.ocu.star/@/push/index"), undefined);
    sandbox.remove();
  });

  it("go on beside one that needs a damaged document", async () => {
    const sandbox = Sandbox.create({
      "repo.ocu.star": repo,
      ".gitignore": ignore,
      "a.ocu.star": deploys,
      "b.ocu.star": release(),
      "e.ocu.star": `register_environment(environment("one"))`,
    });
    await sandbox.ok(["release", "new", "e.ocu.star"]);
    const path = sandbox.path(".ocuroot/store/state/refs/@/environment/one/@object.json");
    writeFileSync(path, "{");
    sandbox.write("e.ocu.star", "\n");
    sandbox.commit();
    const { code, stderr } = await sandbox.run(["push"]);
    assert.equal(code, 1);
    assert.equal(stderr.split(path).length, 2, stderr);
    assert.ok(await sandbox.get("b.ocu.star/@/task/build"));
    assert.equal(await sandbox.get("a.ocu.star/@r1"), undefined);
    sandbox.remove();
  });
});

describe("acting in order", () => {
  const run = async (needs: Record<string, string[]>, limit: number, fails?: string) => {
    const log: string[] = [];
    let most = 0;
    let now = 0;
    const act = async (name: string) => {
      log.push(`+${name}`);
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      log.push(`-${name}`);
      if (name === fails) throw new Error(name);
      return name !== "last";
    };
    const error = await inOrder(Object.keys(needs), { limit, needs: (name) => needs[name]! }, act).then(
      () => undefined,
      (thrown: Error) => thrown.message,
    );
    return { log: log.join(" "), most, error };
  };

  it("waits for what is needed, and for nothing else", async () => {
    const { log, most } = await run({ a: ["b", "other"], b: ["c"], c: [], d: [] }, 9);
    assert.equal(log, "+c +d -c +b -d -b +a -a");
    assert.equal(most, 2);
  });

  it("begins a circle where the list does, and acts on each once", async () => {
    assert.equal((await run({ a: ["b"], b: ["a", "b"], c: ["c"] }, 9)).log, "+c -c +a -a +b -b");
    assert.deepEqual(await run({}, 9), { log: "", most: 0, error: undefined });
  });

  it("keeps to the limit, and begins nothing after an error or when told so", async () => {
    assert.equal((await run({ a: [], b: [], c: [], d: [] }, 2)).most, 2);
    assert.deepEqual(await run({ a: [], b: [], c: [] }, 1, "b"), { log: "+a -a +b -b", most: 1, error: "b" });
    assert.equal((await run({ last: [], b: [] }, 1)).log, "+last -last");
  });
});
