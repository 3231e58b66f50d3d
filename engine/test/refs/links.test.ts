import assert from "node:assert/strict";
import { type AtRef, RefError, resolveLinks } from "../../src/refs/index.ts";

const file = "shop/-/a.ocu.star";

function storeOf(contents: Record<string, AtRef>) {
  const reads: string[] = [];
  return {
    reads,
    resolve: (ref: string) =>
      resolveLinks(ref, async (at) => {
        reads.push(at);
        return contents[at];
      }),
  };
}

describe("following links (2.4)", () => {
  const store = storeOf({
    [`${file}/@r3`]: "document",
    [`${file}/@r3/task/build`]: "document",
    [`${file}/@r3/task/build/1`]: "document",
    [`${file}/@v1`]: { target: `${file}/@r3` },
    [`${file}/@latest`]: { target: `${file}/@v1` },
    [`${file}/@/task/build`]: { target: `${file}/@r3/task/build` },
    [`${file}/@/custom/x`]: "document",
    [`${file}/@2`]: "document",
    [`${file}/@r2`]: "document",
    "shop/-/repo.ocu.star/@": { target: "shop/-/repo.ocu.star/@abc" },
    "shop/-/repo.ocu.star/@abc": "document",
    "shop/-/repo.ocu.star/@/push/index": { target: "shop/-/repo.ocu.star/@old/push/index" },
    "shop/-/repo.ocu.star/@old/push/index": "document",
    "a/-/b.star/@x": { target: "a/-/b.star/@y" },
    "a/-/b.star/@y": { target: "a/-/b.star/@x" },
    "@/custom/y": "document",
  });

  const cases: [string, string | undefined][] = [
    [`${file}/@r3`, `${file}/@r3`],
    [`${file}/@v1`, `${file}/@r3`],
    [`${file}/@v1/task/build/1`, `${file}/@r3/task/build/1`],
    [`${file}/@latest/task/build#output/tag`, `${file}/@r3/task/build`],
    [`${file}/@/task/build#output`, `${file}/@r3/task/build`],
    [`${file}/@/call/build`, `${file}/@r3/task/build`],
    [`${file}/@3/call/build`, `${file}/@r3/task/build`],
    [`${file}/@2`, `${file}/@2`],
    [`${file}/@/custom/x`, `${file}/@/custom/x`],
    [`${file}/@/task/test`, undefined],
    [`${file}/@r9`, undefined],
    ["shop/-/repo.ocu.star/@", "shop/-/repo.ocu.star/@abc"],
    ["shop/-/repo.ocu.star/@/push/index", "shop/-/repo.ocu.star/@old/push/index"],
    ["@/custom/y", "@/custom/y"],
    ["@/custom/y/", "@/custom/y"],
  ];
  for (const [ref, expected] of cases) it(ref, async () => assert.equal(await store.resolve(ref), expected));

  it("reports a circle", async () => {
    await assert.rejects(store.resolve("a/-/b.star/@x/task/y"), RefError);
  });

  it("reads nothing above the release", async () => {
    const other = storeOf({});
    await other.resolve("github.com/a/b/-/c/d.ocu.star/@r1/task/x");
    assert.deepEqual(other.reads, [
      "github.com/a/b/-/c/d.ocu.star/@r1/task/x",
      "github.com/a/b/-/c/d.ocu.star/@r1/task",
      "github.com/a/b/-/c/d.ocu.star/@r1",
    ]);
  });
});
