import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Sandbox } from "../cli/sandbox.ts";

describe("two work commands that find the same intent", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": 'repo_alias("r")\n',
      ".gitignore": ".ocuroot\nproof\n",
      "e.ocu.star": 'register_environment(environment("eu", {}))\n',
      "a.ocu.star": `def up(environment, v):
    host.shell("echo up $V >> proof; sleep 0.2", env={"V": v})
def down(environment, v):
    host.shell("echo down $V >> proof; sleep 0.2", env={"V": v})
phase("p", [deploy(e, up, down, inputs={"v": "1"}) for e in environments()])
`,
    });
    await sandbox.ok(["release", "new", "e.ocu.star"]);
    await sandbox.ok(["release", "new", "a.ocu.star"]);
  });
  after(() => sandbox.remove());

  const both = async () => {
    const results = await Promise.all([1, 2].map(() => sandbox.run(["work", "any"])));
    assert.deepEqual(
      results.map(({ code }) => code),
      [0, 0],
      JSON.stringify(results),
    );
    return readFileSync(sandbox.path("proof"), "utf8").trim().split("\n");
  };
  const ref = "a.ocu.star/@/deploy/eu";

  it("put up a deployment once, and neither has failed", async function () {
    this.timeout(60_000);
    const intent = JSON.stringify({ release: "r/-/a.ocu.star/@r1", input: { v: "2" } });
    await sandbox.ok(["state", "set", "-f", "json", ref, intent]);
    assert.deepEqual(await both(), ["up 1", "up 2"]);
  });

  it("take it down once", async function () {
    this.timeout(60_000);
    await sandbox.ok(["state", "delete", ref]);
    assert.deepEqual(await both(), ["up 1", "up 2", "down 2"]);
    assert.equal(await sandbox.get(ref), undefined);
  });
});
