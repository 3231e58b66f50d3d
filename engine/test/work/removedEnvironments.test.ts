import assert from "node:assert/strict";
import { Sandbox } from "../cli/sandbox.ts";

const environments = ["stg", "prod"]
  .map((name) => `register_environment(environment("${name}", {"type": "${name}"}))`)
  .join("\n");

/** A phase for each environment, each waiting for an approval of its own, and a task at the end. */
const release = `
def up(environment, ok):
    print("up " + environment["name"])
def down(environment, ok):
    print("down " + environment["name"])
def fin():
    print("fin")
phase("stg", [deploy(e, up, down, inputs={"ok": ref("./custom/ok/" + e.name)}) for e in environments() if e.name == "stg"])
phase("prod", [deploy(e, up, down, inputs={"ok": ref("./custom/ok/" + e.name)}) for e in environments() if e.name == "prod"])
task(fin, name="fin")
`;

describe("an environment that is removed before a release reached it", () => {
  let sandbox: Sandbox;
  const approve = async (name: string, release = "r1") => {
    await sandbox.ok(["state", "set", `d [x]/a.ocu.star/@${release}/custom/ok/${name}`, "yes"]);
  };
  before(async () => {
    sandbox = Sandbox.create({
      "repo.ocu.star": `repo_alias("r")`,
      "e.ocu.star": environments,
      "d [x]/a.ocu.star": release,
    });
    await sandbox.ok(["release", "new", "e.ocu.star"]);
    await sandbox.ok(["release", "new", "d [x]/a.ocu.star"]);
  });
  after(() => sandbox.remove());

  it("is waited for no longer: the release goes on with what comes after", async () => {
    await sandbox.ok(["state", "delete", "@/environment/stg"]);
    await sandbox.ok(["state", "apply", "@/environment/stg"]);
    await sandbox.ok(["work", "continue"]);
    const { stdout } = await sandbox.ok(["release", "show", "d [x]/a.ocu.star"]);
    assert.match(stdout, /− deploy stg/);
    assert.match(stdout, /⏸ deploy prod .*needs \.\/custom\/ok\/prod/);
    assert.equal(
      (await sandbox.get("d [x]/a.ocu.star/@r1/deploy/stg/1/status/cancelled#reason")) as string,
      "environment removed",
    );
    await approve("prod");
    const { stdout: done } = await sandbox.ok(["work", "continue"]);
    assert.match(done, /deploy prod │ up prod[\s\S]*fin │ fin[\s\S]*✓ r1 complete/);
    assert.doesNotMatch(done, /stg ⏸|up stg/);
    assert.match((await sandbox.ok(["release", "list", "d [x]/a.ocu.star"])).stdout, /✓ r1 +done/);
  });

  it("gets its deployment when it comes back", async () => {
    await sandbox.ok([
      "state",
      "set",
      "@/environment/stg",
      `{"name": "stg", "attributes": {"type": "stg"}}`,
      "-f",
      "json",
    ]);
    await sandbox.ok(["state", "apply", "@/environment/stg"]);
    await approve("stg");
    const { stdout } = await sandbox.ok(["work", "continue"]);
    assert.match(stdout, /deploy stg │ up stg/);
    assert.match((await sandbox.ok(["release", "list", "d [x]/a.ocu.star"])).stdout, /✓ r1 +done/);
  });

  it("frees a release that deployed nothing yet, beside one that did", async () => {
    await sandbox.ok(["release", "new", "--force", "d [x]/a.ocu.star"]);
    await sandbox.ok(["state", "delete", "@/environment/stg"]);
    await sandbox.ok(["state", "apply", "@/environment/stg"]);
    const { stdout } = await sandbox.ok(["state", "match", "r/-/**/@r2/op/*"]);
    assert.equal(stdout, "r/-/d [x]/a.ocu.star/@r2/op/check_envs\n");
    await approve("prod", "r2");
    assert.match((await sandbox.ok(["work", "continue"])).stdout, /✓ r2 complete/);
  });

  it("is not one that was never registered: that is still waited for", async () => {
    const literal = release.replace(`environments() if e.name == "stg"`, `[environment("lit")]`);
    sandbox.write("lit.ocu.star", literal);
    sandbox.commit();
    await sandbox.ok(["release", "new", "lit.ocu.star"]);
    const set = (name: string) =>
      sandbox.ok(["state", "set", `@/environment/${name}`, `{"name": "${name}", "attributes": {}}`, "-f", "json"]);
    await set("other");
    await sandbox.ok(["state", "apply", "@/environment/other"]);
    await sandbox.ok(["work", "continue"]);
    assert.deepEqual(
      (await sandbox.ok(["state", "match", "r/-/lit*/@r1/deploy/lit/1/status/*"])).stdout,
      "r/-/lit.ocu.star/@r1/deploy/lit/1/status/pending\n",
    );
    await set("lit");
    await sandbox.ok(["state", "apply", "@/environment/lit"]);
    for (const name of ["lit", "prod"]) await sandbox.ok(["state", "set", `lit.ocu.star/@r1/custom/ok/${name}`, "yes"]);
    assert.match((await sandbox.ok(["work", "continue"])).stdout, /deploy lit │ up lit/);
  });

  it("leaves a release that was cancelled by hand cancelled", async () => {
    await sandbox.ok(["release", "new", "--force", "d [x]/a.ocu.star"]);
    await sandbox.ok(["release", "cancel", "d [x]/a.ocu.star"]);
    assert.match((await sandbox.ok(["release", "list"])).stdout, /− r3 +cancelled/);
    assert.equal((await sandbox.run(["release", "continue", "d [x]/a.ocu.star/@r3"])).code, 1);
  });
});
