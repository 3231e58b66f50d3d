import assert from "node:assert/strict";
import type { EnvironmentState } from "@ocuroot/server/protocol";
import {
  deploymentLines,
  deploymentNews,
  deploymentWords,
  hasFailure,
  troubleWords,
} from "../src/model/deployments.ts";
import { failedRelease, now, packageState, phase, release, waitingRelease, work } from "./samples.ts";

describe("Text of the Environments view", () => {
  const file = "frontend/release.ocu.star";
  const live = { file, release: "r7", ref: "shop/-/frontend/release.ocu.star/@r7/deploy/us" };
  const environment = (name: string, ...deployments: EnvironmentState["deployments"]): EnvironmentState => ({
    name,
    attributes: {},
    deployments,
  });
  const linesOf = (each: EnvironmentState, newest: typeof failedRelease) =>
    deploymentLines(each, deploymentNews([packageState(newest, release())]));

  it("says what is live, and how the newest release failed there", () => {
    const lines = linesOf(environment("us", live), failedRelease);
    assert.deepEqual(
      lines.map((each) => deploymentWords(each, now)),
      ["r7 · r8 failed: ./deploy.sh: exit 1: quota exceeded · 4.0 s"],
    );
    assert.equal(troubleWords(lines), "1 failed");
    assert.ok(hasFailure(lines));
  });

  it("says so too where nothing was ever live", () => {
    const [line, ...others] = linesOf(environment("us"), failedRelease);
    assert.match(deploymentWords(line!, now), /^r8 failed: /);
    assert.equal(line!.live, undefined);
    assert.deepEqual(others, []);
  });

  it("says nothing more of what went well, and nothing of work that has not begun", () => {
    const lines = linesOf(environment("eu", { ...live, release: "r8" }), failedRelease);
    assert.deepEqual(
      lines.map((each) => deploymentWords(each, now)),
      ["r8"],
    );
    assert.equal(troubleWords(lines), "");
    const pending = release({ status: "running", phases: [phase("p", work("us", { status: "pending" }))] });
    assert.deepEqual(linesOf(environment("us"), pending), []);
  });

  it("says what a deployment waits for", () => {
    const lines = linesOf(environment("us", live), waitingRelease);
    assert.equal(deploymentWords(lines[0]!, now), "r7 · r8 needs approval");
    assert.equal(troubleWords(lines), "1 needs input");
    assert.ok(!hasFailure(lines));
  });

  it("does not take a task for the environment of the same name", () => {
    const task = release({ status: "failed", phases: [phase("", work("us", { kind: "task", status: "failed" }))] });
    assert.deepEqual(linesOf(environment("us"), task), []);
  });
});
