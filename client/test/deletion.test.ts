import assert from "node:assert/strict";
import type { DependencyGraph, EnvironmentState } from "@ocuroot/server/protocol";
import { deletionEffects } from "../src/model/deletion.ts";
import { packageState, phase, release, repository, work } from "./samples.ts";

const us: EnvironmentState = {
  name: "us",
  attributes: {},
  deployments: [
    { file: "backend/release.ocu.star", release: "r3", ref: "shop/-/backend/release.ocu.star/@r3/deploy/us" },
  ],
};

function dependencies(...inputs: [from: string, work: string, ref: string][]): DependencyGraph {
  const files = [{ id: "shop/-/frontend/release.ocu.star", repository: "shop", file: "frontend/release.ocu.star" }];
  const edges = inputs.map(([from, waiting, ref]) => ({
    from,
    to: "shop/-/backend/release.ocu.star",
    source: "refs" as const,
    blocking: true,
    inputs: [{ work: waiting, name: "url", ref }],
  }));
  return { files, edges, cycles: [] };
}

describe("Deleting an environment", () => {
  const file = "frontend/release.ocu.star";

  it("takes down what is deployed there", () => {
    const { takenDown, dropped, running, bereft } = deletionEffects(us, [repository()], undefined);
    assert.deepEqual(
      takenDown.map((each) => each.release),
      ["r3"],
    );
    assert.deepEqual([dropped, running, bereft], [[], [], []]);
  });

  it("drops what has not begun, and meets what runs", () => {
    const waiting = release({ name: "r8", phases: [phase("p", work("us", { status: "blocked" }), work("eu"))] });
    const running = release({ name: "r7", phases: [phase("p", work("us", { status: "running" }))] });
    const done = release({
      name: "r6",
      phases: [phase("p", work("us"), work("us", { kind: "task", status: "pending" }))],
    });
    const effects = deletionEffects(us, [repository(packageState(waiting, running, done))], undefined);
    assert.deepEqual(effects.dropped, [{ file, release: "r8" }]);
    assert.deepEqual(effects.running, [{ file, release: "r7" }]);
  });

  it("leaves work without its value that takes one of a deployment there", () => {
    const from = "shop/-/frontend/release.ocu.star";
    const ref = "shop/-/backend/release.ocu.star/@/deploy/us#output/url";
    const graph = dependencies(
      [from, "task/report", ref],
      [from, "deploy/us", ref],
      [from, "deploy/eu", "shop/-/backend/release.ocu.star/@/deploy/eu#output/url"],
      ["other/-/a.ocu.star", "task/sum", ref],
    );
    assert.deepEqual(deletionEffects(us, [], graph).bereft, [
      { file, work: "task/report", ref },
      { file: "other/-/a.ocu.star", work: "task/sum", ref },
    ]);
  });
});
