import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { Sandbox } from "./sandbox.ts";

interface Entry {
  readonly timestamp: string;
  readonly message: string;
  readonly stream: string;
}

const quick = { SHOP_PACE: "0.01" };

describe("the shop: three packages that depend on each other", () => {
  let shop: Sandbox;
  before(async () => {
    shop = Sandbox.create("shop");
    await shop.ok(["release", "new", "environments.ocu.star"], { env: quick });
  });
  after(() => shop.remove());

  it("waits for another package's release, and says which", async () => {
    const { stdout } = await shop.ok(["release", "new", "backend/release.ocu.star"], { env: quick });
    assert.match(stdout, /⏸ r1 waits for 2 inputs/);
    assert.match(stdout, /ocuroot release new database\/release\.ocu\.star/);
    assert.match(stdout, /ocuroot release continue backend\/release\.ocu\.star\/@r1/);
  });

  it("waits for an approval, and gives the command", async () => {
    const { stdout } = await shop.ok(["release", "new", "release.ocu.star"], { in: "database", env: quick });
    assert.match(stdout, / {4}ocuroot state set release\.ocu\.star\/@r1\/custom\/approval VALUE/);
    assert.equal(await shop.get("database/release.ocu.star/@/deploy/eu"), undefined);
  });

  it("goes on once the approval is there: set, applied, continued", async () => {
    const ref = "database/release.ocu.star/@r1/custom/approval";
    await shop.ok(["state", "set", ref, "ann"]);
    assert.equal((await shop.ok(["state", "diff"])).stdout, `shop/-/${ref}\n`);
    assert.equal(await shop.get(ref), undefined);
    await shop.ok(["state", "apply", ref]);
    assert.equal(await shop.get(ref), "ann");
    assert.equal((await shop.ok(["state", "diff"])).stdout, "");
    const { stdout } = await shop.ok(["release", "continue", "database/release.ocu.star/@r1"], { env: quick });
    assert.match(stdout, /deploy eu │ approval: ann/);
    assert.match(stdout, /✓ r1 complete/);
  });

  it("takes an approval that is set but not applied when it is told to go on", async () => {
    await shop.ok(["release", "new", "--force", "database/release.ocu.star"], { env: quick });
    await shop.ok(["state", "set", "database/release.ocu.star/@2/custom/approval", "bob"]);
    const { stdout } = await shop.ok(["release", "continue", "database/release.ocu.star"], { env: quick });
    assert.match(stdout, /✓ r2 complete/);
    assert.equal(await shop.get("database/release.ocu.star/@/deploy/eu#input/approval"), "bob");
  });

  it("fails once, is retried, and runs nothing again that was done", async () => {
    await shop.ok(["release", "continue", "backend/release.ocu.star/@r1"], { env: quick });
    const failed = await shop.run(["release", "new", "frontend/release.ocu.star"], { env: quick });
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /✗ r1 failed: production › us\n {2}frontend\/release\.ocu\.star:\d+:\d+ in up: /);
    assert.match(failed.stderr, /quota exceeded in region us-east-1/);
    assert.match(failed.stdout, /deploy asia ✓/);
    const continued = await shop.run(["release", "continue", "frontend/release.ocu.star"], { env: quick });
    assert.equal(continued.code, 1);
    assert.match(continued.stderr, /✗ r1 failed: production › us\n {2}frontend\/release\.ocu\.star:\d+:\d+ in up: /);
    const retried = await shop.ok(["release", "retry", "frontend/release.ocu.star"], { env: quick });
    assert.match(retried.stdout, /deploy us ✓ done in .* \(attempt 2\)/);
    assert.doesNotMatch(retried.stdout, /deploy eu /);
    const again = await shop.run(["release", "retry", "frontend/release.ocu.star/@1"], { env: quick });
    assert.deepEqual([again.code, again.stderr], [1, "error: nothing failed in r1 of frontend/release.ocu.star\n"]);
    const { stdout } = await shop.ok(["release", "show", "frontend/release.ocu.star/@r1"]);
    assert.match(stdout, /↻ deploy\/us: attempt 1 retried; now attempt 2/);
  });

  it("refuses to retry when another commit is checked out, and tells the command", async () => {
    const commit = shop.git("rev-parse", "HEAD");
    shop.write("scripts/deploy.sh", "#!/bin/sh\nexit 1\n");
    shop.commit();
    assert.equal((await shop.run(["release", "new", "frontend/release.ocu.star"], { env: quick })).code, 1);
    shop.commit();
    const refused = await shop.run(["release", "retry", "frontend/release.ocu.star"]);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /r2 is of commit [0-9a-f]{7}, but [0-9a-f]{7} is checked out\n {2}git checkout [0-9a-f]{40}/,
    );
    assert.equal((await shop.run(["release", "retry", "--any-commit", "frontend/release.ocu.star"])).code, 1);
    assert.notEqual(commit, shop.git("rev-parse", "HEAD"));
  });

  it("lists releases newest first, by number", async () => {
    const { stdout } = await shop.ok(["release", "list", "frontend/release.ocu.star", "--json"]);
    const names = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).name);
    assert.deepEqual(names, ["r2", "r1"]);
  });
});

