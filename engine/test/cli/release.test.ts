import assert from "node:assert/strict";
import { Sandbox } from "./sandbox.ts";

describe("ocuroot release, on the documentation's sample", () => {
  let sandbox: Sandbox;
  before(() => {
    sandbox = Sandbox.create("seed");
  });
  after(() => sandbox.remove());

  it("registers environments", async () => {
    const { stderr } = await sandbox.ok(["release", "new", "environments.ocu.star"]);
    assert.match(stderr, /State is kept in \.ocuroot\/store/);
    assert.deepEqual(await sandbox.get("@/environment/staging"), { name: "staging", attributes: { type: "staging" } });
  });

  it("builds, deploys to staging, then to production", async () => {
    const { stdout, stderr } = await sandbox.ok(["release", "new", "release.ocu.star"]);
    assert.match(stdout, /build │ Building build 1\.\.\./);
    assert.match(stdout, /build │ docker build \. -t myapp:1/);
    assert.match(stdout, /✓ r1 complete in/);
    assert.equal(stderr, "");
    assert.ok(stdout.indexOf("deploy staging ✓") < stdout.indexOf("deploy production ⠿"));
    assert.equal(await sandbox.get("release.ocu.star/@/task/build#output/build_number"), 1);
    assert.equal(await sandbox.get("release.ocu.star/@/deploy/production#input/tag"), "myapp:1");
  });

  it("refuses a second release of the commit, and makes one with --force", async () => {
    const refused = await sandbox.run(["release", "new", "release.ocu.star"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /already has a release for this commit: r1/);
    await sandbox.ok(["release", "new", "release.ocu.star", "--force"]);
    assert.equal(await sandbox.get("release.ocu.star/@/task/build#output/build_number"), 2);
    assert.equal(await sandbox.get("release.ocu.star/@1/task/build#output/tag"), "myapp:1");
  });
});
