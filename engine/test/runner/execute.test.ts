import assert from "node:assert/strict";
import type { WorkEvent } from "../../src/release/events.ts";
import { retryRelease } from "../../src/release/retry.ts";
import { Slots } from "../../src/runner/slots.ts";
import { currentOwner } from "../../src/state/owner.ts";
import { deploy, failed, package_, ScriptedRelease, task } from "./scripted.ts";

const environment = { name: "eu", attributes: { type: "prod" } };

describe("running a release", () => {
  let scripted: ScriptedRelease;
  beforeEach(async () => {
    scripted = await new ScriptedRelease().open();
  });
  afterEach(() => scripted.close());

  const addEnvironment = () =>
    scripted.repository.state.transact("env", (tx) => tx.set("@/environment/eu", "environment", environment));

  it("records everything a reader may ask for", async () => {
    await addEnvironment();
    scripted.functions.set("build", (_, onLine) => {
      onLine("print", "hello");
      return { kind: "done", outputs: { tag: "app:1" }, tags: ["v1.0"], watch: ["src"] };
    });
    scripted.functions.set("up", (input) => {
      assert.deepEqual(input.inputs, { tag: "app:1" });
      assert.deepEqual(input.environment, environment);
      assert.equal(input.work, "deploy/eu");
      return undefined;
    });
    const release = await scripted.create([
      [task("build")],
      [deploy("eu", { tag: { ref: "./call/build#output/tag" } })],
    ]);
    assert.equal(release, `${package_}/@r1`);
    assert.equal(await scripted.execution(release).run(), "complete");

    const run = (await scripted.get(`${release}/deploy/eu/1`)) as {
      functions: { inputs: object; dependencies: string[] }[];
    };
    assert.deepEqual(run.functions[0]?.dependencies, [`${release}/task/build/1/status/complete`]);
    assert.deepEqual(run.functions[0]?.inputs, {
      tag: { ref: `${release}/task/build#output/tag`, value: "app:1" },
      environment: { ref: "@/environment/eu", value: environment },
    });
    assert.deepEqual(await scripted.get(`${package_}/@/task/build`), {
      run_ref: `${release}/task/build/1`,
      type: "task",
      release,
      input: {},
      output: { tag: "app:1" },
    });
    assert.equal(await scripted.get(`${package_}/@v1.0/task/build#output/tag`), "app:1");
    assert.deepEqual(await scripted.get(`${release}/task/build/1#watch_files`), ["src"]);
    assert.deepEqual(await scripted.statuses(`${release}/deploy/eu/1`), ["complete"]);
    const [entry] = (await scripted.get(`${release}/task/build/1/logs`)) as { message: string; stream: string }[];
    assert.deepEqual([entry?.message, entry?.stream], ["hello", "print"]);
    const intent = await scripted.repository.intent.read(`${package_}/@/deploy/eu`);
    assert.deepEqual(intent?.kind === "ref" && intent.body, { release, input: { tag: "app:1", environment } });
  });

  it("finishes the phase of a failure, and starts no later one", async () => {
    const done: string[] = [];
    scripted.functions.set("bad", () => failed("no luck"));
    for (const name of ["good", "later"]) {
      scripted.functions.set(name, async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        done.push(name);
        return undefined;
      });
    }
    const release = await scripted.create([[task("bad"), task("good")], [task("later")]]);
    assert.equal(await scripted.execution(release).run(), "failed");
    assert.deepEqual(done, ["good"]);
    assert.equal(await scripted.get(`${release}/task/bad/1#failure/message`), "no luck");
    assert.deepEqual(await scripted.statuses(`${release}/task/later/1`), ["pending"]);
    assert.equal(await scripted.get(`${release}/task/bad`), undefined);
  });

  it("gives failed work a new attempt with the same inputs, and goes on from there", async () => {
    let attempts = 0;
    const seen: unknown[] = [];
    scripted.functions.set("flaky", (input) => {
      seen.push(input.inputs.n);
      return ++attempts === 1 ? failed("the first time") : undefined;
    });
    scripted.functions.set("good", () => undefined);
    scripted.functions.set("later", () => undefined);
    const n = { ref: "@/custom/n", default: 1, hasDefault: true };
    const release = await scripted.create([[task("flaky", { n }), task("good")], [task("later")]]);
    assert.equal(await scripted.execution(release).run(), "failed");
    await scripted.repository.state.transact("n", (tx) => tx.set("@/custom/n", "custom", 2));
    assert.deepEqual(await retryRelease(scripted.repository.state, release), [`${release}/task/flaky/2`]);
    assert.deepEqual(await retryRelease(scripted.repository.state, release), []);
    assert.equal(await scripted.execution(release).run(), "complete");
    assert.deepEqual(seen, [1, 1]);
    assert.deepEqual(await scripted.statuses(`${release}/task/flaky/1`), ["failed_retried"]);
    assert.deepEqual(await scripted.statuses(`${release}/task/flaky/2`), ["complete"]);
    assert.deepEqual(await scripted.repository.state.children(`${release}/task/good`), ["1", "status"].slice(0, 1));
  });

  it("blocks on inputs that are not there, and says how to give them", async () => {
    scripted.functions.set("gate", (input) => ({ kind: "done", outputs: { by: input.inputs.approval ?? null } }));
    const release = await scripted.create([[task("gate", { approval: { ref: "./custom/approval" } })]]);
    assert.equal(await scripted.execution(release).run(), "blocked");
    const blocked = scripted.events.find((event): event is WorkEvent => event.type === "work");
    assert.deepEqual(blocked?.needs, [
      {
        input: "approval",
        ref: `${release}/custom/approval`,
        written: "./custom/approval",
        help: { command: `set ${release}/custom/approval` },
      },
    ]);
    await scripted.repository.state.transact("ok", (tx) => tx.set(`${release}/custom/approval`, "custom", "ann"));
    assert.equal(await scripted.execution(release).run(), "complete");
    assert.equal(await scripted.get(`${release}/task/gate#output/by`), "ann");
  });

  it("chains through next in one run, and pauses where an input is missing", async () => {
    const fn = { name: "second", pos: "app/release.ocu.star:9:5" };
    scripted.functions.set("first", (_, onLine) => {
      onLine("print", "before");
      return { kind: "next", fn, inputs: { go: { ref: "./custom/go" }, x: { value: 3 } } };
    });
    scripted.functions.set("second", (input, onLine) => {
      onLine("print", "after");
      return { kind: "done", outputs: { ...input.inputs } };
    });
    const release = await scripted.create([[task("first")]]);
    assert.equal(await scripted.execution(release).run(), "blocked");
    assert.deepEqual(await scripted.statuses(`${release}/task/first/1`), ["paused"]);
    assert.equal(((await scripted.get(`${release}/task/first/1#functions`)) as unknown[]).length, 2);
    await scripted.repository.state.transact("go", (tx) => tx.set(`${release}/custom/go`, "custom", true));
    assert.equal(await scripted.execution(release).run(), "complete");
    assert.deepEqual(await scripted.get(`${release}/task/first#output`), { go: true, x: 3 });
    assert.equal(await scripted.get(`${release}/task/first/1#functions/1/inputs/go/value`), true);
    const log = (await scripted.get(`${release}/task/first/1/logs`)) as { message: string }[];
    assert.deepEqual(
      log.map(({ message }) => message),
      ["before", "after"],
    );
  });

  it("does not count the time for which a run was paused", async () => {
    const fn = { name: "second", pos: "app/release.ocu.star:9:5" };
    scripted.functions.set("first", () => ({ kind: "next", fn, inputs: { go: { ref: "./custom/go" } } }));
    scripted.functions.set("second", () => undefined);
    const release = await scripted.create([[task("first")]]);
    await scripted.execution(release).run();
    const run = `${release}/task/first/1`;
    const paused = (await scripted.get(run)) as { started: string; pauses: { from: string }[] };
    assert.equal(paused.pauses.length, 1);
    // As if it had begun two hours ago and waited since a minute later.
    const before = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await scripted.repository.state.transact("go", (tx) => {
      tx.set(run, "run", { ...paused, started: before(120), pauses: [{ from: before(119) }] });
      tx.set(`${release}/custom/go`, "custom", true);
    });
    await scripted.execution(release).run();
    const end = scripted.events.findLast((event) => event.type === "work" && event.status === "complete");
    const { durationMs = 0 } = end as { durationMs?: number };
    assert.ok(durationMs >= 60_000 && durationMs < 60 * 60_000, `${durationMs} ms`);
  });

  it("runs no more at once than it may", async () => {
    let running = 0;
    let most = 0;
    const names = Array.from({ length: 9 }, (_, index) => `w${index}`);
    for (const name of names) {
      scripted.functions.set(name, async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return undefined;
      });
    }
    const release = await scripted.create([names.map((name) => task(name))]);
    assert.equal(await scripted.execution(release, 4).run(), "complete");
    assert.equal(most, 4);
  });

  it("shares places with other releases, and leaves none of them waiting", async () => {
    let running = 0;
    let most = 0;
    const names = Array.from({ length: 5 }, (_, index) => `w${index}`);
    for (const name of names) {
      scripted.functions.set(name, async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running--;
        return undefined;
      });
    }
    const phases = [names.map((name) => task(name))];
    const releases = [
      await scripted.create(phases),
      await scripted.create(phases, true),
      await scripted.create(phases, true),
    ];
    const slots = new Slots(2);
    const outcomes = await Promise.all(releases.map((release) => scripted.execution(release, slots).run()));
    assert.deepEqual(outcomes, ["complete", "complete", "complete"]);
    assert.equal(most, 2);
    assert.equal(slots.take(9), 2, "all places were given back");
  });

  it("gives each run to one of two processes", async () => {
    const calls: string[] = [];
    for (const name of ["a", "b", "c"]) {
      scripted.functions.set(name, async () => {
        calls.push(name);
        await new Promise((resolve) => setTimeout(resolve, 30));
        return undefined;
      });
    }
    const release = await scripted.create([[task("a"), task("b")], [task("c")]]);
    const outcomes = await Promise.all([scripted.execution(release).run(), scripted.execution(release).run()]);
    assert.deepEqual(calls.sort(), ["a", "b", "c"]);
    assert.ok(outcomes.includes("complete"));
  });

  it("makes what was running when it was stopped interrupted, and keeps what was done", async () => {
    let stop = () => {};
    scripted.functions.set("slow", async () => {
      stop();
      await new Promise((resolve) => setTimeout(resolve, 10));
      return failed("killed");
    });
    scripted.functions.set("quick", () => undefined);
    const release = await scripted.create([[task("slow"), task("quick")], [task("later")]]);
    const execution = scripted.execution(release);
    stop = () => execution.stop("SIGINT");
    assert.equal(await execution.run(), "interrupted");
    assert.deepEqual(scripted.stopped, ["SIGINT"]);
    const failure = (await scripted.get(`${release}/task/slow/1#failure`)) as object;
    assert.deepEqual({ ...failure, stack: undefined }, { message: "interrupted", interrupted: true, stack: undefined });
    assert.deepEqual(await scripted.statuses(`${release}/task/slow/1`), ["failed"]);
    assert.deepEqual(await scripted.statuses(`${release}/task/quick/1`), ["complete"]);
    assert.deepEqual(await scripted.statuses(`${release}/task/later/1`), ["pending"]);
  });

  it("finds a running run whose process is gone, and retries it", async () => {
    scripted.functions.set("a", () => undefined);
    const release = await scripted.create([[task("a")]]);
    const run = `${release}/task/a/1`;
    const owner = { ...currentOwner(), pid: 2 ** 22 + 1 };
    await scripted.repository.state.transact("died", (tx) => {
      tx.delete(`${run}/status/pending`);
      tx.set(`${run}/status/running`, "marker", { time: "2024-01-01T00:00:00.000Z", owner });
    });
    assert.equal(await scripted.execution(release).run(), "interrupted");
    assert.equal(
      scripted.events.some((event) => event.type === "work" && event.status === "interrupted"),
      true,
    );
    assert.equal((await retryRelease(scripted.repository.state, release)).length, 1);
    assert.equal(await scripted.execution(release).run(), "complete");
  });

  it("never gives a number twice", async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => scripted.create([[task("a")]], true)));
    assert.deepEqual(
      made.sort(),
      [1, 2, 3, 4, 5].map((number) => `${package_}/@r${number}`),
    );
    await assert.rejects(scripted.create([[task("a")]]), { name: "ReleaseExistsError" });
  });
});
