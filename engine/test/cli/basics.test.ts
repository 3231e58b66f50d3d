import assert from "node:assert/strict";
import { Sandbox } from "./sandbox.ts";

describe("the command itself", () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = Sandbox.create({});
  });
  after(() => sandbox.remove());

  it("prints its version and help with exit code 0", async () => {
    assert.match((await sandbox.ok(["version"])).stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match((await sandbox.ok(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match((await sandbox.ok(["help"])).stdout, /Usage: ocuroot/);
    assert.match((await sandbox.ok(["release", "new", "--help"])).stdout, /--force/);
  });

  it("makes a first repository that can be released at once", async () => {
    const made = await sandbox.ok(["init", "shop"]);
    assert.equal(made.stdout, "made shop/repo.ocu.star\nmade shop/environments.ocu.star\nmade shop/release.ocu.star\n");
    assert.match(made.stderr, /cd shop\n/);
    assert.equal((await sandbox.run(["init", "shop"])).code, 1);
    sandbox.commit();
    await sandbox.ok(["-C", "shop", "release", "new", "environments.ocu.star"]);
    const { stdout } = await sandbox.ok(["release", "new", "release.ocu.star", "--quiet"], { in: "shop" });
    assert.match(stdout, /^✓ r1 complete in \d+\.\d s\n$/);
    assert.equal(await sandbox.get("shop/release.ocu.star/@/deploy/production#input/build_number"), 1);
    assert.equal((await sandbox.run(["-C", "nowhere", "state", "match"])).code, 2);
  });

  it("takes the file and the release from --package and --release", async () => {
    const get = (...argv: string[]) => sandbox.ok(["state", "get", "./task/build#output/build_number", ...argv]);
    assert.equal((await get("--package", "shop/release.ocu.star", "--release", "r1")).stdout, "1\n");
    assert.equal((await sandbox.ok(["release", "list", "--package", "shop/release.ocu.star"])).code, 0);
    assert.equal((await sandbox.run(["state", "get", "./task/build"], { in: "shop" })).code, 2);
  });

  it("shows the phase graph in every format", async () => {
    const preview = async (format: string) =>
      (await sandbox.ok(["preview", "shop/release.ocu.star", "--format", format])).stdout;
    assert.match(await preview("text"), /deploy production/);
    assert.equal(JSON.parse(await preview("json")).file, "release.ocu.star");
    assert.match(await preview("mermaid"), /^flowchart|^graph/m);
    assert.match(await preview("dot"), /^digraph/m);
    assert.equal((await sandbox.run(["preview", "shop/release.ocu.star", "--format", "png"])).code, 2);
  });
});
