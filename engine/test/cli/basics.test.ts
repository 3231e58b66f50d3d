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
    assert.match((await sandbox.ok(["help", "release", "new"])).stdout, /--force/);
    const { code, stdout, stderr } = await sandbox.run(["help", "release", "nwe"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /^error: unknown command 'nwe'\n\(Did you mean new\?\)\n/);
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
    const about = ["--package", "shop/release.ocu.star"];
    const ok = async (...argv: string[]) => (await sandbox.ok([...argv, ...about])).stdout;
    assert.match(await ok("release", "lint"), /deploy production/);
    assert.match(await ok("preview"), /deploy production/);
    assert.match(await ok("release", "show"), / r1 /);
    assert.match(await ok("release", "show", "@r1"), / r1 /);
    assert.match(await ok("release", "logs", "--release", "1"), /build │ Building 1/);
    assert.equal(await ok("release", "logs", "./@/task/build"), "Building 1\n");
    assert.equal(await ok("release", "continue"), "r1 is complete\n");
    assert.equal((await sandbox.run(["release", "cancel", ...about])).code, 1);
    for (const command of ["lint", "show", "logs", "continue", "cancel"]) {
      const { code, stderr } = await sandbox.run(["release", command]);
      assert.deepEqual(
        { command, code, stderr },
        { command, code: 2, stderr: "error: name a package file, such as release.ocu.star\n" },
      );
    }
    assert.equal((await sandbox.run(["state", "get", "./task/build"], { in: "shop" })).code, 2);
    const missing = await sandbox.run(["release", "list", "shop/releas.ocu.star"]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /there is no file shop\/releas.ocu.star\n {2}did you mean shop\/release.ocu.star\?/);
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
