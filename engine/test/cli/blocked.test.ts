import assert from "node:assert/strict";
import { Sandbox } from "./sandbox.ts";

const needs = (ref: string) => `
def f(v):
    return done(outputs={"v": v})
task(f, name="f", inputs={"v": ref("${ref}")})
`;

describe("what a release that waits for another one is told", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": `repo_alias("r")`,
      "lib/a.ocu.star": `def f(ok):
    if ok == "no":
        fail("not good")
    return done(outputs={"x": ok})
task(f, name="f", inputs={"ok": ref("./custom/ok")})
`,
      "app/b.ocu.star": needs("./-/lib/a.ocu.star/@/task/f#output/v"),
      "app/c.ocu.star": needs("other/-/d.ocu.star/@/deploy/eu#output/v"),
    });
  });
  after(() => sandbox.remove());
  const told = async (file: string) => {
    const { stdout } = await sandbox.ok(["release", "new", "--force", file], { in: "app" });
    return /^ {4}(.*)$/m.exec(stdout)?.[1];
  };

  it("to make a release where there is none, from where the command is run", async () => {
    const sentence = "`f` of a release of lib/a.ocu.star gives it; run: ocuroot release new ../lib/a.ocu.star";
    assert.equal(await told("b.ocu.star"), sentence);
    assert.match((await told("c.ocu.star")) ?? "", /run: ocuroot release new d\.ocu\.star \(in a checkout of other\)$/);
  });

  it("what that one waits for in its turn", async () => {
    await sandbox.ok(["release", "new", "lib/a.ocu.star"]);
    const show = "ocuroot release show ../lib/a.ocu.star/@r1";
    const sentence = `\`f\` of r1 of lib/a.ocu.star gives it when it is done; what that waits for: ${show}`;
    assert.equal(await told("b.ocu.star"), sentence);
    const { stdout } = await sandbox.ok(["release", "show", "../lib/a.ocu.star/@r1"], { in: "app" });
    assert.match(stdout, /ocuroot state set \.\.\/lib\/a\.ocu\.star\/@r1\/custom\/ok VALUE/);
  });

  it("that it failed, or gave something else", async () => {
    await sandbox.ok(["state", "set", "lib/a.ocu.star/@r1/custom/ok", "no"]);
    assert.equal((await sandbox.run(["release", "continue", "lib/a.ocu.star"])).code, 1);
    const retry = "`f` of r1 of lib/a.ocu.star failed; run: ocuroot release retry ../lib/a.ocu.star/@r1";
    assert.equal(await told("b.ocu.star"), retry);
    await sandbox.ok(["release", "new", "--force", "lib/a.ocu.star"]);
    await sandbox.ok(["state", "set", "lib/a.ocu.star/@r2/custom/ok", "yes"]);
    await sandbox.ok(["release", "continue", "lib/a.ocu.star"]);
    assert.equal(await told("b.ocu.star"), "`f` of r2 of lib/a.ocu.star is done but gave no `v`");
  });

  it("that it would wait for ever", async () => {
    sandbox.write("app/self.ocu.star", needs("./@/task/f#output/v"));
    const itself = "`f` waits for what it gives itself: give the input a default, input(ref=…, default=…)";
    assert.equal(await told("self.ocu.star"), itself);
    sandbox.write(
      "app/later.ocu.star",
      `${needs("./task/g#output/v")}def g():\n    return done(outputs={"v": 1})\nphase("p", work=[task(g, name="g")])\n`,
    );
    assert.match(
      (await told("later.ocu.star")) ?? "",
      /^`g` gives it, but does not come before: take it to an earlier/,
    );
  });

  it("that it was cancelled", async () => {
    await sandbox.ok(["release", "new", "--force", "lib/a.ocu.star"]);
    await sandbox.ok(["release", "cancel", "lib/a.ocu.star"]);
    const again = "`f` of r3 of lib/a.ocu.star was cancelled; run: ocuroot release new --force ../lib/a.ocu.star";
    assert.equal(await told("b.ocu.star"), again);
  });

  it("that it was taken down; and what waits in an environment that is new", async () => {
    const deployment = (inputs: string) => `def up(environment, **more):
    return done(outputs={"v": 1})
def down(environment, **more):
    return done()
phase("p", work=[deploy(e, up, down, inputs=${inputs}) for e in environments()])
`;
    sandbox.write("lib/host.ocu.star", deployment("{}"));
    sandbox.write("app/user.ocu.star", deployment('{"v": ref("./-/lib/host.ocu.star/@/deploy/eu#output/v")}'));
    const environment = async (name: string, isThere: boolean) => {
      const ref = `@/environment/${name}`;
      const change = isThere ? ["set", "-f", "json", ref, JSON.stringify({ name, attributes: {} })] : ["delete", ref];
      await sandbox.ok(["state", ...change]);
      await sandbox.ok(["state", "apply", ref]);
    };
    await environment("eu", true);
    await sandbox.ok(["release", "new", "lib/host.ocu.star"]);
    await sandbox.ok(["release", "new", "app/user.ocu.star"]);
    await environment("eu", false);
    await environment("us", true);
    const { stdout, stderr } = await sandbox.ok(["work", "continue"]);
    assert.match(stderr, /user\.ocu\.star\/@r1\/deploy\/us is new/);
    assert.match(
      stdout,
      /waits for 1 input\n {2}lib\/host\.ocu\.star\/@\/deploy\/eu#output\/v .*\n {4}the deployment to `eu` of r1 of lib\/host\.ocu\.star was taken down\n/,
    );
    assert.match((await sandbox.ok(["work", "continue"])).stderr, /There is no work at this commit/);
  });

  it("how to make environments that it names itself; of many inputs only the first, unless all are asked for", async () => {
    sandbox.write(
      "app/many.ocu.star",
      `def up(environment):
    pass
phase("p", [deploy(environment("e%d" % i), up, up) for i in range(40)])
`,
    );
    const { stdout } = await sandbox.ok(["release", "new", "many.ocu.star"], { in: "app" });
    const lines = stdout.slice(stdout.indexOf("waits for")).split("\n");
    const [, command = ""] = /, or run: (.*)$/.exec(lines[2] ?? "") ?? [];
    const steps = [
      `ocuroot state set -f json @/environment/e0 '{"name":"e0","attributes":{}}'`,
      "ocuroot state apply @/environment/e0",
    ];
    assert.equal(command, steps.join(" && "));
    assert.deepEqual(lines.slice(21, 23), [
      "  … and 30 more: ocuroot release show many.ocu.star/@r1",
      "  then:   ocuroot release continue many.ocu.star/@r1",
    ]);
    const shown = (await sandbox.ok(["release", "show", "many.ocu.star"], { in: "app" })).stdout;
    assert.equal(shown.match(/is not registered/g)?.length, 40);
    for (const step of steps) {
      const words = step.split(" ").slice(1);
      await sandbox.ok(words.map((word) => word.replace(/^'(.*)'$/, "$1")));
    }
    await sandbox.ok(["release", "continue", "many.ocu.star"], { in: "app" });
    assert.notEqual(await sandbox.get("app/many.ocu.star/@/deploy/e0"), undefined);
  });
});
