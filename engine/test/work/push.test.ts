import assert from "node:assert/strict";
import { cpSync } from "node:fs";
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
    const { stderr } = await sandbox.ok(["push"]);
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