describe("running work", () => {
  const sandboxes: Sandbox[] = [];
  const create = (release: string, more: Record<string, string> = {}) => {
    const sandbox = Sandbox.create({
      "repo.ocu.star": `ocuroot("0.3.0")\nrepo_alias("r")\n`,
      "a.ocu.star": release,
      ...more,
    });
    sandboxes.push(sandbox);
    return sandbox;
  };
  afterEach(() => {
    for (const sandbox of sandboxes.splice(0)) sandbox.remove();
  });

  it("runs sixteen deployments at once", async function () {
    this.timeout(120_000);
    const names = Array.from({ length: 16 }, (_, index) => `e${String(index).padStart(2, "0")}`);
    // Each waits until all sixteen have begun, and fails when they do not.
    const all = "all() { set -- at-*; [ $# = 16 ]; }";
    const command = `${all}; : > at-$NAME; n=0; until all || [ $n = 500 ]; do sleep 0.1; n=$((n + 1)); done; all`;
    const sandbox = create(
      `def up(ctx):
    host.shell("${command}", env={"NAME": ctx.environment.name})

def down(ctx):
    pass

phase("all", work=[deploy(environment=e, up=up, down=down) for e in environments()])
`,
      { "envs.ocu.star": names.map((name) => `register_environment(environment("${name}"))`).join("\n") },
    );
    await sandbox.ok(["release", "new", "envs.ocu.star"]);
    await sandbox.ok(["release", "new", "a.ocu.star"]);
  });

  it("gives inputs in both dialects, and an environment to deployments", async () => {
    const sandbox = create(
      `def one(ctx):
    return done(outputs={"v": ctx.inputs.x + 1})
def two(x, y=5):
    return next(three, inputs={"z": x + y})
def three(z):
    return done(outputs={"z": z})
def up(environment, x):
    return done(outputs={"where": environment["name"] + environment["attributes"]["type"] + str(x)})
def down(environment, x):
    return done()
call(one, name="one", inputs={"x": 1})
task(two, name="two", inputs={"x": ref("./call/one#output/v")})
phase("p", tasks=[deploy(environment(name="eu", attributes={"type": "t"}), up, down, inputs={"x": ref("./task/two/#output/z")})])
`,
    );
    await sandbox.ok(["state", "set", "@/environment/eu", `{"name":"eu","attributes":{"type":"t"}}`, "-f", "json"]);
    await sandbox.ok(["state", "apply", "@/environment/eu"]);
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    assert.equal(await sandbox.get("a.ocu.star/@/deploy/eu#output/where"), "eut7");
  });

  it("masks secrets in the terminal, in logs and in errors", async () => {
    const sandbox = create(
      `def f(ctx):
    token = secret(host.shell("cat token.txt", mute=True).stdout.strip())
    print("token is " + token)
    host.shell("echo out {}; echo err {} >&2; exit 3".format(token, token))
task(f, name="f")
`,
      { "token.txt": "hunter2hunter2\n" },
    );
    const { code, stdout, stderr } = await sandbox.run(["release", "new", "a.ocu.star"]);
    assert.equal(code, 1);
    const logs = await sandbox.ok(["release", "logs", "a.ocu.star/@r1/task/f/1", "--json"]);
    const document = JSON.stringify(await sandbox.get("a.ocu.star/@r1/task/f/1"));
    for (const text of [stdout, stderr, logs.stdout, document]) {
      assert.doesNotMatch(text, /hunter2/);
      assert.match(text, /<secret>/);
    }
  });

  it("records with each line of a log what printed it", async () => {
    const sandbox = create(
      `load("./lib/say.star", "say")
def f(ctx):
    print("one")
    host.shell("echo two; echo three >&2")
    say("four")
task(f, name="f")
`,
      { "lib/say.star": "def say(text):\n    print(text)\n" },
    );
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    const entries = (await sandbox.get("a.ocu.star/@r1/task/f/1/logs")) as (Entry & { attributes: { pos?: string } })[];
    const said = entries.map(({ message, attributes }) => `${message} ${attributes.pos}`);
    // The two streams of a command may come in either order.
    assert.deepEqual(said.sort(), [
      "four lib/say.star:2:10",
      "one a.ocu.star:3:10",
      "three a.ocu.star:4:15",
      "two a.ocu.star:4:15",
    ]);
  });

  it("runs commands at top level once, however many workers there are", async () => {
    const sandbox = create(
      `count = host.shell("echo x >> count.txt; wc -l < count.txt").stdout.strip()
def f(ctx):
    return done(outputs={"count": count})
phase("p", tasks=[task(f, name="a"), task(f, name="b"), task(f, name="c")])
`,
    );
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    for (const name of ["a", "b", "c"]) assert.equal(await sandbox.get(`a.ocu.star/@/task/${name}#output/count`), "1");
  });

  it("evaluates a repo.ocu.star that needs commands, without showing what they say", async () => {
    const repo = `repo_alias(secret(host.shell("cat name.txt").stdout.strip()))\nprint("I am myrepo")\n`;
    const sandbox = create(`def f(ctx):\n    print("in myrepo")\ntask(f, name="f")\n`, {
      "repo.ocu.star": repo,
      "name.txt": "myrepo",
    });
    const { stdout, stderr } = await sandbox.ok(["release", "new", "a.ocu.star"]);
    assert.match(stdout, /^<secret>\/a\.ocu\.star {2}r1/);
    assert.match(stdout, /f │ in <secret>/);
    assert.match(stderr, /^I am <secret>$/m);
    assert.ok(await sandbox.get("myrepo/-/a.ocu.star/@r1"));
  });

  it("speaks JSON, one event a line", async () => {
    const sandbox = create(
      `def f(ctx):\n    print("hi")\n    return done(outputs={"n": 1 << 70}, tags=["v1"])\ntask(f, name="f")\n`,
    );
    const { stdout } = await sandbox.ok(["release", "new", "a.ocu.star", "--json"]);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      events.map((event) => [event.type, event.status ?? event.message ?? event.outcome ?? event.name]),
      [
        ["release", "r1"],
        ["work", "running"],
        ["log", "hi"],
        ["work", "complete"],
        ["end", "complete"],
      ],
    );
    assert.match(stdout, /1180591620717411303424/);
    assert.match((await sandbox.ok(["release", "list"])).stdout, /r1 .* v1/);
    assert.match(
      (await sandbox.ok(["state", "get", "a.ocu.star/@v1/task/f#output/n"])).stdout,
      /^1180591620717411303424$/m,
    );
  });

  it("stops on Ctrl-C: says what it stops, records it, and can be retried", async () => {
    const sandbox = create(
      `def f(ctx):\n    if not host.is_dir("go"):\n        host.shell("echo started; sleep 20")\n    return done()\ntask(f, name="f")\n`,
    );
    const signals = new EventEmitter();
    let sent = false;
    const onOutput = (text: string) => {
      if (!sent && text.includes("│ started")) sent = signals.emit("SIGINT");
    };
    const { code, stdout, stderr } = await sandbox.run(["release", "new", "a.ocu.star"], { signals, onOutput });
    assert.equal(code, 130);
    assert.match(stdout, /^f ! interrupted$/m);
    assert.match(stderr, /Stopping `echo started; sleep 20` \(SIGINT\); press Ctrl-C again to kill/);
    assert.match(stderr, /! r1 interrupted\n.*ocuroot release retry a\.ocu\.star\/@r1/);
    assert.equal(await sandbox.get("a.ocu.star/@r1/task/f/1#failure/message"), "interrupted");
    // The same word wherever the release is told of.
    assert.match((await sandbox.ok(["release", "list"])).stdout, /! r1 +interrupted/);
    const list = JSON.parse((await sandbox.ok(["release", "list", "--json"])).stdout);
    const show = JSON.parse((await sandbox.ok(["release", "show", "a.ocu.star", "--json"])).stdout);
    assert.deepEqual([list.status, show.status, show.phases[0].work[0].status], Array(3).fill("interrupted"));
    const goOn = await sandbox.run(["release", "continue", "a.ocu.star", "--json"]);
    const events = goOn.stdout.trim().split("\n");
    assert.equal(goOn.code, 1, "it waits for a retry");
    assert.equal(JSON.parse(events.at(-1)!).outcome, "interrupted");
    assert.equal(JSON.parse(events[0]!).phases[0].work[0].status, "interrupted");
    sandbox.write("go/x", "");
    await sandbox.ok(["release", "retry", "a.ocu.star"]);
    assert.match((await sandbox.ok(["release", "list"])).stdout, /✓ r1 +done/);
  });

  it("kills what ignores the first Ctrl-C at the second", async () => {
    const sandbox = create(
      `def f(ctx):\n    host.shell("trap '' INT; echo started; sleep 20; sleep 20")\ntask(f, name="f")\n`,
    );
    const signals = new EventEmitter();
    const { kill } = process;
    let kills = 0;
    process.kill = (pid, signal) => {
      if (signal === "SIGKILL") kills++;
      return kill.call(process, pid, signal);
    };
    const seen: number[] = [];
    const onOutput = (text: string) => {
      if (seen.length > 0 || !text.includes("│ started")) return;
      for (let count = 0; count < 2; count++) {
        signals.emit("SIGINT");
        seen.push(kills);
      }
    };
    try {
      const { code } = await sandbox.run(["release", "new", "a.ocu.star"], { signals, onOutput });
      assert.equal(code, 130);
    } finally {
      process.kill = kill;
    }
    assert.deepEqual(seen, [0, 1]);
  });

  it("takes absolute paths, and paths that look like refs", async () => {
    const release = `def f(ctx):\n    pass\ntask(f, name="f")\n`;
    const sandbox = create(release, { "deploy/@scope/x.ocu.star": release });
    await sandbox.ok(["release", "new", sandbox.path("a.ocu.star")]);
    await sandbox.ok(["release", "show", `${sandbox.path("a.ocu.star")}/@r1/task/f`]);
    assert.ok(await sandbox.get(`${sandbox.path("a.ocu.star")}/@/task/f`));
    await sandbox.ok(["release", "lint", "deploy/@scope/x.ocu.star"]);
    assert.equal((await sandbox.run(["release", "new", sandbox.path("none.ocu.star")])).code, 1);
  });

  it("ends a function that never gives back control", async () => {
    const sandbox = create(
      `def f(ctx):\n    print("looping")\n    for i in range(1 << 40):\n        pass\ntask(f, name="f")\n`,
    );
    const signals = new EventEmitter();
    const onOutput = (text: string) =>
      text.includes("│ looping") && signals.emit("SIGTERM") && signals.removeAllListeners();
    const { code } = await sandbox.run(["release", "new", "a.ocu.star"], { signals, onOutput });
    assert.equal(code, 130);
  });

  it("finds what a killed process left running, and retries it", async function () {
    this.timeout(20_000);
    const sandbox = create(
      `def f(ctx):\n    if not host.is_dir("go"):\n        host.shell("echo started; exec sleep 20")\n    return done()\ntask(f, name="f")\n`,
    );
    const child = sandbox.spawn(["release", "new", "a.ocu.star"]);
    for await (const chunk of child.stdout!) if (String(chunk).includes("│ started")) break;
    assert.match((await sandbox.ok(["release", "list"])).stdout, /running/);
    const busy = await sandbox.run(["release", "retry", "a.ocu.star"]);
    assert.equal(busy.code, 1);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.match((await sandbox.ok(["release", "show", "a.ocu.star"])).stdout, /! f .*interrupted/);
    sandbox.write("go/x", "");
    const { stdout } = await sandbox.ok(["release", "retry", "a.ocu.star"]);
    assert.match(stdout, /f ✓ done in .* \(attempt 2\)/);
  });

  it("writes the log while work runs, and follows it from another process", async () => {
    // The command says "two" only once "one" was seen by the one that follows it.
    const command = "echo one; n=0; until [ -e seen ] || [ $n = 1000 ]; do sleep 0.02; n=$((n + 1)); done; cat seen";
    const sandbox = create(`def f(ctx):\n    host.shell("${command}")\ntask(f, name="f")\n`);
    let followed: Promise<{ stdout: string }> | undefined;
    const onOutput = (text: string) => {
      if (followed !== undefined || !text.includes("│ one")) return;
      const onLog = () => sandbox.write("seen", "two\n");
      followed = sandbox.ok(["release", "logs", "a.ocu.star/@r1/task/f", "--follow"], { onOutput: onLog });
    };
    await sandbox.ok(["release", "new", "a.ocu.star"], { onOutput });
    assert.equal((await followed)?.stdout, "one\ntwo\n");
    const entries = (await sandbox.get("a.ocu.star/@r1/task/f/1/logs")) as Entry[];
    assert.deepEqual(
      entries.map(({ message, stream }) => [message, stream]),
      [
        ["one", "stdout"],
        ["two", "stdout"],
      ],
    );
  });

  it("makes one release of two commands that start at once, or two with --force", async () => {
    const sandbox = create(`def f(ctx):\n    pass\ntask(f, name="f")\n`);
    const both = await Promise.all([1, 2].map(() => sandbox.run(["release", "new", "a.ocu.star"])));
    assert.deepEqual(both.map(({ code }) => code).sort(), [0, 1]);
    await Promise.all([1, 2].map(() => sandbox.ok(["release", "new", "-f", "a.ocu.star"])));
    const { stdout } = await sandbox.ok(["release", "list", "--json"]);
    assert.deepEqual(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).name),
      ["r3", "r2", "r1"],
    );
  });

  it("cancels what waits", async () => {
    const sandbox = create(`def f(ctx):\n    pass\ntask(f, name="f", inputs={"x": ref("./custom/x")})\n`);
    await sandbox.ok(["release", "new", "a.ocu.star"]);
    assert.match((await sandbox.ok(["release", "cancel", "a.ocu.star"])).stdout, /r1: 1 piece of work cancelled/);
    assert.match((await sandbox.ok(["release", "list"])).stdout, /cancelled/);
    assert.equal((await sandbox.run(["release", "cancel", "a.ocu.star"])).code, 1);
    assert.equal((await sandbox.run(["release", "continue", "a.ocu.star"])).code, 1);
  });
});
