import assert from "node:assert/strict";
import fc from "fast-check";
import { binary } from "../src/eval/operators.ts";
import { bytesOf, compare, Dict, Float, type Int, repr, Tuple, textOf, type Value } from "../src/index.ts";
import { normalize, parseIntText } from "../src/values/ints.ts";

const edges = [0n, 1n, -1n, 2n ** 31n, -(2n ** 31n), 2n ** 53n, 2n ** 53n - 1n, -(2n ** 53n), 2n ** 64n];
const ints = fc.oneof(
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.bigInt({ min: -100n, max: 100n }),
  fc.constantFrom(...edges).chain((edge) => fc.bigInt({ min: -3n, max: 3n }).map((delta) => edge + delta)),
);

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

describe("properties", () => {
  it("ints behave as integers of any size, and are numbers while safe", () => {
    const operations: Record<string, (a: bigint, b: bigint) => bigint> = {
      "+": (a, b) => a + b,
      "-": (a, b) => a - b,
      "*": (a, b) => a * b,
      "//": floorDivide,
      "%": (a, b) => a - b * floorDivide(a, b),
      "|": (a, b) => a | b,
      "&": (a, b) => a & b,
      "^": (a, b) => a ^ b,
    };
    fc.assert(
      fc.property(ints, ints, fc.constantFrom(...Object.keys(operations)), (a, b, operator) => {
        if (b === 0n && (operator === "//" || operator === "%")) return;
        const result = binary(operator as "+", normalize(a), normalize(b)) as Int;
        assert.equal(BigInt(result), operations[operator]?.(a, b));
        assert.equal(typeof result, Number.isSafeInteger(Number(result)) ? "number" : "bigint");
        assert.ok(!Object.is(result, -0));
      }),
      { numRuns: 2000 },
    );
  });

  it("shifts, text and order agree with integers", () => {
    fc.assert(
      fc.property(ints, fc.integer({ min: 0, max: 200 }), fc.integer({ min: 2, max: 36 }), (a, count, base) => {
        const value = normalize(a);
        assert.equal(BigInt(binary("<<", value, count) as Int), a << BigInt(count));
        assert.equal(BigInt(binary(">>", value, count) as Int), a >> BigInt(count));
        assert.equal(parseIntText(a.toString(base), base), value);
      }),
    );
    fc.assert(
      fc.property(ints, fc.double(), (a, float) => {
        const isLess = compare("<", normalize(a), new Float(float));
        const exact = Number.isNaN(float) || float === Number.POSITIVE_INFINITY || a < BigIntCeil(float);
        if (Number.isFinite(float) || Number.isNaN(float)) assert.equal(isLess, exact);
      }),
    );
  });

  it("a dict behaves as a list of pairs with different keys", () => {
    const keys: fc.Arbitrary<Value> = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom<Value>("0", "a", null, true, false),
      fc.integer({ min: 0, max: 3 }).map((n) => new Float(n)),
      fc.tuple(fc.integer({ min: 0, max: 1 }), fc.constantFrom("", "1", "a")).map((pair) => new Tuple(pair)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), keys, fc.nat())), (steps) => {
        const dict = new Dict();
        let model: [Value, Value][] = [];
        for (const [isDelete, key, value] of steps) {
          const known = model.find(([each]) => compare("==", each, key));
          if (isDelete) {
            assert.equal(dict.delete(key), known?.[1]);
            model = model.filter((entry) => entry !== known);
          } else {
            dict.set(key, value);
            if (known) known[1] = value;
            else model.push([key, value]);
          }
        }
        assert.deepEqual(
          dict.items().map(([key, value]) => [repr(key), value]),
          model.map(([key, value]) => [repr(key), value]),
        );
      }),
    );
  });

  it("text survives as bytes", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.equal(textOf(bytesOf(text)), text)));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) =>
        assert.equal(bytesOf(text), Buffer.from(text, "utf8").toString("latin1")),
      ),
    );
  });
});

/** The least integer that is not below a finite float. */
function BigIntCeil(float: number): bigint {
  return Number.isFinite(float) ? BigInt(Math.ceil(float)) : 0n;
}
