import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogEntry } from "../../src/release/documents.ts";
import { readInputs } from "../../src/release/inputs.ts";
import { maxEntries, RunLogs } from "../../src/release/runLog.ts";
import { HostRecording } from "../../src/runner/recording.ts";
import { openFileStore } from "../../src/state/fileStore.ts";
import type { Store } from "../../src/state/store.ts";

describe("the recording of what a file's top level asked", () => {
  it("answers the same questions again, asks anew what differs, and stays silent", async () => {
    const asked: string[] = [];
    const host = (method: string, args: readonly unknown[]) => {
      asked.push(`${method} ${args[0]}`);
      return asked.length;
    };
    const recording = new HostRecording();
    const record = recording.record(host);
    record("shell", ["a"]);
    record("print", ["p"]);
    record("shell", ["b"]);
    const replay = recording.replay(host);
    assert.deepEqual(
      [await replay("shell", ["a"]), await replay("print", ["p"]), await replay("shell", ["c"])],
      [1, undefined, 4],
    );
    assert.deepEqual([await replay("secret", ["s"]), await replay("shell", ["b"])], [5, 3]);
    assert.deepEqual(asked, ["shell a", "print p", "shell b", "shell c", "secret s"]);
  });
});

describe("the inputs of a run", () => {
  it("have ref, default and value, in this order, as state documents do", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ocuroot-inputs-"));
    const store = await openFileStore(folder, { kind: "state" });
    await store.transact("x", (tx) => tx.set("@/custom/a", "custom", { n: 1 }));
    const reading = await readInputs(store, {
      constant: { value: 1 },
      optional: { default: 2 },
      recorded: { ref: "@/custom/a#n", default: 0, value: 7 },
      read: { ref: "@/custom/a#n", default: 0 },
      absent: { ref: "@/custom/b", default: null },
    });
    await store.close();
    rmSync(folder, { recursive: true });
    assert.equal(
      JSON.stringify(reading.ok && reading.inputs),
      JSON.stringify({
        constant: { value: 1 },
        optional: { default: 2, value: 2 },
        recorded: { ref: "@/custom/a#n", default: 0, value: 7 },
        read: { ref: "@/custom/a#n", default: 0, value: 1 },
        absent: { ref: "@/custom/b", default: null, value: null },
      }),
    );
  });
});

describe("logs", () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "ocuroot-logs-"));
    store = await openFileStore(folder, { kind: "state" });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const entry = (message: string): LogEntry => ({ timestamp: "t", message, attributes: {}, stream: "print" });
  const stored = async (run: string) => {
    const document = await store.read(`${run}/logs`);
    return document?.kind === "ref" ? (document.body as unknown as LogEntry[]) : undefined;
  };

  it("reach the store while they grow, together, and not after the run's end", async () => {
    const logs = new RunLogs(store, assert.ifError);
    logs.add("r/-/f/@r1/task/a/1", entry("one"));
    logs.add("r/-/f/@r1/task/b/1", entry("two"));
    assert.equal(await stored("r/-/f/@r1/task/a/1"), undefined);
    while ((await stored("r/-/f/@r1/task/b/1")) === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(
      (await stored("r/-/f/@r1/task/a/1"))?.map(({ message }) => message),
      ["one"],
    );
    assert.deepEqual(
      (await stored("r/-/f/@r1/task/b/1"))?.map(({ message }) => message),
      ["two"],
    );
    logs.add("r/-/f/@r1/task/a/1", entry("late"));
    logs.forget("r/-/f/@r1/task/a/1");
    await logs.close();
    assert.equal((await stored("r/-/f/@r1/task/a/1"))?.length, 1);
  });

  it("keep the beginning and the end when they are longer than what is kept", async () => {
    const logs = new RunLogs(store, assert.ifError);
    for (let line = 0; line < maxEntries * 2; line++) logs.add("r/-/f/@r1/task/a/1", entry(`line ${line}`));
    await store.transact("end", (tx) => logs.finish("r/-/f/@r1/task/a/1", tx));
    await logs.close();
    const body = (await stored("r/-/f/@r1/task/a/1")) ?? [];
    assert.ok(body.length <= maxEntries * 1.5 + 1);
    assert.equal(body[0]?.message, "line 0");
    assert.equal(body.at(-1)?.message, `line ${maxEntries * 2 - 1}`);
    assert.match(body[maxEntries / 2]?.message ?? "", /lines are left out here/);
  });
});
