import assert from "node:assert/strict";
import { join } from "node:path";
import { type JsonValue, openFileStore } from "@ocuroot/engine";
import { readLogText } from "../src/state/logText.ts";
import { makeFolder } from "./harness.ts";

const run = "shop/-/a.ocu.star/@r1/task/build/1";

async function logOf(entries: string[], failure: JsonValue): Promise<string> {
  const store = await openFileStore(join(makeFolder({}), "store"), { kind: "state" });
  try {
    await store.transact("run", (tx) => {
      const fn = { name: "build", pos: "a.ocu.star:3:1" };
      tx.set(run, "run", {
        type: "task",
        release: "shop/-/a.ocu.star/@r1",
        functions: [{ fn, dependencies: [], inputs: {} }],
        failure,
      });
      tx.set(`${run}/status/failed`, "marker", { time: "2026-01-02T03:04:05Z" });
      tx.set(
        `${run}/logs`,
        "log",
        entries.map((message) => ({ timestamp: "2026-01-02T03:04:05Z", message, attributes: {}, stream: "stderr" })),
      );
    });
    const { text, finished } = await readLogText(store, run);
    assert.ok(finished);
    return text;
  } finally {
    await store.close();
  }
}

describe("The log of a failed run", () => {
  const stack = [
    { file: "a.ocu.star", line: 9, column: 5, functionName: "build" },
    { file: "lib/b.star", line: 2, column: 3, functionName: "helper" },
  ];

  it("ends with the error and its places, what failed first, nothing said twice", async () => {
    const text = await logOf(["quota exceeded"], { message: "./x.sh: exit status 1\nquota exceeded\nand more", stack });
    assert.equal(
      text,
      "quota exceeded\n\n✗ failed: ./x.sh: exit status 1\n  and more\n  lib/b.star:2:3 in helper\n  a.ocu.star:9:5 in build\n",
    );
  });

  it("says so when it was interrupted, or printed nothing", async () => {
    const text = await logOf([], { message: "the command was ended", stack: [], interrupted: true });
    assert.equal(text, "! interrupted: the command was ended\n");
  });
});
