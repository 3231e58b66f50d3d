import assert from "node:assert/strict";
import type { JsonValue } from "../../src/json/json.ts";
import { sameJson } from "../../src/json/sameJson.ts";

describe("equal JSON", () => {
  it("is so whatever the order of keys, at any depth", () => {
    assert.ok(sameJson({ a: 1, b: [{ c: null, d: "x" }] }, { b: [{ d: "x", c: null }], a: 1 }));
    assert.ok(sameJson(12345678901234567890n, 12345678901234567890n));
  });

  it("is not what differs in a value, a type, a key or the order of a list", () => {
    const different: readonly (readonly [JsonValue, JsonValue])[] = [
      [1, 2],
      ["a", "b"],
      [1, "1"],
      [true, false],
      [null, {}],
      [null, false],
      [[], {}],
      [
        [1, 2],
        [2, 1],
      ],
      [{ a: 1 }, { a: 1, b: null }],
      [{ a: { b: 1 } }, { a: { b: 2 } }],
    ];
    for (const [a, b] of different) assert.ok(!sameJson(a, b), JSON.stringify([a, b]));
  });
});
