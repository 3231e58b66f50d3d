import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Sandbox } from "./sandbox.ts";

const simple = `def f(ctx):\n    return done(outputs={"n": 1})\ntask(f, name="build")\n`;

describe("bad input", () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = Sandbox.create({ "repo.ocu.star": `repo_alias("r")\n`, "app/release.ocu.star": simple });
  });
  afterEach(() => sandbox.remove());

  /** Runs a command that must be refused, with nothing written. Returns what it said. */
  const refused = async (argv: string[], code = 1, options = {}) => {
    const hadStore = existsSync(sandbox.path(".ocuroot"));
    const result = await sandbox.run(argv, options);
    assert.equal(result.code, code, result.stdout + result.stderr);
    assert.equal(result.stdout, "");
    assert.equal(existsSync(sandbox.path(".ocuroot")), hadStore, "something was written");
    assert.doesNotMatch(result.stderr, /^ +at /m, "a stack of our own");
    return result.stderr;
  };

  it("names a missing file, and the nearest one", async () => {
    const text = await refused(["release", "new", "app/relese.ocu.star"]);
    assert.equal(text, "error: there is no file app/relese.ocu.star\n  did you mean app/release.ocu.star?\n");
    await refused(["release", "lint", "app/relese.ocu.star"]);
    await refused(["preview", "nowhere/x.ocu.star"]);
  });

  it("names a folder, and the package files in it", async () => {
    assert.equal(
      await refused(["release", "new", "app"]),
      "error: app is a folder; name a package file in it\n  there: release.ocu.star\n",
    );
  });

  it("names a file that is no package file", async () => {
    sandbox.write("app/notes.txt", "");
    assert.match(await refused(["release", "new", "app/notes.txt"]), /app\/notes\.txt is not a package file/);
  });

  it("names a file that is not UTF-8", async () => {
    writeFileSync(sandbox.path("app/latin.ocu.star"), Buffer.from([0x23, 0xe9, 0x0a]));
    assert.match(await refused(["release", "new", "app/latin.ocu.star"]), /app\/latin\.ocu\.star is not UTF-8 text/);
  });

  it("names a file that is in no repository", async () => {
    const outside = Sandbox.create({});
    rmSync(join(outside.root, ".git"), { recursive: true });
    outside.write("a.ocu.star", simple);
    const { code, stderr } = await outside.run(["release", "new", "a.ocu.star"]);
    assert.equal(code, 1);
    assert.match(stderr, /is in no repository/);
    outside.remove();
  });

  it("names a repository without a commit", async () => {
    const fresh = Sandbox.create({});
    rmSync(join(fresh.root, ".git"), { recursive: true });
    fresh.git("init", "-q");
    fresh.write("a.ocu.star", simple);
    assert.match((await fresh.run(["release", "new", "a.ocu.star"])).stderr, /has no commit yet/);
    fresh.remove();
  });

  it("says that git is missing", async () => {
    mkdirSync(sandbox.path("bin"));
    symlinkSync("/bin/sh", sandbox.path("bin/sh"));
    const text = await refused(["release", "new", "app/release.ocu.star"], 1, { env: { PATH: sandbox.path("bin") } });
    assert.match(text, /`git` was not found on PATH/);
    const env = { PATH: sandbox.path("bin"), OCU_REPO_COMMIT_OVERRIDE: "abc" };
    assert.equal((await sandbox.run(["release", "new", "app/release.ocu.star"], { env })).code, 0);
  });

  it("shows where a ref is wrong", async () => {
    const text = await refused(["state", "get", "app/release.ocu.star/@r1/dploy/x"], 2);
    assert.match(text, /error: "app\/release\.ocu\.star\/@r1\/dploy\/x" is not a ref: .*\n {2}app.*\n {2} +\^{5}\n/);
    assert.match(await refused(["state", "get", ""], 2), /empty/);
  });

  it("says which releases there are", async () => {
    await sandbox.ok(["release", "new", "app/release.ocu.star"]);
    assert.match(await refused(["release", "retry", "app/release.ocu.star/@7"]), /has no release 7\n {2}it has r1/);
    assert.match(await refused(["release", "show", "app/release.ocu.star/@v2"]), /has no release v2/);
    assert.match(
      await refused(["release", "logs", "app/release.ocu.star/@1/task/g"]),
      /r1 has no task\/g\n {2}it has: task\/build/,
    );
    sandbox.write("b.ocu.star", simple);
    assert.match(
      await refused(["release", "retry", "b.ocu.star"]),
      /b\.ocu\.star has no release yet\n.*release new b\.ocu\.star/,
    );
  });

  it("says what a document has, and what was probably meant", async () => {
    await sandbox.ok(["release", "new", "app/release.ocu.star"]);
    assert.match(await refused(["state", "get", "app/release.ocu.star/@/task/build#outptu/n"]), /did you mean #output/);
    assert.match(
      await refused(["state", "get", "app/release.ocu.star/@r1/task/buidl"]),
      /did you mean r\/-\/app\/release\.ocu\.star\/@r1\/task\/build\?/,
    );
    assert.match(
      await refused(["state", "get", "app/release.ocu.star/@r1/task"]),
      /there is nothing at r\/-\/app\/release\.ocu\.star\/@r1\/task itself\n {2}see what is below it: ocuroot state match 'r\/-\/app\/release\.ocu\.star\/@r1\/task\/\*\*'/,
    );
    // What would be meant is not there either: no help.
    const nowhere = ["app/relaese.ocu.star/@r1/task/other", "rpo.ocu.star/@r1/task/build"];
    for (const ref of nowhere) assert.doesNotMatch(await refused(["state", "get", ref]), /did you mean/, ref);
  });

  it("names a damaged document, and leaves it alone", async () => {
    await sandbox.ok(["release", "new", "app/release.ocu.star"]);
    const path = sandbox.path(".ocuroot/store/state/refs/r/-/app/release.ocu.star/@r1/@object.json");
    writeFileSync(path, `{"kind": "re`);
    for (const argv of [
      ["release", "show", "app/release.ocu.star"],
      ["state", "get", "app/release.ocu.star/@r1"],
    ]) {
      assert.match(await refused(argv), /release\.ocu\.star\/@r1/);
    }
    assert.equal(readFileSync(path, "utf8"), `{"kind": "re`);
    writeFileSync(path, `{"kind":"ref","body_type":"release","links":[],"body":{"foreign":true}}`);
    assert.match(await refused(["release", "show", "app/release.ocu.star"]), /@r1 is not one that Ocuroot wrote/);
  });

  it("lists the other releases beside a damaged one, and its exit code tells of it", async () => {
    await sandbox.ok(["release", "new", "app/release.ocu.star"]);
    await sandbox.ok(["release", "new", "--force", "app/release.ocu.star"]);
    const path = sandbox.path(".ocuroot/store/state/refs/r/-/app/release.ocu.star/@r1/@object.json");
    writeFileSync(path, `{"kind": "re`);
    const { code, stdout } = await sandbox.run(["release", "list"]);
    assert.equal(code, 1);
    assert.match(stdout, /✓ r2 +done .*\n {2}✗ r1 +damaged: .*@r1\/@object\.json is not complete JSON/);
    const json = await sandbox.run(["release", "list", "--json"]);
    assert.match(json.stdout, /"name":"r1","status":"failed".*"problem":".*not complete JSON/);
  });

  it("names a store that cannot be written, with no release half-made", async () => {
    writeFileSync(sandbox.path(".ocuroot"), "in the way");
    const { code, stderr } = await sandbox.run(["release", "new", "app/release.ocu.star"]);
    assert.equal(code, 1);
    assert.match(stderr, /\.ocuroot/);
    assert.equal(readFileSync(sandbox.path(".ocuroot"), "utf8"), "in the way");
    rmSync(sandbox.path(".ocuroot"));
    if (process.getuid?.() === 0) return; // The superuser may write everywhere.
    await sandbox.ok(["state", "set", "@/custom/x", "1"]);
    chmodSync(sandbox.path(".ocuroot/store/state"), 0o500);
    assert.equal((await sandbox.run(["release", "new", "app/release.ocu.star"])).code, 1);
    chmodSync(sandbox.path(".ocuroot/store/state"), 0o700);
  });

  it("refuses a store of an unknown version", async () => {
    sandbox.write(".ocuroot/store/state/.ocuroot-store", `{"version":9,"Tags":{"state":{}}}`);
    assert.match(await refused(["release", "new", "app/release.ocu.star"]), /version 9/);
    assert.deepEqual(readdirSync(sandbox.path(".ocuroot/store/state")), [".ocuroot-store"]);
  });

  it("shows every error of a file with its place, and writes nothing", async () => {
    sandbox.write("app/release.ocu.star", `task(nothing, name="f")\nx = undefined_name\n`);
    const text = await refused(["release", "new", "app/release.ocu.star"]);
    assert.match(text, /^app\/release\.ocu\.star:1:6: error: `nothing` is not defined/m);
    assert.match(text, /^app\/release\.ocu\.star:2:5: error: `undefined_name` is not defined/m);
    assert.match(text, / {6}1 │ task\(nothing, name="f"\)\n {8}│ {6}\^{7}\n/);
    assert.match(text, /error: app\/release\.ocu\.star cannot be released/);
  });

  it("shows an error in a module with the calls that led there", async () => {
    sandbox.write("lib.star", `def boom(x):\n    return 1 // x\n`);
    sandbox.write("app/release.ocu.star", `load("../lib.star", "boom")\nboom(0)\n`);
    const text = await refused(["release", "new", "release.ocu.star"], 1, { in: "app" });
    assert.match(
      text,
      /release\.ocu\.star:2:5 in <toplevel>\n(.*\n)?\.\.\/lib\.star:2:14 in boom: error: .*division by zero/,
    );
  });

  it("shows the error of repo.ocu.star", async () => {
    sandbox.write("repo.ocu.star", `repo_alias(3)\n`);
    const text = await refused(["release", "new", "app/release.ocu.star"]);
    assert.match(text, /^repo\.ocu\.star:1:11: error: .*\n[\s\S]*error: repo\.ocu\.star has an error/);
  });

  it("uses exit code 2 for wrong usage", async () => {
    for (const argv of [
      ["nonsense"],
      ["release", "new", "--nope"],
      ["state", "set", "x"],
      ["release", "new", "app/release.ocu.star", "--parallel", "0"],
    ]) {
      const { code, stderr } = await sandbox.run(argv);
      assert.equal(code, 2, argv.join(" "));
      assert.match(stderr, /error: /);
    }
    assert.match((await sandbox.run(["relase"])).stderr, /Did you mean release/);
    assert.equal((await sandbox.run(["completion", "tcsh"])).code, 2);
  });

  it("refuses to set what is not intent, and values that are not as said", async () => {
    await refused(["state", "set", "app/release.ocu.star/@r1/task/f", "x"]);
    await refused(["state", "set", "@/custom/x#field", "x"], 2);
    assert.match(await refused(["state", "set", "@/custom/x", "{", "-f", "json"], 2), /not JSON/);
    assert.match(await refused(["state", "set", "@/custom/x", "1 +", "-f", "starlark"], 2), /not Starlark/);
    assert.match(
      await refused(["state", "set", "@/environment/a b", "{}", "-f", "json"]),
      /no name for an environment/,
    );
    assert.match(
      await refused(["state", "set", "@/environment/a", `{"name":"b"}`, "-f", "json"]),
      /the environment's name is "b"/,
    );
    assert.match(await refused(["state", "delete", "@/custom/x"]), /intent has nothing at @\/custom\/x/);
    assert.match(await refused(["state", "apply", "@/custom/x"]), /neither intent nor state/);
  });
});
