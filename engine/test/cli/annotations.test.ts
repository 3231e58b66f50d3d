import assert from "node:assert/strict";
import { Sandbox } from "./sandbox.ts";

const release = `
def check():
    return next(publish, inputs={"ok": ref("./custom/ok")}, annotation="a person must look at it")
def publish(ok):
    return done(outputs={"n": 1}, annotation="published in three regions")
task(check, name="check", annotation="The gate")
`;

describe("annotations", () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = Sandbox.create({ "repo.ocu.star": `repo_alias("r")`, "a.ocu.star": release });
  });
  after(() => sandbox.remove());

  it("of a task stand beside its name", async () => {
    assert.match((await sandbox.ok(["preview", "a.ocu.star"])).stdout, /task check {2}\(The gate\)/);
  });

  it("of next say what is waited for", async () => {
    const { stdout } = await sandbox.ok(["release", "new", "a.ocu.star"]);
    assert.match(stdout, /^check ⏸ paused: a person must look at it; needs \.\/custom\/ok$/m);
    const shown = await sandbox.ok(["release", "show", "a.ocu.star"]);
    assert.match(shown.stdout, /⏸ check +a person must look at it; needs \.\/custom\/ok/);
    const live = await sandbox.ok(["release", "continue", "a.ocu.star"], { columns: 100 });
    assert.match(live.stdout, /a person must look at it; needs/);
  });

  it("of done stand with the result", async () => {
    await sandbox.ok(["state", "set", "a.ocu.star/@r1/custom/ok", "yes"]);
    const { stdout } = await sandbox.ok(["work", "continue"]);
    assert.match(stdout, /^check ✓ done in \S+ s: published in three regions {2}n=1$/m);
    const shown = await sandbox.ok(["release", "show", "a.ocu.star"]);
    assert.match(shown.stdout, /✓ check .* published in three regions {3}n=1/);
    const { annotation, functions } = (await sandbox.get("a.ocu.star/@r1/task/check/1")) as {
      annotation: string;
      functions: { annotation?: string }[];
    };
    assert.deepEqual(
      [annotation, ...functions.map((each) => each.annotation)],
      ["published in three regions", undefined, "a person must look at it"],
    );
  });
});
