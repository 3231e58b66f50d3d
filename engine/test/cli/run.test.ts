import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { Sandbox } from "./sandbox.ts";

const file = `ocuroot("0.3.0")

def finish(url):
    host.shell("echo finished {}".format(url))
    return done(outputs={"url": url})

def up(environment, tag):
    host.shell("echo {} gets {}".format(environment["name"], tag))
    return next(finish, inputs={"url": "https://" + environment["name"]})

def down(environment, tag):
    host.shell("echo {} is emptied".format(environment["name"]))
    return done()

def build(number):
    if number > 9:
        fail("too many")
    return done(outputs={"tag": "app:{}".format(number)}, tags=["v{}".format(number)])

task(build, name="build", inputs={"number": input(ref="./@/task/build#output/number", default=1)})
[deploy(e, up=up, down=down, inputs={"tag": ref("./task/build#output/tag")}) for e in environments()]
`;

describe("running one piece of work", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": 'ocuroot("0.3.0")\nrepo_alias("app")\n',
      "environments.ocu.star": 'ocuroot("0.3.0")\nregister_environment(environment("eu", {"type": "prod"}))\n',
      "app/release.ocu.star": file,
    });
    await sandbox.ok(["release", "new", "environments.ocu.star"]);
  });
  after(() => sandbox.remove());

  const run = (...argv: string[]) => sandbox.run(["run", "app/release.ocu.star", ...argv]);

  it("takes inputs from the command line, else from state, else their defaults", async () => {
    assert.equal((await run("task/build")).stdout, "tag=app:1\n");
    assert.equal((await run("build", "--input", "number=4")).stdout, "tag=app:4\n");
    assert.deepEqual(JSON.parse((await run("build", "-i", "number=4", "--json")).stdout), {
      outputs: { tag: "app:4" },
      tags: ["v4"],
    });
  });

  it("says which inputs are not there", async () => {
    const { code, stderr } = await run("deploy/eu");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /tag: app\/-\/app\/release\.ocu\.star\/@\S*task\/build#output\/tag; give it: --input tag=VALUE/,
    );
  });

  it("goes on with the functions that the first one names", async () => {
    const { stdout, stderr } = await run("deploy/eu", "-i", "tag=app:7");
    assert.equal(stdout, "eu gets app:7\nfinished https://eu\nurl=https://eu\n");
    assert.match(stderr, /goes on with finish/);
    assert.equal((await run("eu", "-i", "tag=x", "--down")).stdout, "eu is emptied\n");
  });

  it("records nothing", async () => {
    assert.ok(!(await sandbox.ok(["state", "match", "app/release.ocu.star/**"])).stdout.includes("@r1"));
    assert.ok(existsSync(sandbox.path(".ocuroot/store")));
  });

  it("says what failed and where", async () => {
    const { code, stderr } = await run("build", "-i", "number=10");
    assert.equal(code, 1);
    assert.match(stderr, /app\/release\.ocu\.star:17:\d+.*too many/);
  });

  it("refuses what it cannot run, and says what there is", async () => {
    const wrong = async (...argv: string[]) => {
      const { code, stderr } = await run(...argv);
      assert.equal(code, 2, argv.join(" "));
      return stderr;
    };
    assert.match(await wrong("deploy/us"), /has no work `deploy\/us`/);
    assert.match(await wrong("build", "--down"), /only deployments go down/);
    assert.match(await wrong("build", "-i", "nmber=1"), /there is no input nmber[\s\S]*it takes: number/);
    assert.match(await wrong("build", "-i", "number"), /write NAME=VALUE/);
  });
});

describe("retrying in a worktree", () => {
  const release = (script: string) => `ocuroot("0.3.0")

def build():
    host.shell("${script}")
    return done()

task(build, name="build")
`;
  let sandbox: Sandbox;
  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": 'ocuroot("0.3.0")\nrepo_alias("app")\n',
      "release.ocu.star": release("cat notes; test -e $ALLOWED"),
      notes: "as it was\n",
    });
  });
  after(() => sandbox.remove());

  it("uses the files of the release's commit, and leaves the checkout alone", async () => {
    const env = { ALLOWED: sandbox.path("allowed") };
    assert.equal((await sandbox.run(["release", "new", "release.ocu.star"], { env })).code, 1);
    sandbox.write("release.ocu.star", release("echo the new file; exit 1"));
    sandbox.write("notes", "as it is\n");
    const head = sandbox.commit();
    sandbox.write("notes", "not committed\n");
    sandbox.write("allowed", "");
    const both = await sandbox.run(["release", "retry", "release.ocu.star", "--worktree", "--any-commit"]);
    assert.equal(both.code, 2);
    const { code, stdout } = await sandbox.run(["release", "retry", "release.ocu.star", "--worktree"], { env });
    assert.equal(code, 0);
    assert.match(stdout, /as it was/);
    assert.equal(sandbox.git("rev-parse", "HEAD"), head);
    assert.match(sandbox.git("status", "--porcelain"), /^ ?M notes$/m);
    assert.equal(sandbox.git("worktree", "list").split("\n").length, 1);
  });
});
