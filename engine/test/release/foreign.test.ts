import assert from "node:assert/strict";
import type { JsonValue } from "../../src/json/json.ts";
import { addDeployRun } from "../../src/release/deployRuns.ts";
import { readLogBody, readReleaseBody, readRunBody } from "../../src/release/documents.ts";
import { listReleases, readRelease, readRun } from "../../src/release/readRelease.ts";
import { retryRelease } from "../../src/release/retry.ts";
import { deploy, package_, place, ScriptedRelease, task } from "../runner/scripted.ts";

describe("documents that another tool wrote", () => {
  let scripted: ScriptedRelease;
  beforeEach(async () => {
    scripted = await new ScriptedRelease().open();
  });
  afterEach(() => scripted.close());

  it("reads a release with refs as the file has them, and runs it on", async () => {
    const release = `${package_}/@r10`;
    const fn = { name: "build", pos: "release.ocu.star:3:5" };
    const inputs = { n: { ref: "./@/call/build#output/n", default: 4 } };
    const { state } = scripted.repository;
    await state.transact("foreign", (tx) => {
      const package__ = { functions: {}, phases: [{ name: "", tasks: [{ task: { name: "build", inputs, fn } }] }] };
      tx.set(release, "release", { commit: "c0ffee", package: package__ });
      tx.set(`${release}/commit/c0ffee`, "marker", { time: "2024-01-01T00:00:00Z" });
      tx.set(`${release}/task/build/1`, "run", {
        type: "task",
        release,
        functions: [{ fn, dependencies: [], inputs }],
      });
      tx.set(`${release}/task/build/1/status/pending`, "marker", { time: "2024-01-01T00:00:00Z" });
      tx.set(`${package_}/@r9`, "release", { commit: "old", package: { phases: [] } });
    });
    assert.deepEqual(await listReleases(state, place), [9, 10]);
    const run = await readRun(state, `${release}/task/build/1`);
    assert.equal(run.functions[0]?.inputs.n?.ref, `${package_}/@/task/build#output/n`);
    scripted.functions.set("build", (input) => ({ kind: "done", outputs: { ...input.inputs } }));
    assert.equal(await scripted.execution(release).run(), "complete");
    assert.equal(await scripted.get(`${package_}/@/task/build#output/n`), 4);
  });

  it("refuses what is no such document, and names it", () => {
    const bodies: JsonValue[] = [null, 3, "x", [], {}, { commit: 1 }];
    for (const body of bodies) {
      assert.throws(() => readReleaseBody("x/-/a/@r1", body), { name: "StoreError", message: /x\/-\/a\/@r1/ });
    }
    const phases = [{ tasks: [{ mystery: {} }] }];
    assert.throws(
      () => readReleaseBody("x/-/a/@r1", { commit: "c", package: { phases } }),
      /a piece of work has no name/,
    );
    assert.throws(() => readRunBody("x/-/a/@r1/task/b/1", { type: "sideways" }), /its type is unknown/);
    assert.deepEqual(readLogBody({ not: "a list" }), []);
    assert.deepEqual(readLogBody([{ message: "m" }, 4, null]), [
      { timestamp: "", message: "m", attributes: {}, stream: "" },
    ]);
  });

  it("does not run twice what two intents ask for", async () => {
    await scripted.repository.state.transact("env", (tx) =>
      tx.set("@/environment/eu", "environment", { name: "eu", attributes: {} }),
    );
    scripted.functions.set("up", () => undefined);
    const release = await scripted.create([[deploy("eu")]]);
    await scripted.execution(release).run();
    const { state } = scripted.repository;
    const request = { release, environment: "eu", type: "down" } as const;
    const runs = await Promise.all([addDeployRun(state, request), addDeployRun(state, request)]);
    assert.deepEqual(runs, [`${release}/deploy/eu/2`, `${release}/deploy/eu/2`]);
    await assert.rejects(addDeployRun(state, { ...request, environment: "us" }), /has no deployment to us/);
  });

  it("retries nothing in a release that is not there", async () => {
    assert.deepEqual(await retryRelease(scripted.repository.state, `${package_}/@r7`), []);
    assert.equal(await readRelease(scripted.repository.state, `${package_}/@r7`), undefined);
    await scripted.create([[task("a")]]);
  });
});
