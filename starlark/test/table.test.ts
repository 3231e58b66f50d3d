import assert from "node:assert/strict";
import fc from "fast-check";
import { Bytes, Float, Tuple } from "../src/index.ts";
import { mapKey } from "../src/values/hashing.ts";
import { listenToPulse } from "../src/values/pulse.ts";
import { Table } from "../src/values/table.ts";
import { placeOf } from "../src/values/tupleKeys.ts";
import type { MapKey, Value } from "../src/values/value.ts";

/** What a Table must agree with. */
class Model {
  readonly entries = new Map<MapKey, { key: Value; value: Value }>();
}

const float = fc.constantFrom(0, -0, 1, 0.5, Number.NaN, 2 ** 70, -1 / 0).map((value) => new Float(value));

const element: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value[]>(0, 1, 2 ** 40, 2n ** 70n, null, true, false, "", "a", "1", "x".repeat(60)),
  float,
  fc.constantFrom("a", "").map((text) => new Bytes(text)),
);

const tuple: fc.Arbitrary<Value> = fc
  .array(
    fc.oneof(
      element,
      fc.array(element, { maxLength: 2 }).map((row) => new Tuple(row)),
    ),
    { maxLength: 3 },
  )
  .map((row) => new Tuple(row));

const key: fc.Arbitrary<Value> = fc.oneof(
  tuple,
  float,
  fc.tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom("a", "b")).map((row) => new Tuple(row)),
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: 0, max: 40 }).map((n) => n * 2 ** 20),
  fc.integer({ min: 0, max: 40 }).map((n) => n * 2 ** 33),
  fc.integer({ min: 0, max: 40 }).map((n) => `key${n}`),
  fc.integer({ min: 0, max: 20 }).map((n) => `${"long ".repeat(12)}${n}`),
  fc.integer({ min: 0, max: 20 }).map((n) => 2n ** 70n + BigInt(n)),
  fc.constantFrom<Value[]>(null, true, false),
);

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
            table.set(placeOf(each.key), each.key, i);
            const known = model.entries.get(mapKey(each.key));
            model.entries.set(mapKey(each.key), { key: known?.key ?? each.key, value: i });
          } else {
            const first = model.entries.values().next().value;
            const wanted = each.kind === "first" ? (first?.key ?? null) : each.key;
            if (each.kind === "first" && first) assert.equal(table.keys[table.first], wanted);
            const entry = table.find(placeOf(wanted));
            assert.equal(entry >= 0, model.entries.delete(mapKey(wanted)));
            if (entry >= 0) table.remove(entry);
          }
        }
        assert.equal(table.size, model.entries.size);
        const left = table.keys.flatMap((each, i) => (each === undefined ? [] : [[each, table.values[i]]]));
        assert.deepEqual(
          left,
          Array.from(model.entries.values(), (each) => [each.key, each.value]),
        );
        for (const { key: given, value } of model.entries.values()) assert.equal(table.get(placeOf(given)), value);
      }),
      { numRuns: 300 },
    );
  });

  it("finds what is looked for in any pattern, and what comes instead of what the pattern leads to", () => {
    const make: ((i: number) => Value)[] = [(i) => i * 7, (i) => `key${i}`, (i) => new Tuple([i, "a"])];
    const walk = fc.record({
      from: fc.integer({ min: 0, max: 60 }),
      stride: fc.integer({ min: -3, max: 3 }),
      length: fc.integer({ min: 1, max: 12 }),
      removes: fc.boolean(),
      other: fc.integer({ min: 0, max: 60 }),
    });
    fc.assert(
      fc.property(fc.nat({ max: 2 }), fc.array(walk, { maxLength: 12 }), (kind, walks) => {
        const table = new Table();
        const model = new Map<number, number>();
        const place = (i: number) => placeOf((make[kind] as (i: number) => Value)(i));
        const check = (i: number, removes: boolean) => {
          const entry = table.find(place(i));
          assert.equal(entry < 0 ? undefined : table.values[entry], model.get(i));
          if (removes && entry >= 0) table.remove(entry);
          if (removes) model.delete(i);
        };
        for (let i = 0; i < 60; i++) {
          table.set(place(i), (make[kind] as (i: number) => Value)(i), i);
          model.set(i, i);
        }
        for (const { from, stride, length, removes, other } of walks) {
          for (let i = 0; i < length; i++) check(from + i * stride, removes);
          check(other, false);
          check(from + length * stride, false);
        }
      }),
      { numRuns: 400 },
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

  it("asks before it takes much memory, and is as it was when it gets none", () => {
    const table = new Table();
    const refuse = (taking: number) => {
      if (taking > 0) throw new Error(`no ${taking} bytes`);
    };
    const outer = listenToPulse(refuse);
    let count = 0;
    try {
      assert.throws(() => {
        for (; count < 5_000_000; count++) table.set(count, count, count);
      }, /^Error: no \d+ bytes$/);
    } finally {
      listenToPulse(outer);
    }
    assert.equal(table.size, count);
    table.set(count, count, "more");
    assert.deepEqual(
      [table.size, table.get(count), table.get(0), table.get(count - 1)],
      [count + 1, "more", 0, count - 1],
    );
  }).timeout(60_000);
});
