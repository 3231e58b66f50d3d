import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { Sandbox } from "./sandbox.ts";

describe("ocuroot state", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = Sandbox.create("seed");
    await sandbox.ok(["release", "new", "environments.ocu.star"]);
  });
  after(() => sandbox.remove());

  it("sets values as strings, JSON, Starlark and from stdin", async () => {
    const set = async (...argv: string[]) => {
      await sandbox.ok(["state", "set", "@/custom/x", ...argv], { stdin: "from stdin\n" });
      await sandbox.ok(["state", "apply", "@/custom/x"]);
      return await sandbox.get("@/custom/x");
    };
    assert.equal(await set("1"), "1");
    assert.deepEqual(await set('[1, {"a": null}]', "-f", "json"), [1, { a: null }]);
    assert.deepEqual(await set("{'a': [n * n for n in range(3)]}", "-f", "starlark"), { a: [0, 1, 4] });
    assert.equal(await set("-"), "from stdin");
    const foreign = await sandbox.run(["state", "set", "@/custom/x", "-"], { stdin: Uint8Array.from([0x61, 0xff]) });
    assert.deepEqual(foreign, {
      code: 1,
      stdout: "",
      stderr: "error: what stdin has is not UTF-8 text, which a value must be\n",
    });
    await sandbox.ok(["state", "delete", "@/custom/x"]);
    assert.equal(await sandbox.get("@/custom/x"), "from stdin");
    assert.equal((await sandbox.ok(["state", "diff", "--json"])).stdout, `{"ref":"@/custom/x","change":"delete"}\n`);
    await sandbox.ok(["state", "apply", "@/custom/x"]);
    assert.equal(await sandbox.get("@/custom/x"), undefined);
  });

  it("keeps integers exact", async () => {
    await sandbox.ok(["state", "set", "@/custom/big", "12345678901234567890", "-f", "json"]);
    await sandbox.ok(["state", "apply", "@/custom/big"]);
    assert.equal((await sandbox.ok(["state", "get", "@/custom/big"])).stdout, "12345678901234567890\n");
  });

  it("says so when a value is set for a release that is not there", async () => {
    const { stderr } = await sandbox.ok(["state", "set", "release.ocu.star/@r99/custom/approval", "x"]);
    assert.match(stderr, /^note: there is no release release\.ocu\.star\/@r99; what is set waits for one$/m);
    await sandbox.ok(["state", "delete", "release.ocu.star/@r99/custom/approval"]);
  });

  it("takes no number away by what is set for releases to come, which find it when they are made", async () => {
    const file = `def f(go):\n    return done(outputs={"go": go})\ntask(f, name="f", inputs={"go": input(ref="./custom/go")})\n`;
    const early = Sandbox.create({ "repo.ocu.star": `repo_alias("r")`, "a.ocu.star": file });
    for (const number of [2, 9]) {
      await early.ok(["state", "set", `a.ocu.star/@r${number}/custom/go`, `for r${number}`]);
      await early.ok(["state", "apply", `a.ocu.star/@r${number}/custom/go`]);
    }
    assert.equal((await early.run(["release", "show", "a.ocu.star"])).code, 1);
    assert.match((await early.ok(["release", "list"])).stderr, /^No releases yet/);
    await early.ok(["release", "new", "a.ocu.star"]);
    await early.ok(["release", "new", "--force", "a.ocu.star"]);
    assert.equal(await early.get("a.ocu.star/@r2/task/f#output/go"), "for r2");
    const listed = (await early.ok(["release", "list", "--json"])).stdout.trim().split("\n");
    assert.deepEqual(
      listed.map((line) => JSON.parse(line)).map(({ name, status }) => [name, status]),
      [
        ["r2", "complete"],
        ["r1", "blocked"],
      ],
    );
    assert.match((await early.ok(["release", "show", "a.ocu.star"])).stdout, /r2/);
    assert.equal(await early.get("a.ocu.star/@r9/custom/go"), "for r9");
    early.remove();
  });

  it("does not give a number again whose document was lost", async () => {
    const lost = Sandbox.create({
      "repo.ocu.star": `repo_alias("r")`,
      "a.ocu.star": `def f(ctx):\n    pass\ntask(f, name="f")\n`,
    });
    await lost.ok(["release", "new", "a.ocu.star"]);
    rmSync(lost.path(".ocuroot/store/state/refs/r/-/a.ocu.star/@r1/@object.json"));
    rmSync(lost.path(".ocuroot/store/state/refs/r/-/a.ocu.star/@r1/commit"), { recursive: true });
    await lost.ok(["release", "new", "--force", "a.ocu.star"]);
    assert.ok(await lost.get("a.ocu.star/@r2"));
    lost.remove();
  });

  it("matches by glob, with and without links", async () => {
    await sandbox.ok(["release", "new", "release.ocu.star"]);
    const match = async (...argv: string[]) =>
      (await sandbox.ok(["state", "match", ...argv])).stdout.trim().split("\n");
    assert.deepEqual(await match("@/environment/*"), ["@/environment/production", "@/environment/staging"]);
    assert.deepEqual(await match("**/@/deploy/*"), [
      "myapp/-/release.ocu.star/@/deploy/production",
      "myapp/-/release.ocu.star/@/deploy/staging",
    ]);
    assert.deepEqual(await match("-l", "**/@/deploy/*"), [""]);
  });

  it("matches globs that start in the current folder or repository", async () => {
    const sub = Sandbox.create({
      "repo.ocu.star": `repo_alias("r")`,
      "a/b [x]/p.ocu.star": `def f():\n    pass\ntask(f, name="f")\n`,
      "q.ocu.star": `def f():\n    pass\ntask(f, name="f")\n`,
    });
    await sub.ok(["release", "new", "a/b [x]/p.ocu.star"]);
    await sub.ok(["release", "new", "q.ocu.star"]);
    const match = async (...argv: string[]) => (await sub.ok(["state", "match", ...argv], { in: "a/b [x]" })).stdout;
    const p = "r/-/a/b [x]/p.ocu.star/@r1\n";
    for (const glob of ["p.ocu.star/@*", "./p.ocu.star/@r1", "../*/p.ocu.star/@r[0-9]"])
      assert.equal(await match(glob), p);
    for (const glob of ["../../q.ocu.star/@*", "//q.ocu.star/@*", "./-/q.ocu.star/@r*", "r/-/q.ocu.star/@*"])
      assert.equal(await match(glob), "r/-/q.ocu.star/@r1\n", glob);
    assert.equal(await match("./@*", "--package", "p.ocu.star"), p);
    assert.equal(
      await match("./task/*", "--package", "p.ocu.star", "--release", "r1"),
      "r/-/a/b [x]/p.ocu.star/@r1/task/f\n",
    );
    const refused = async (glob: string) => (await sub.run(["state", "match", glob])).code;
    assert.deepEqual(await Promise.all(["[", "{a", "../x.star/@*", "./@r1"].map(refused)), [2, 2, 2, 2]);
    const { stderr } = await sub.run(["state", "match", "q.ocu.star/@[r"]);
    assert.match(stderr, /is not a glob: `\[` has no `\]` in its segment.*\n {2}q\.ocu\.star\/@\[r\n {14}\^\n/);
    assert.equal(
      (await sub.ok(["state", "get", "q.ocu.star/@"])).stdout,
      (await sub.ok(["state", "get", "q.ocu.star/@r1"])).stdout,
    );
    sub.remove();
  });

  it("marks releases to look again when an environment changes", async () => {
    await sandbox.ok(["state", "set", "@/environment/eu", `{"name":"eu","attributes":{"type":"prod"}}`, "-f", "json"]);
    await sandbox.ok(["state", "apply", "@/environment/eu"]);
    assert.match((await sandbox.ok(["state", "match", "**/op/*"])).stdout, /release\.ocu\.star\/@r1\/op\/check_envs/);
  });

  it("takes down what is deployed in an environment that is deleted, then removes it", async () => {
    await sandbox.ok(["state", "delete", "@/environment/production"]);
    const { stdout } = await sandbox.ok(["state", "apply", "@/environment/production"]);
    assert.match(stdout, /deploy production − removed \(attempt 2\)/);
    assert.equal(await sandbox.get("@/environment/production"), undefined);
    assert.equal(await sandbox.get("release.ocu.star/@/deploy/production"), undefined);
    assert.equal(await sandbox.get("release.ocu.star/@r1/deploy/production#type"), "down");
    assert.doesNotMatch((await sandbox.ok(["state", "diff"])).stdout, /production/);
    assert.match((await sandbox.ok(["release", "show", "release.ocu.star"])).stdout, /− deploy production/);
  });

  it("takes down and puts up a deployment when its intent is deleted and set", async () => {
    const ref = "release.ocu.star/@/deploy/staging";
    const intent = JSON.stringify({ release: "myapp/-/release.ocu.star/@r1", input: { tag: "myapp:77" } });
    await sandbox.ok(["state", "delete", ref]);
    await sandbox.ok(["state", "apply", ref]);
    assert.equal(await sandbox.get(ref), undefined);
    await sandbox.ok(["state", "set", ref, intent, "-f", "json"]);
    await sandbox.ok(["state", "apply", ref]);
    assert.equal(await sandbox.get(`${ref}#input/tag`), "myapp:77");
    assert.equal(await sandbox.get("release.ocu.star/@r1/deploy/staging/3#type"), "up");
  });

  it("writes nothing when it only reads", async () => {
    const fresh = Sandbox.create("seed");
    const commands = [
      "release list",
      "state match",
      "state diff",
      "release lint release.ocu.star",
      "preview release.ocu.star",
    ];
    for (const command of commands) await fresh.ok(command.split(" "));
    assert.equal((await fresh.run(["state", "get", "@/environment/x"])).code, 1);
    assert.equal(existsSync(fresh.path(".ocuroot")), false);
    assert.equal(fresh.git("status", "--porcelain"), "");
    await fresh.ok(["release", "new", "environments.ocu.star"]);
    assert.equal(fresh.git("status", "--porcelain"), "", "the default store is out of git's sight");
    fresh.remove();
  });
});
