import assert from "node:assert/strict";
import fc from "fast-check";
import { binary } from "../src/eval/operators.ts";
import { bytesOf, compare, Dict, Float, type Int, repr, Tuple, textOf, type Value } from "../src/index.ts";
import { intText } from "../src/values/hugeInts.ts";
import { normalize, parseIntText } from "../src/values/ints.ts";

const edges = [0, 1, 2, 5, 26, 27, 30, 31, 32, 52, 53, 54, 64].flatMap((bits) => [
  2n ** BigInt(bits),
  -(2n ** BigInt(bits)),
]);
const ints = fc.oneof(
  fc.constantFrom(...edges),
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
      { numRuns: 10_000 },
    );
  });

  it("ints are read from text of any length and base, and written as the same", () => {
    const digits = fc.oneof(fc.stringMatching(/^[0-9]{1,18}$/), fc.stringMatching(/^0{0,20}[0-9]{14,17}$/));
    fc.assert(
      fc.property(digits, fc.constantFrom("", "-", "+"), (text, sign) => {
        const value = parseIntText(sign + text, 10) as Int;
        assert.equal(BigInt(value), sign === "-" ? -BigInt(text) : BigInt(text));
        assert.equal(typeof value, Number.isSafeInteger(Number(text)) ? "number" : "bigint");
        assert.ok(!Object.is(value, -0));
      }),
      { numRuns: 2000 },
    );
    for (const text of [
      "",
      "-",
      "+",
      "1 ",
      " 1",
      "1\n",
      "--1",
      "+-1",
      "1_0",
      "1.0",
      "0x10",
      "１",
      "a".repeat(20),
      `${"9".repeat(20)}x`,
    ]) {
      assert.equal(parseIntText(text, 10), undefined, JSON.stringify(text));
    }
    for (const bits of [1023, 65_535, 65_536, 262_143, 262_144, 262_145, 600_000]) {
      for (const value of [2n ** BigInt(bits), 1n - 2n ** BigInt(bits)]) {
        const text = intText(value);
        assert.ok(text === value.toString(), `${bits} bits`);
        assert.ok(parseIntText(text, 10) === value, `${bits} bits`);
      }
    }
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
