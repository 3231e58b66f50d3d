import assert from "node:assert/strict";
import {
  phaseDependencies,
  type ReleaseState,
  type RunState,
  releaseOutcome,
  retryableWork,
  startableRuns,
} from "../../src/release/plan.ts";

const release = "shop/-/a.ocu.star/@r1";

/** Each phase as `name:status,status`: one run for each status, the last one counts. */
function stateOf(...phases: string[][]): ReleaseState {
  return {
    ref: release,
    number: 1,
    commit: "c",
    phases: phases.map((work, index) => ({
      name: `p${index}`,
      work: work.map((text) => {
        const [name = "", statuses = ""] = text.split(":");
        const runs = statuses.split(",").map((status, k): RunState => {
          const ref = `${release}/task/${name}/${k + 1}`;
          return status === "abandoned"
            ? { ref, number: k + 1, status: "running", isAbandoned: true }
            : { ref, number: k + 1, status: status as RunState["status"] };
        });
        const fn = { name, pos: "a.ocu.star:1:1" };
        return { id: `task/${name}`, work: { kind: "task" as const, name, fn, inputs: {} }, runs };
      }),
    })),
  };
}

function startable(state: ReleaseState): string[] {
  const dependencies = phaseDependencies(release, state.phases);
  const byRun = new Map(
    state.phases.flatMap((phase, index) =>
      phase.work.flatMap((work) => work.runs.map((run) => [run.ref, dependencies[index] ?? []] as const)),
    ),
  );
  return startableRuns(state, (run) => byRun.get(run.ref) ?? []).map(({ run }) => run.ref.slice(release.length + 6));
}

describe("the plan of a release", () => {
  it("starts a phase when all work of the one before is complete", () => {
    assert.deepEqual(startable(stateOf(["a:pending", "b:pending"], ["c:pending"])), ["a/1", "b/1"]);
    assert.deepEqual(startable(stateOf(["a:complete", "b:running"], ["c:pending"])), []);
    assert.deepEqual(startable(stateOf(["a:complete", "b:complete"], ["c:pending"])), ["c/1"]);
  });

  it("takes a later attempt for the first one that dependencies name", () => {
    assert.deepEqual(startable(stateOf(["a:failed_retried,complete"], ["b:pending"])), ["b/1"]);
    assert.deepEqual(startable(stateOf(["a:failed_retried,pending"], ["b:pending"])), ["a/2"]);
  });

  it("lets a phase without work stand in nobody's way", () => {
    assert.deepEqual(startable(stateOf(["a:complete"], [], ["b:pending"])), ["b/1"]);
    assert.deepEqual(startable(stateOf(["a:running"], [], ["b:pending"])), []);
  });

  it("finds paused runs", () => {
    assert.deepEqual(startable(stateOf(["a:paused"], ["b:pending"])), ["a/1"]);
  });

  it("knows what failed, waits, runs and is done", () => {
    assert.equal(releaseOutcome(stateOf(["a:complete"], [])), "complete");
    assert.equal(releaseOutcome(stateOf([])), "complete");
    assert.equal(releaseOutcome(stateOf(["a:complete", "b:failed"], ["c:pending"])), "failed");
    assert.equal(releaseOutcome(stateOf(["a:abandoned"])), "interrupted");
    assert.equal(releaseOutcome(stateOf(["a:abandoned", "b:failed"])), "failed");
    assert.equal(releaseOutcome(stateOf(["a:running", "b:pending"])), "running");
    assert.equal(releaseOutcome(stateOf(["a:complete"], ["b:paused"])), "blocked");
  });

  it("retries what failed or was abandoned, and nothing else", () => {
    const state = stateOf(
      ["a:complete", "b:failed", "c:abandoned", "d:failed_retried,complete", "e:running"],
      ["f:pending"],
    );
    assert.deepEqual(
      retryableWork(state).map(({ id }) => id),
      ["task/b", "task/c"],
    );
  });
});
