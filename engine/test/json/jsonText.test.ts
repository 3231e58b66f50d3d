import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonValue } from "../../src/json/json.ts";
import { parseJson, printJson } from "../../src/json/jsonText.ts";

describe("JSON with integers of any size", () => {
  it("keeps them exact, and only them as bigint", () => {
    assert.equal(parseJson("9007199254740991"), 9007199254740991);
    assert.equal(parseJson("9007199254740992"), 9007199254740992n);
    assert.equal(parseJson("-123456789012345678901234567890"), -123456789012345678901234567890n);
    assert.deepEqual(parseJson('{"a":["12345678901234567890",12345678901234567890]}'), {
      a: ["12345678901234567890", 12345678901234567890n],
    });
    assert.equal(parseJson("1234567890123456.5"), 1234567890123456.5);
    assert.equal(parseJson("12345678901234567e3"), 12345678901234567e3);
    assert.equal(parseJson("0.1234567890123456789"), 0.12345678901234568);
    assert.equal(parseJson("1e-1234567890123456789"), 0);
    assert.deepEqual(parseJson('{"12345678901234567890": 1}'), { "12345678901234567890": 1 });
    assert.deepEqual(parseJson('["int:5", 12345678901234567890, "\\"12345678901234567890\\""]'), [
      "int:5",
      12345678901234567890n,
      '"12345678901234567890"',
    ]);
    assert.equal(printJson({ a: 12345678901234567890n, b: "int:7" }), '{"a":12345678901234567890,"b":"int:7"}');
    assert.equal(printJson([1n], 2), "[\n  1\n]");
  });

  it("refuses what is not JSON", () => {
    for (const text of ["", "{", "01", "1234567890123456789 x", "[12345678901234567890", "{12345678901234567890:1}"]) {
      assert.throws(() => parseJson(text), SyntaxError, text);
    }
  });

  it("reads texts of any length, and refuses one that is torn in the middle of many quotes", () => {
    const long = "x".repeat(20_000_000);
    assert.deepEqual(parseJson(`["${long}",12345678901234567890]`), [long, 12345678901234567890n]);
    assert.throws(() => parseJson(`[12345678901234567890,"${'\\"'.repeat(500_000)}`), SyntaxError);
    assert.throws(() => parseJson('[12345678901234567890,"\\'), SyntaxError);
  });

  it("gives back what was printed", () => {
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.string({ unit: "binary" }),
        fc.constantFrom("int:", "int::1", '"int:12"', "\\", "1234567890123456789"),
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .filter((number) => !Object.is(number, -0) && Math.abs(number) < 1e15),
        fc.maxSafeInteger(),
        fc.bigInt({ min: 2n ** 53n }),
        fc.bigInt({ max: -(2n ** 53n) }),
        fc.array(tie("value")),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("int:", "1234567890123456789")), tie("value")),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (data, indent) => {
        assert.deepEqual(
          parseJson(printJson(data, indent)),
          JSON.parse(JSON.stringify([data], bigintAsMark), markAsBigint)[0],
        );
      }),
      { numRuns: 200 },
    );
  });
});

const bigintAsMark = (_key: string, value: unknown) => (typeof value === "bigint" ? { $big: value.toString() } : value);
const markAsBigint = (_key: string, value: unknown) =>
  typeof value === "object" && value !== null && "$big" in value ? BigInt(value.$big as string) : value;
