import assert from "node:assert/strict";
import { join } from "node:path";
import { openFileStore } from "@ocuroot/engine";
import type { StateConsumer } from "../../src/analysis/stateView.ts";
import { doRename } from "../../src/features/rename.ts";
import { readConsumers } from "../../src/state/consumers.ts";
import { makeFolder, openMarked } from "../harness.ts";

const text = (marked: string): string =>
  `ocuroot("0.3.0")\n\ndef build():\n    return done(outputs={"tag": "x"})\n\n${marked}\n`;

const by = { repository: "other", file: "a/release.ocu.star", path: "release.ocu.star", work: "task/build" };
const consumers: readonly StateConsumer[] = [
  { ...by, ref: "test/-/release.ocu.star/@/task/build#output/tag", output: "tag" },
  { ...by, ref: "test/-/else.ocu.star/@/task/build", path: "else.ocu.star", file: "b.ocu.star" },
];

async function rename(marked: string, annotate: boolean, known = consumers) {
  const { snapshot, marked: read } = await openMarked(text(marked), { state: { consumers: () => known } });
  return doRename(snapshot, read.cursor, "renamed", { annotate });
}

describe("a rename that state knows readers of", () => {
  it("lists them and asks", async () => {
    const edit = await rename('task(build, name="bu$0ild")', true);
    assert.deepEqual(edit?.changeAnnotations, {
      "ocuroot.rename": {
        label: "`build` is read by files outside of the workspace",
        description: "They keep the old name: other/-/a/release.ocu.star",
        needsConfirmation: true,
      },
    });
    const [change] = edit?.documentChanges ?? [];
    assert.ok(change !== undefined && "edits" in change);
    assert.deepEqual(
      change.edits.map((each) => "annotationId" in each && each.annotationId),
      ["ocuroot.rename"],
    );
  });

  it("asks nothing when there are none, or the editor cannot", async () => {
    assert.equal((await rename('task(build, name="bu$0ild")', false))?.changeAnnotations, undefined);
    assert.equal((await rename('task(build, name="bu$0ild")', true, []))?.changeAnnotations, undefined);
  });

  it("finds them in the newest releases of other repositories", async () => {
    const store = await openFileStore(join(makeFolder(), "store"), { kind: "state" });
    const inputs = {
      a: { ref: "mine/-/x.ocu.star/@/task/build#output/tag" },
      b: { ref: "else/-/x.ocu.star/@/task/y" },
    };
    const release = (ref: string) => {
      const task = { task: { name: "t", inputs: { ...inputs, c: { ref } }, fn: { name: "t", pos: "p.ocu.star:1:1" } } };
      return { commit: "c", package: { functions: {}, phases: [{ name: "", tasks: [task] }] } };
    };
    await store.transact("test", (tx) => {
      tx.set("other/-/p.ocu.star/@r2", "release", release("mine/-/x.ocu.star/@/task/old"));
      tx.set("other/-/p.ocu.star/@r10", "release", release("mine/-/x.ocu.star/@/deploy/eu"));
      tx.set("mine/-/p.ocu.star/@r1", "release", release("mine/-/x.ocu.star/@/task/own"));
    });
    const found = await readConsumers(store, "mine", new AbortController().signal);
    assert.deepEqual(
      found.map((each) => [each.repository, each.file, each.path, each.work, each.output]),
      [
        ["other", "p.ocu.star", "x.ocu.star", "task/build", "tag"],
        ["other", "p.ocu.star", "x.ocu.star", "deploy/eu", undefined],
      ],
    );
    await store.close();
  });
});
