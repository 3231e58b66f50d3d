/** What the specification promises of commands as a whole: what they write, what they leave alone, and where they say what. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "./sandbox.ts";

const repo = `ocuroot("0.3.0")\nrepo_alias("r")\n`;

const chain = `ocuroot("0.3.0")

def build(n):
    return done(outputs={"n": n + 1}, tags=["v" + str(n)])

def test(go):
    host.shell("test -e good")
    return done()

phase("build", work=[task(build, name="build", inputs={"n": input(ref="./@/task/build#output/n", default=0)})])
phase("test", work=[task(test, name="test", inputs={"go": input(ref="./custom/go", default="yes")})])
`;

/** Every document of a store with its text. */
function documents(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith("@object.json"),
  );
  return new Map(
    paths.map((path) => [path.replace(/\/?@object\.json$/, ""), readFileSync(join(folder, path), "utf8")]),
  );
}

describe("what commands promise", function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  const state = () => documents(sandbox.path(".ocuroot/store/state/refs"));
  beforeEach(() => {
    sandbox = Sandbox.create({ "repo.ocu.star": repo, "a.ocu.star": chain, ".gitignore": "good\n.ocuroot/\n" });
  });
  afterEach(() => sandbox.remove());

  it("writes no old document anew, but for the statuses of retried work and links (3.3)", async () => {
    assert.equal((await sandbox.run(["release", "new", "a.ocu.star"])).code, 1);
    const first = state();
    sandbox.write("good", "");
    await sandbox.ok(["release", "retry", "a.ocu.star"]);
    const retried = state();
    const ours = "r/-/a.ocu.star/@r1";
    const gone = [...first.keys()].filter((ref) => !retried.has(ref));
    assert.deepEqual(gone, [`${ours}/task/test/1/status/failed`], "its status is another one");
    assert.ok(retried.has(`${ours}/task/test/1/status/failed_retried`));
    for (const [ref, text] of first) if (!gone.includes(ref)) assert.equal(retried.get(ref), text, ref);

    await sandbox.ok(["release", "new", "--force", "a.ocu.star"]);
    const later = state();
    for (const [ref, text] of retried) {
      const [before, after] = [text, later.get(ref) ?? "{}"].map((each) => JSON.parse(each));
      // Links to the newest go on to it; the documents that they leave no longer list them.
      if (before.kind === "link") assert.match(after.body, ref.includes("/@/") ? /@r2\// : /./, ref);
      else assert.deepEqual({ ...after, links: [] }, { ...before, links: [] }, ref);
    }
  });

  it("records the configuration of the commit, and leaves everything as it is when it refuses (4.1)", async () => {
    sandbox.write("good", "");
    sandbox.git("remote", "add", "origin", "https://user:to@ken@example.com/r.git");
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    const commit = sandbox.git("rev-parse", "HEAD");
    assert.deepEqual(await sandbox.get(`repo.ocu.star/@${commit}`), {
      Remotes: ["https://example.com/r.git"],
      source: Buffer.from(repo).toString("base64"),
    });
    const before = state();
    const refused = await sandbox.run(["release", "new", "a.ocu.star"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /r1[\s\S]*--force/);
    assert.deepEqual(state(), before);
    assert.equal((await sandbox.run(["release", "retry", "a.ocu.star"])).code, 1, "nothing failed");
    assert.deepEqual(state(), before);
  });

  it("records places of functions as paths from the root (4.8)", async () => {
    sandbox.write("deep/lib.star", "def f():\n    print('x')\n    return done()\n");
    sandbox.write("deep/b.ocu.star", `ocuroot("0.3.0")\nload("./lib.star", "f")\ntask(f, name="f")\n`);
    sandbox.commit();
    await sandbox.ok(["release", "new", "deep/b.ocu.star"]);
    const { package: content } = (await sandbox.get("deep/b.ocu.star/@r1")) as {
      package: { phases: { tasks: { task: { fn: { pos: string } } }[] }[] };
    };
    assert.equal(content.phases[0]?.tasks[0]?.task.fn.pos, "deep/lib.star:1:1");
    const log = (await sandbox.get("deep/b.ocu.star/@r1/task/f/1/logs")) as { attributes: { pos?: string } }[];
    assert.match(log[0]?.attributes.pos ?? "", /^deep\/lib\.star:2:\d+$/);
  });

  it("changes nothing when it only looks: previews, look-ups, dry runs (4.7, 4.8)", async () => {
    sandbox.write("good", "");
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    await sandbox.ok(["state", "set", "@/custom/x", "1"]);
    const store = sandbox.path(".ocuroot/store");
    const all = () =>
      readdirSync(store, { recursive: true, encoding: "utf8" })
        .sort()
        .map((path) => `${path} ${statSync(join(store, path)).mtimeMs}`);
    const before = all();
    const commands = [
      "preview a.ocu.star",
      "release lint a.ocu.star",
      "release list",
      "release show a.ocu.star",
      "release logs a.ocu.star/@r1/task/build",
      "state get a.ocu.star/@r1",
      "state match **",
      "state diff",
      "state check",
      "push --dryrun",
      ...["continue", "any", "ops", "trigger", "cascade"].map((name) => `work ${name} --dryrun`),
    ];
    for (const command of commands) {
      await sandbox.ok(command.split(" "));
      assert.deepEqual(all(), before, command);
    }
    const { stdout } = await sandbox.ok(["work", "any", "--dryrun"]);
    assert.deepEqual(JSON.parse(stdout), [
      { ref: "@/custom/x", work_type: "create", commit: sandbox.git("rev-parse", "HEAD") },
    ]);
  });

  it("says results on stdout and messages on stderr, in colour only where that is wanted (5)", async () => {
    const failed = await sandbox.run(["release", "new", "a.ocu.star"]);
    assert.match(failed.stdout, /^r\/a\.ocu\.star {2}r1/);
    assert.match(failed.stderr, /^✗ r1 failed: test › test$/m);
    assert.doesNotMatch(failed.stdout, /retry/);
    sandbox.write("good", "");
    const quiet = await sandbox.run(["--quiet", "release", "retry", "a.ocu.star"]);
    assert.deepEqual([quiet.code, quiet.stderr, quiet.stdout.trim().split("\n").length], [0, "", 1]);
    const escape = "\u001b[";
    const run = (argv: string[], env: Record<string, string | undefined>) =>
      sandbox.run(argv, { env: { TERM: "xterm-256color", ...env }, columns: 80 });
    assert.ok((await run(["release", "list"], { NO_COLOR: undefined })).stdout.includes(escape));
    assert.ok(!(await run(["release", "list"], { NO_COLOR: "1" })).stdout.includes(escape));
    assert.ok(!(await run(["release", "list", "--no-color"], { NO_COLOR: undefined })).stdout.includes(escape));
    assert.ok(
      !(await sandbox.run(["release", "list"], { env: { NO_COLOR: undefined } })).stdout.includes(escape),
      "no terminal",
    );
  });

  it("shows our own stack only to those who ask, and works from other folders with -C (5)", async () => {
    const wrong = ["state", "get", "@/custom/none"];
    assert.doesNotMatch((await sandbox.run(wrong)).stderr, /\n\s+at /);
    assert.match((await sandbox.run(wrong, { env: { OCUROOT_DEBUG: "1" } })).stderr, /\n\s+at .*\.ts:\d+/);
    sandbox.write("good", "");
    sandbox.write("sub/x", "");
    await sandbox.ok(["-C", "..", "release", "new", "a.ocu.star"], { in: "sub" });
    assert.match((await sandbox.ok(["release", "list", "-C", sandbox.root], { in: "sub" })).stdout, /r1/);
  });
});
