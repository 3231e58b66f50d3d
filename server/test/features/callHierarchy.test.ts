import assert from "node:assert/strict";
import type { CallHierarchyItem } from "vscode-languageserver-types";
import type { Snapshot } from "../../src/analysis/snapshot.ts";
import {
  doPrepareCallHierarchy,
  findIncomingCalls,
  findOutgoingCalls,
} from "../../src/features/callHierarchy/index.ts";
import { type Opened, openMarked } from "../harness.ts";

const files = {
  "lib.star": "def helper(x):\n    return x\n\ndef finish(ctx):\n    return done()\n",
  "other/release.ocu.star": 'load("../lib.star", "helper")\n\nhelper(1)\n',
};

const text = (marked: string): string => `ocuroot("0.3.0")
load("lib.star", "helper", "finish")

def check(ctx):
    helper(2)
    return next(finish)

def build(ctx):
    helper(1)
    helper(3)
    return next(check)

${marked}
`;

const describeItem = ({ name, detail }: CallHierarchyItem): string => `${detail}: ${name}`;

async function open(marked: string): Promise<Opened & { item: CallHierarchyItem }> {
  const opened = await openMarked(text(marked), { files });
  const [item] = doPrepareCallHierarchy(opened.snapshot, opened.marked.cursor) ?? [];
  assert.ok(item);
  return { ...opened, item };
}

/** The snapshot that a request about an item is answered from. */
function at(opened: Opened, item: CallHierarchyItem): Snapshot {
  const file = opened.workspace.view(item.uri);
  assert.ok(file);
  return { ...opened.snapshot, file };
}

describe("call hierarchy", () => {
  it("leads from work along its chain of next", async () => {
    const opened = await open('task(build, name="bu$0ild")');
    assert.equal(describeItem(opened.item), "release.ocu.star: task build");
    const chain: string[] = [];
    for (let item: CallHierarchyItem | undefined = opened.item; item !== undefined; ) {
      chain.push(describeItem(item));
      const calls = findOutgoingCalls(at(opened, item), item);
      item = calls.findLast((each) => each.to.name !== "helper")?.to;
    }
    assert.deepEqual(chain, [
      "release.ocu.star: task build",
      "release.ocu.star: build",
      "release.ocu.star: check",
      "lib.star: finish",
    ]);
  });

  it("finds what calls a function, goes on to it, or declares it as work, in every file", async () => {
    const opened = await open('task(build, name="build")\nhel$0per(4)');
    assert.equal(describeItem(opened.item), "lib.star: helper");
    const calls = findIncomingCalls(at(opened, opened.item), opened.item);
    assert.deepEqual(calls.map(({ from, fromRanges }) => `${describeItem(from)} × ${fromRanges.length}`).sort(), [
      "other/release.ocu.star: release.ocu.star × 1",
      "release.ocu.star: build × 2",
      "release.ocu.star: check × 1",
      "release.ocu.star: release.ocu.star × 1",
    ]);
    const check = findOutgoingCalls(opened.snapshot, calls.find(({ from }) => from.name === "check")?.from as never);
    assert.deepEqual(
      check.map(({ to }) => describeItem(to)),
      ["lib.star: helper", "lib.star: finish"],
    );
  });

  it("finds the work that a function is for", async () => {
    const opened = await open('task(bui$0ld, name="build")');
    const calls = findIncomingCalls(opened.snapshot, opened.item);
    assert.deepEqual(
      calls.map(({ from }) => describeItem(from)),
      ["release.ocu.star: task build"],
    );
  });

  it("has nothing to say of other places", async () => {
    const { snapshot, marked } = await openMarked(text('x = "$0"'), { files });
    assert.equal(doPrepareCallHierarchy(snapshot, marked.cursor), null);
  });
});
