import assert from "node:assert/strict";
import { Sandbox } from "./sandbox.ts";

const clear = "\u001b[2J\u001b[1;1H";

const files = {
  "repo.ocu.star": 'ocuroot("0.3.0")\nrepo_alias("shop")\nstore.set(store.fs("./.store"))\n',
  ".gitignore": ".store\n",
  "envs.ocu.star": 'ocuroot("0.3.0")\nregister_environment(environment("constructor", {"note": "a\\nb\\x1b[2Jc"}))\n',
  "release.ocu.star": `ocuroot("0.3.0")

def build(ctx):
    print("\\x1b[2J\\x1b[1;1H\\x1b[31mred\\x1b[0m")
    return done(outputs={"__proto__": "p", "constructor": "c"})

def up(ctx):
    return done(outputs={"got": ctx.inputs.constructor})

task(build, name="__proto__", inputs={"__proto__": "lit", "toString": 5})
deploy(
    environment("constructor"),
    up=up,
    down=up,
    inputs={"constructor": ref("./task/__proto__#output/__proto__")},
)
`,
};

describe("text that would do something", () => {
  let sandbox: Sandbox;

  before(() => {
    sandbox = Sandbox.create(files);
  });

  after(() => sandbox.remove());

  it("stays on its line as an attribute", async () => {
    const { stderr } = await sandbox.run(["release", "new", "envs.ocu.star"]);
    assert.match(stderr, /^environment constructor {2}note=a⏎bc$/m);
  });

  it("only colours a terminal, and comes as it is elsewhere", async () => {
    assert.equal((await sandbox.run(["release", "new", "release.ocu.star"])).code, 0);
    const logs = ["release", "logs", "release.ocu.star/@r1/task/__proto__"];
    assert.equal((await sandbox.run(logs)).stdout, `${clear}\u001b[31mred\u001b[0m\n`);
    assert.equal((await sandbox.run(logs, { columns: 80 })).stdout, "\u001b[31mred\u001b[0m\n");
    // Where the terminal belongs to a CI machine, lines are written as they come.
    const again = ["release", "new", "--force", "release.ocu.star"];
    const shown = await sandbox.run(again, { columns: 80, env: { CI: "1" } });
    assert.match(shown.stdout, /__proto__ │ \u001b\[31mred\u001b\[0m\n/);
    assert.ok(!shown.stdout.includes("\u001b[2J"), shown.stdout);
  });

  it("is text as a name, also one that every object has", async () => {
    const get = async (ref: string) => JSON.parse((await sandbox.run(["state", "get", ref])).stdout) as unknown;
    assert.equal(await get("release.ocu.star/@r1/task/__proto__#output/__proto__"), "p");
    assert.equal(await get("release.ocu.star/@r1/deploy/constructor#output/got"), "p");
    const missing = await sandbox.run(["state", "get", "release.ocu.star/@r1/task/__proto__#output/toString"]);
    assert.match(missing.stderr, /has no field output\/toString/);
  });
});
