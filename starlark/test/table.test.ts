import assert from "node:assert/strict";
import fc from "fast-check";
import { Table } from "../src/values/table.ts";
import type { MapKey, Value } from "../src/values/value.ts";

/** What a Table must agree with. */
class Model {
  readonly entries = new Map<MapKey, { key: Value; value: Value }>();
}

const key = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: 0, max: 40 }).map((n) => n * 2 ** 20),
  fc.integer({ min: 0, max: 40 }).map((n) => n * 2 ** 33),
  fc.integer({ min: 0, max: 40 }).map((n) => `key${n}`),
  fc.integer({ min: 0, max: 20 }).map((n) => `${"long ".repeat(12)}${n}`),
  fc.integer({ min: 0, max: 20 }).map((n) => 2n ** 70n + BigInt(n)),
  fc.constantFrom<MapKey[]>(null, true, false, 0.5, 0.25, Number.NaN, Number.POSITIVE_INFINITY),
) as fc.Arbitrary<Exclude<MapKey, object>>;

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("set" as const), key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("first" as const), key }) },
);

describe("a table", () => {
  it("does what a Map does, whatever is set and removed", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600, size: "max" }), (steps) => {
        const table = new Table();
        const model = new Model();
        for (const [i, each] of steps.entries()) {
          if (each.kind === "set") {
            table.set(each.key, each.key as Value, i);
            model.entries.set(each.key, { key: each.key as Value, value: i });
          } else {
            const place = each.kind === "first" ? (model.entries.keys().next().value ?? null) : each.key;
            if (each.kind === "first" && model.entries.size > 0) {
              assert.deepEqual(table.keys[table.first], place);
            }
            const entry = table.find(place);
            assert.equal(entry >= 0, model.entries.delete(place));
            if (entry >= 0) table.remove(entry);
          }
        }
        assert.equal(table.size, model.entries.size);
        const left = table.keys.flatMap((each, i) => (each === undefined ? [] : [[each, table.values[i]]]));
        assert.deepEqual(
          left,
          Array.from(model.entries.values(), (each) => [each.key, each.value]),
        );
        for (const [place, { value }] of model.entries) assert.equal(table.get(place), value);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the key that was given first", () => {
    const table = new Table();
    const first: Value = "as given";
    table.set("place", first, 1);
    table.set("place", "later", 2);
    assert.deepEqual([table.keys, table.values, table.get("place")], [[first], [2], 2]);
  });

  it("takes no more room for what comes and goes", () => {
    const table = new Table();
    for (let i = 0; i < 100_000; i++) {
      table.set(i, i, i);
      if (i >= 10) table.remove(table.first);
    }
    assert.equal(table.size, 10);
    assert.ok(table.keys.length < 1000, `${table.keys.length} places for 10 entries`);
  });

  it("finds keys whose hashes differ in their high bits only", () => {
    for (const stride of [2 ** 5, 2 ** 10, 2 ** 16, 2 ** 24, 2 ** 31, 2 ** 40]) {
      const table = new Table();
      for (let i = 0; i < 2000; i++) table.set(i * stride, i * stride, i);
      for (let i = 0; i < 2000; i++) assert.equal(table.get(i * stride), i);
      assert.equal(table.get(stride * 2000), undefined);
    }
  });
});
