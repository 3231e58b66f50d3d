import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EvaluationStopped, Evaluator } from "../src/preview/evaluator.ts";
import { bundleWorker } from "./client.ts";
import { makeFolder } from "./harness.ts";

const quick = { steps: 1_000_000, wallMs: 200 };

function taskOf(folder: string, text?: string) {
  const texts = new Map(text === undefined ? [] : [[join(folder, "a.ocu.star"), text]]);
  return { root: folder, file: "a.ocu.star", texts, environments: [] };
}

const never = (): AbortSignal => new AbortController().signal;

describe("the evaluator", () => {
  it("ends a thread that does not answer, and goes on with a new one", async () => {
    const folder = makeFolder();
    const worker = join(folder, "stuck.cjs");
    writeFileSync(
      worker,
      `const { parentPort } = require("node:worker_threads");
       parentPort.on("message", ({ id, file }) => {
         parentPort.postMessage({ id, kind: "begun" });
         if (file === "stuck") for (;;) {}
         parentPort.postMessage({ id, kind: "package", evaluation: { model: undefined, problems: [] } });
       });`,
    );
    const evaluator = new Evaluator({ worker, limits: quick, grace: 100 });
    const stuck = evaluator.package({ ...taskOf(folder), file: "stuck" }, never());
    const next = evaluator.package(taskOf(folder), never());
    await assert.rejects(stuck, (error: EvaluationStopped) => error.reason === "time");
    assert.deepEqual(await next, { model: undefined, problems: [] });
    await evaluator.dispose();
  });

  it("ends a thread that has nothing to do, and starts another when it is needed", async () => {
    const folder = makeFolder();
    const worker = join(folder, "worker.cjs");
    writeFileSync(
      worker,
      `const { parentPort, threadId } = require("node:worker_threads");
       parentPort.on("message", ({ id }) => {
         parentPort.postMessage({ id, kind: "begun" });
         parentPort.postMessage({ id, kind: "package", evaluation: { threadId, problems: [] } });
       });`,
    );
    const evaluator = new Evaluator({ worker, idle: { opened: 1, edited: 1 } });
    const threadOf = async (): Promise<unknown> =>
      ((await evaluator.package(taskOf(folder), never())) as unknown as { threadId: number }).threadId;
    const first = await threadOf();
    while (evaluator.hasThread) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.notEqual(await threadOf(), first);
    await evaluator.dispose();
  });

  it("has a thread start ahead of the work, which ends as well when nothing comes", async () => {
    const folder = makeFolder();
    const worker = join(folder, "worker.cjs");
    writeFileSync(worker, `require("node:worker_threads").parentPort.on("message", () => undefined);`);
    const evaluator = new Evaluator({ worker, idle: { opened: 1, edited: 1 } });
    assert.equal(evaluator.hasThread, false);
    evaluator.prepare();
    assert.equal(evaluator.hasThread, true);
    while (evaluator.hasThread) await new Promise((resolve) => setTimeout(resolve, 1));
    await evaluator.dispose();
    evaluator.prepare();
    assert.equal(evaluator.hasThread, false);
  });

  it("keeps its thread for longer while somebody edits", async () => {
    const folder = makeFolder();
    const worker = join(folder, "worker.cjs");
    writeFileSync(worker, `require("node:worker_threads").parentPort.on("message", () => undefined);`);
    const evaluator = new Evaluator({ worker, idle: { opened: 1, edited: 600_000 } });
    evaluator.prepare();
    evaluator.keep();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(evaluator.hasThread, true);
    await evaluator.dispose();
  });

  it("survives a thread that crashes or is not there", async () => {
    const folder = makeFolder();
    const worker = join(folder, "crash.cjs");
    writeFileSync(worker, `require("node:worker_threads").parentPort.on("message", () => process.exit(3));`);
    for (const each of [worker, join(folder, "nowhere.cjs")]) {
      const evaluator = new Evaluator({ worker: each, limits: quick });
      await assert.rejects(
        evaluator.package(taskOf(folder), never()),
        (error: EvaluationStopped) => error.reason === "fault",
      );
      await evaluator.dispose();
    }
  });

  it("evaluates unsaved text, in limits, and cancels what is overtaken", async () => {
    const folder = makeFolder({ "repo.ocu.star": "", "a.ocu.star": "fail('on disk')\n" });
    // Limits that only an end by cancelling keeps from being reached.
    const evaluator = new Evaluator({ worker: await bundleWorker(), limits: { steps: 1e12, wallMs: 600_000 } });
    const good = await evaluator.package(taskOf(folder, 'def b():\n    pass\n\ntask(b, name="b")\n'), never());
    assert.equal(good.model?.phases.length, 1);
    const saved = await evaluator.package(taskOf(folder), never());
    assert.match(saved.problems[0]?.message ?? "", /on disk/);
    const abort = new AbortController();
    const loop = "def f():\n    for i in range(1000000000):\n        pass\n\nf()\n";
    const overtaken = evaluator.package(taskOf(folder, loop), abort.signal);
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(overtaken, (error: EvaluationStopped) => error.reason === "cancelled");
    await assert.rejects(evaluator.package(taskOf(folder), AbortSignal.abort()), EvaluationStopped);
    await evaluator.dispose();
    await assert.rejects(evaluator.package(taskOf(folder), never()), EvaluationStopped);
  });

  it("runs no command and writes nothing", async () => {
    const folder = makeFolder({ "repo.ocu.star": "" });
    const evaluator = new Evaluator({ worker: await bundleWorker() });
    const text = 'shell("touch made")\nhost.write_file("written", "x")\n';
    const evaluation = await evaluator.package(taskOf(folder, text), never());
    assert.ok(
      evaluation.problems.every((each) => each.severity !== "error"),
      JSON.stringify(evaluation.problems),
    );
    assert.equal(evaluation.problems.length, 2);
    const { readdirSync } = await import("node:fs");
    assert.deepEqual(readdirSync(folder), ["repo.ocu.star"]);
    await evaluator.dispose();
  });
});
