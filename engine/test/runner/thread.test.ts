import assert from "node:assert/strict";
import { compileClosure } from "../../src/package/compileClosure.ts";
import type { Job, JobResult } from "../../src/runner/jobs.ts";
import { WorkerThread } from "../../src/runner/thread.ts";
import { testParser } from "../package/helpers.ts";

describe("a worker thread", () => {
  it("hands in its result after all that it has printed, also when nobody listens at once", async () => {
    const text = 'ocuroot("0.3.0")\nprint("one")\nprint("two")\n';
    const file = "release.ocu.star";
    const closure = compileClosure({ parser: await testParser(), root: "/r", file, readText: () => text });
    const source = { key: "k", closure, root: "/r", environments: [] };
    const thread = new WorkerThread<Job, JobResult>();
    try {
      for (let round = 0; round < 5; round++) {
        const printed: unknown[] = [];
        const running = thread.run({ kind: "package", source }, (method, args) => {
          if (method === "print") printed.push(args[0]);
          return method === "env" ? {} : undefined;
        });
        // Lines and result both wait for the main thread then.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
        assert.equal((await running).kind, "package");
        assert.deepEqual(printed, ["one", "two"]);
      }
    } finally {
      await thread.end();
    }
  });
});
