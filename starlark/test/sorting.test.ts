/** Sorting by keys of one type takes short ways: they must lead where comparing any two leads. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { placesInOrder } from "../src/builtins/sorting/places.ts";
import { RadixKeys } from "../src/builtins/sorting/radix.ts";
import { compare, Float, List, str, Tuple, type Value } from "../src/index.ts";
import { everything, runText } from "./support.ts";

/** A sort that is stable by itself: each key is put before the first one that is greater. */
function expected(keys: readonly Value[], reverse: boolean): number[] {
  const places: number[] = [];
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place] as Value;
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = keys[places[middle] as number] as Value;
      if (reverse ? compare("<", other, key) : compare("<", key, other)) high = middle;
      else low = middle + 1;
    }
    places.splice(low, 0, place);
  }
  return places;
}

function check(keys: readonly Value[], reverse: boolean): void {
  assert.deepEqual(Array.from(placesInOrder(keys, reverse)), expected(keys, reverse), keys.map(str).join(" "));
}

const limit = Number.MAX_SAFE_INTEGER;
const digit = fc.constantFrom("0", "1", "9");
const kinds: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  "small ints": fc.integer({ min: -5, max: 5 }),
  "ints of 32 bits": fc.integer(),
  "ints at the limits": fc.constantFrom(0, -limit, limit, 2 ** 32, 2 ** 32 - 1, -(2 ** 31), 2 ** 31, limit - 1),
  "ints of any size": fc.oneof(fc.integer(), fc.constantFrom(2n ** 53n, -(2n ** 70n), 2n ** 70n)),
  bools: fc.boolean(),
  floats: fc
    .oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, 1 / 0, -1 / 0, 5e-324, -5e-324))
    .map((value) => new Float(value)),
  "floats and ints": fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(limit, 0.5, -0, 3, Number.NaN).map((value) => new Float(value)),
  ),
  digits: fc.string({ unit: digit, maxLength: 12 }).map((text) => `k${text}`),
  letters: fc.string({ unit: "grapheme-ascii", maxLength: 6 }),
  bytes: fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 5 }),
  "long texts": fc
    .tuple(fc.constantFrom(0, 50, 150), fc.string({ unit: digit }))
    .map(([n, end]) => "x".repeat(n) + end),
  tuples: fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.string({ unit: digit, maxLength: 2 }), fc.boolean())
    .map((row) => new Tuple(row)),
  "tuples of any length": fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 3 }).map((row) => new Tuple(row)),
  "lists of lists": fc
    .array(
      fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }).map((row) => new List(row)),
      { minLength: 1, maxLength: 2 },
    )
    .map((row) => new List(row)),
};

describe("sorting", () => {
  for (const [name, key] of Object.entries(kinds)) {
    it(`orders ${name} as comparing them does`, () => {
      const length = fc.constantFrom(0, 1, 2, 20, 49, 90, 200);
      const keys = length.chain((count) => fc.array(key, { minLength: count, maxLength: count }));
      fc.assert(
        fc.property(keys, fc.boolean(), (values, reverse) => check(values, reverse)),
        { numRuns: 60 },
      );
    });
  }

  it("moves nothing beside its part, and keeps the order of what is equal", () => {
    const count = 2 ** 17 + 7;
    const places = Uint32Array.from({ length: count }, (_, i) => i);
    const radix = new RadixKeys(places, 1, count);
    const key = (place: number) => (Math.imul(place, 0x9e3779b1) >>> 0) % 1000;
    for (let i = 0; i < count - 1; i++) radix.setKey(i, key(i + 1));
    radix.sort();
    assert.equal(places[0], 0);
    for (let i = 2; i < count; i++) {
      const [before, place] = [places[i - 1] as number, places[i] as number];
      assert.ok(key(before) < key(place) || (key(before) === key(place) && before < place), `${i}`);
      assert.equal(radix.isTie(i - 1), key(before) === key(place));
    }
  });

  it("fails where two keys have no order, whatever the others are", async () => {
    const { output, failure } = await runText(
      [
        "many = [(i % 3, i) for i in range(100)]",
        "print(catch(lambda: sorted(many + ['a'])))",
        "print(catch(lambda: sorted(many + [(1, 'a')])))",
        "print(catch(lambda: sorted([None] * 100)), sorted([None]))",
        "print(catch(lambda: sorted([({i: i},) for i in range(100)])))",
        "print(len(sorted(many + [(7, None)])), sorted(many + [(7, None)], reverse = True)[0])",
        "",
      ].join("\n"),
      everything,
    );
    assert.equal(failure, undefined);
    assert.match(output[0] as string, /^(string < tuple|tuple < string) not implemented$/);
    assert.match(output[1] as string, /^(string < int|int < string) not implemented$/);
    assert.deepEqual(output.slice(2), [
      "NoneType < NoneType not implemented [None]",
      "dict < dict not implemented",
      "101 (7, None)",
    ]);
  });

  it("lets nobody change what is sorted", async () => {
    const program = (change: string) =>
      `x = [3, 1, 2]\ndef key(v):\n  ${change}\n  return v\nprint(sorted(x, key = key))\nx.append(0)\nprint(x)\n`;
    const changed = await runText(program("x.append(v)"), everything);
    assert.match(changed.failure?.error ?? "", /^test\.star:3:11: append: cannot append to list during iteration$/);
    assert.deepEqual((await runText(program("x.index(v)"), everything)).output, ["[1, 2, 3]", "[3, 1, 2, 0]"]);
  });
});
