import assert from "node:assert/strict";
import { makeAbsolute, parseRef, printRef, type RefBase, RefError } from "../../src/refs/index.ts";

function absolute(text: string, base: RefBase, options: { commandLine?: boolean } = {}): string {
  const result = parseRef(text, options);
  assert.ok(result.ok, text);
  return printRef(makeAbsolute(result.ref, base, options));
}

describe("making refs absolute (2.3)", () => {
  const base = { repo: "shop", path: "frontend/release.ocu.star", release: "r5" };

  const cases: [string, string][] = [
    ["./call/build#output/tag", "shop/-/frontend/release.ocu.star/@r5/task/build#output/tag"],
    ["./@/call/build#output/n", "shop/-/frontend/release.ocu.star/@/task/build#output/n"],
    ["./@r3/task/build", "shop/-/frontend/release.ocu.star/@r3/task/build"],
    ["./custom/approval", "shop/-/frontend/release.ocu.star/@r5/custom/approval"],
    ["./@/custom/credential/staging", "shop/-/frontend/release.ocu.star/@/custom/credential/staging"],
    ["./-/backend/release.ocu.star/@/deploy/staging", "shop/-/backend/release.ocu.star/@/deploy/staging"],
    ["//backend/release.ocu.star/@/deploy/staging", "shop/-/backend/release.ocu.star/@/deploy/staging"],
    ["//backend/release.ocu.star", "shop/-/backend/release.ocu.star/@r5"],
    ["other/-/a.ocu.star/@r3/deploy/prod#output", "other/-/a.ocu.star/@r3/deploy/prod#output"],
    ["other/-/a.ocu.star", "other/-/a.ocu.star"],
    ["other/-/./@/task/x", "other/-/frontend/release.ocu.star/@/task/x"],
    ["@/environment/staging", "@/environment/staging"],
    ["@/custom/x#a", "@/custom/x#a"],
    ["@v1/task/x", "shop/-/frontend/release.ocu.star/@v1/task/x"],
    ["sibling.ocu.star/@/task/x", "shop/-/frontend/sibling.ocu.star/@/task/x"],
    ["../backend/release.ocu.star/@/task/x", "shop/-/backend/release.ocu.star/@/task/x"],
    ["./-/a/../b.ocu.star/@/task/x", "shop/-/b.ocu.star/@/task/x"],
  ];
  for (const [text, expected] of cases) it(text, () => assert.equal(absolute(text, base), expected));

  it("joins paths to the current folder on the command line", () => {
    const commandLine = { repo: "shop", path: "", folder: "services/api" };
    const options = { commandLine: true };
    assert.equal(absolute("release.ocu.star", commandLine, options), "shop/-/services/api/release.ocu.star");
    assert.equal(absolute("./release.ocu.star/@r2", commandLine, options), "shop/-/services/api/release.ocu.star/@r2");
    assert.equal(absolute("../web/r.ocu.star/@", commandLine, options), "shop/-/services/web/r.ocu.star/@");
    assert.equal(absolute("//r.ocu.star/@1", commandLine, options), "shop/-/r.ocu.star/@1");
    assert.equal(absolute("r.ocu.star", { ...commandLine, folder: "" }, options), "shop/-/r.ocu.star");
  });

  it("leaves the release open when the base has none", () => {
    assert.equal(absolute("./task/x", { repo: "shop", path: "a.ocu.star" }), "shop/-/a.ocu.star/task/x");
  });

  it("refuses paths that leave the repository", () => {
    assert.throws(() => absolute("../../x.ocu.star/@/task/y", base), RefError);
  });
});
