import assert from "node:assert/strict";
import type { JsonValue } from "../../src/json/json.ts";
import { environmentProblem } from "../../src/release/environments.ts";
import { intendedRelease } from "../../src/release/intents.ts";

describe("what intent says", () => {
  it("names a release by its ref, or by its name when it is one of the same file", () => {
    const ref = "shop/-/api/release.ocu.star/@/deploy/eu";
    assert.equal(intendedRelease(ref, { release: "other/-/a.ocu.star/@r2" }), "other/-/a.ocu.star/@r2");
    assert.equal(intendedRelease(ref, { release: "r2" }), "shop/-/api/release.ocu.star/@r2");
    assert.equal(intendedRelease(ref, { release: "@v1" }), "shop/-/api/release.ocu.star/@v1");
    const nothing: readonly JsonValue[] = [{}, { release: "" }, { release: 2 }, null];
    for (const none of nothing) assert.equal(intendedRelease(ref, none), undefined);
  });

  it("is an environment only with its own name and attributes of text", () => {
    const problem = (value: Parameters<typeof environmentProblem>[1], name = "eu") => environmentProblem(name, value);
    assert.equal(problem({ name: "eu", attributes: { type: "prod" } }), undefined);
    assert.equal(problem({ name: "eu" }), undefined);
    for (const value of ["eu", 1, null, true, ["eu"]]) {
      assert.match(problem(value) ?? "", /an environment is an object/, JSON.stringify(value));
    }
    assert.match(problem({ attributes: {} }) ?? "", /the environment has no name/);
    assert.match(problem({ name: "us" }) ?? "", /is "us", the ref says "eu"/);
    for (const attributes of ["x", null, []]) {
      assert.match(problem({ name: "eu", attributes }) ?? "", /an object of strings/, JSON.stringify(attributes));
    }
    assert.match(problem({ name: "eu", attributes: { size: 3 } }) ?? "", /the attribute `size` is not a string/);
    assert.match(problem({ name: "a b" }, "a b") ?? "", /is no name for an environment/);
  });
});
