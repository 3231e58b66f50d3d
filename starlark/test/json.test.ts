/** JSON is read and written by short ways where it is plain; they must give what the long ones give. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DecodeFailure, decode } from "../src/builtins/jsonDecode.ts";
import { encode } from "../src/builtins/jsonEncode.ts";
import { indent } from "../src/builtins/jsonIndent.ts";
import {
  bytesOf,
  Dict,
  equals,
  Failure,
  Float,
  List,
  makeStruct,
  repr,
  Tuple,
  textOf,
  type Value,
} from "../src/index.ts";

function decoded(text: string): string {
  return textOf(repr(decode(text)));
}

function failure(text: string): [number, string] {
  try {
    decode(text);
  } catch (error) {
    if (error instanceof DecodeFailure) return [error.offset, textOf(error.message)];
    throw error;
  }
  return assert.fail(`${text} was decoded`);
}

/** Lists in lists, so deep, around a value. */
function nested(depth: number, core: Value): Value {
  let value = core;
  for (let i = 0; i < depth; i++) value = new List([value]);
  return value;
}

function floatIn(text: string): number {
  const value = decode(text);
  assert.ok(value instanceof Float, text);
  return value.value;
}

describe("json.decode", () => {
  it("reads every decimal as the float that is nearest to it", () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{0,19}$/);
    const decimals = fc.stringMatching(/^[0-9]{1,20}$/);
    fc.assert(
      fc.property(digits, decimals, fc.constantFrom("", "-"), (whole, fraction, sign) => {
        for (const text of [`${sign}${whole}.${fraction}`, `${sign}0.${fraction}`]) {
          assert.ok(Object.is(floatIn(text), Number(text)), text);
          assert.ok(Object.is(floatIn(`[${text} ]`.slice(1, -1)), Number(text)), text);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("reads ints of any size exactly, and floats as floats", () => {
    const ints = ["0", "7", "-1", "999999999999999", "1000000000000000", "9007199254740991", "9007199254740993"];
    for (const int of [...ints, "-9007199254740993", "1".repeat(400)]) {
      assert.equal(decoded(int), int);
      assert.equal(decoded(`{"a":${int}}`), `{"a": ${int}}`);
    }
    assert.equal(decoded("[-0, 0.0, -0.0, 1.0, 3e2, 0e0, 1.]"), "[0, 0.0, -0.0, 1.0, 300.0, 0.0, 1.0]");
    assert.equal(floatIn("100000000000000.25"), 100000000000000.25);
    assert.equal(floatIn("12345678.123456789"), 12345678.123456789);
  });

  it("says what is wrong with a number, behind it", () => {
    for (const text of ["01", "-01", "00.5", "1e", "1.2.3", "1-2", "1.5-", "1e999", "-", "0.5e+", "12345.1e"]) {
      assert.deepEqual(failure(text), [text.length, `invalid number: ${text}`]);
      assert.deepEqual(failure(`{"a": [${text} ]}`), [text.length + 7, `invalid number: ${text}`]);
    }
    assert.deepEqual(failure("[.5]"), [1, "unexpected character '.'"]);
  });

  it("keeps to the keys that are there, whatever came in objects before", () => {
    const first = '{"id":1,"name":"x","tags":{"id":2}}';
    const others = [
      '{"id" : 1 , "name" : "x" , "tags" : {"id":2}}',
      '{ "id":1,\n"name":"x",\t"tags":{ "id":2 } }',
      '{"\\u0069d":1,"na\\u006de":"x","tags":{"id":2}}',
    ];
    for (const other of others) assert.equal(decoded(`[${first},${other}]`), decoded(`[${first},${first}]`));
    assert.equal(decoded(`[${first},{"id":1,"names":2}]`), `[${decoded(first)}, {"id": 1, "names": 2}]`);
    assert.equal(decoded(`[${first},{"id":1,"id":3,"name":4,"id":5}]`), `[${decoded(first)}, {"id": 5, "name": 4}]`);
    assert.equal(decoded(`[${first},{"id":1},{},{"name":2}]`), `[${decoded(first)}, {"id": 1}, {}, {"name": 2}]`);
    const many = Array.from({ length: 12 }, (_, i) => `"k${11 - i}": ${i}`);
    assert.equal(
      decoded(`{${many.join(", ")}, "k3": [], "long": {}}`).slice(-50),
      '"k3": [], "k2": 9, "k1": 10, "k0": 11, "long": {}}',
    );
  });

  it("says what is wrong with an object where it is wrong, whatever came in objects before", () => {
    decode('{"id":1,"name":"x"}');
    assert.deepEqual(failure('{"id"1}'), [5, "after object key, got '1', want ':' "]);
    assert.deepEqual(failure('{"id" x'), [6, "after object key, got 'x', want ':' "]);
    assert.deepEqual(failure('{"id":1 "name":2}'), [8, "in object, got '\"', want ',' or '}'"]);
    assert.deepEqual(failure('{"id":1,}'), [8, "unexpected character '}'"]);
    assert.deepEqual(failure('{"id":1,name:2}'), [8, "unexpected character 'n'"]);
    assert.deepEqual(failure('{"id":1,null:2}'), [12, "got NoneType for object key, want string"]);
    assert.deepEqual(failure('{"id'), [1, "unclosed string literal"]);
    assert.deepEqual(failure('{"id"'), [5, "unexpected end of file"]);
    assert.deepEqual(failure('{"id":'), [6, "unexpected end of file"]);
    assert.deepEqual(failure('{"id":1'), [7, "unexpected end of file"]);
    assert.deepEqual(failure("{"), [1, "unexpected end of file"]);
    assert.deepEqual(failure(" \n"), [2, "unexpected end of file"]);
    assert.deepEqual(failure("[1,]"), [3, "unexpected character ']'"]);
    assert.deepEqual(failure("[1 2]"), [3, "got '2', want ',' or ']'"]);
    assert.deepEqual(failure("1 \v"), [2, "unexpected character '\\v' after value"]);
    assert.deepEqual(failure("nul"), [0, "unexpected character 'n'"]);
  });

  it("reads strings with and without escapes in one text", () => {
    assert.equal(decode('"plain"'), "plain");
    assert.equal(
      decoded('["a\\nb", "plain", "\\u00e9\\ud83d\\ude00", "\xc3\xa9", "tab\there"]'),
      '["a\\nb", "plain", "é😀", "é", "tab\\there"]',
    );
    assert.equal(decode('"\xff"'), "\xef\xbf\xbd");
    const backslashes = Array.from({ length: 6 }, (_, i) => "\\".repeat(i));
    const texts = backslashes.flatMap((run) => [run, `${run}"`, `"${run}`, `a${run}"${run}b`]);
    assert.deepEqual((decode(JSON.stringify(texts)) as List).elements, texts);
    assert.deepEqual(failure('["\\\\\\"]'), [1, "unclosed string literal"]);
    assert.deepEqual(failure('["a", "\\x"]'), [10, "invalid character 'x' in string escape code"]);
  });
});

describe("json.indent", () => {
  it("lays out as JavaScript does, whatever white space the text has", () => {
    const layOut = (text: string, step: string) => textOf(indent(bytesOf(text), "", step));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(" ", "\t", "  "), (json, step) => {
        const laidOut = JSON.stringify(json, null, step);
        assert.equal(layOut(JSON.stringify(json), step), laidOut);
        assert.equal(layOut(JSON.stringify(json, null, 3), step), laidOut);
        assert.equal(layOut(` \n${laidOut}\n`, step), `${laidOut}\n`);
      }),
      { numRuns: 500 },
    );
    const long = JSON.stringify(Array.from({ length: 3000 }, (_, i) => ({ [`key ${i}`]: ["x".repeat(i % 50), i] })));
    assert.equal(layOut(long, "\t"), JSON.stringify(JSON.parse(long), null, "\t"));
    assert.equal(
      indent('{"a":[1,{}],"b":[ ]}', "> ", "--"),
      '{\n> --"a": [\n> ----1,\n> ----{}\n> --],\n> --"b": []\n> }',
    );
  });

  it("says what is wrong, in strings and numbers too", () => {
    const wrong: [string, string][] = [
      ['["a\\x"]', "invalid character 'x' in string escape code"],
      ['["a\nb"]', "invalid character '\\n' in string literal"],
      ['{"a":01}', "invalid character '1' after object key:value pair"],
      ["[1.]", "invalid character ']' after decimal point in numeric literal"],
      ["[10e]", "invalid character ']' in exponent of numeric literal"],
      ["[tru]", "invalid character ']' in literal true (expecting 'e')"],
      ['{"a" 1}', "invalid character '1' after object key"],
      ["{1:2}", "invalid character '1' looking for beginning of object key string"],
      ["[1}", "invalid character '}' after array element"],
      ["[1,]", "invalid character ']' looking for beginning of value"],
      ["1 2", "invalid character '2' after top-level value"],
      ['["a', "unexpected end of JSON input"],
      ["", "unexpected end of JSON input"],
    ];
    for (const [text, message] of wrong) assert.throws(() => indent(text, "", " "), new Failure(message), text);
  });
});

describe("json.encode", () => {
  it("escapes what is not printable, and bytes that are no text", () => {
    const written: [string, string][] = [
      ["a<b>&c", "a<b>&c"],
      ['q"\\', 'q\\"\\\\'],
      ["<\n>", "\\u003c\\n\\u003e"],
      ["\x00\b\x7f", "\\u0000\\b\x7f"],
      ["\x7f", "\\x7f"],
      ['é<"', 'é\\u003c\\"'],
      ["\u2027\u2028\u2029\u202a", "\u2027\\u2028\\u2029\u202a"],
      ["\ufffd😀", "\ufffd😀"],
    ];
    for (const [text, json] of written) assert.equal(textOf(encode(bytesOf(text))), `"${json}"`);
    assert.equal(encode("a\xff<"), '"a\\ufffd\\u003c"');
    assert.equal(encode("\xe2\x80"), '"\\ufffd\\ufffd"');
    assert.equal(encode("\xef\xbf\xbd\xff"), '"\xef\xbf\xbd\\ufffd"');
  });

  it("gives what decodes to the same value", () => {
    const key = fc.oneof(fc.constantFrom("a", "b", "name", "é", 'q"', "\u2028"), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), key, (json, name) => {
        const text = JSON.stringify({ [name]: json });
        const value = decode(Buffer.from(text, "utf8").toString("latin1"));
        const encoded = encode(value);
        assert.ok(equals(decode(encoded), value), encoded);
        assert.equal(encode(decode(encoded)), encoded);
      }),
      { numRuns: 1000 },
    );
  });

  it("sorts keys, of small dicts and of large ones", () => {
    assert.equal(encode(decode('{"b": 1, "a": {"d": [], "c": {}}}')), '{"a":{"c":{},"d":[]},"b":1}');
    const entries = Array.from({ length: 20 }, (_, i) => [`k${i}`, new Tuple([i])] as [Value, Value]);
    const keys = entries.map(([name]) => name as string).sort();
    assert.equal(encode(Dict.from(entries)), `{${keys.map((name) => `"${name}":[${name.slice(1)}]`).join(",")}}`);
  });

  it("writes numbers of every kind as str does", () => {
    const values = [0, -5, 2 ** 53 - 1, 2n ** 70n, new Float(1), new Float(-0), new Float(1e6), new Float(1e-7)];
    assert.equal(encode(new List(values)), "[0,-5,9007199254740991,1180591620717411303424,1.0,-0.0,1e+06,1e-07]");
  });

  it("joins what is long without losing a char", () => {
    const lengths = [0, 1, 3993, 3994, 3995, 3996, 3997, 3998, 3999, 4000, 4001, 9000];
    const strings = lengths.map((length) => "x".repeat(length));
    const expected = `[${strings.map((text) => `"${text}"`).join(",")}]`;
    assert.equal(encode(new List(strings)), expected);
    const lists = strings.map((text) => new List([text, new List([text])]));
    assert.equal(encode(new List(lists)), JSON.stringify(strings.map((text) => [text, [text]])));
  });

  it("bears any depth, and says where it cannot encode", () => {
    for (const depth of [99, 100, 101, 102, 500]) {
      assert.equal(encode(nested(depth, null)), `${"[".repeat(depth)}null${"]".repeat(depth)}`);
      const where = "at list index 0: ".repeat(depth);
      const message = `${where}cannot encode non-finite float nan`;
      assert.throws(() => encode(nested(depth, new Float(Number.NaN))), new Failure(message));
    }
    const list = new List([1]);
    list.elements.push(new Tuple([list]));
    assert.throws(() => encode(list), new Failure("at list index 1: at tuple index 0: cycle in JSON structure"));
    const dict = Dict.from([["a", 1]]);
    dict.set("b", new List([dict]));
    assert.throws(() => encode(dict), new Failure('in dict key "b": at list index 0: cycle in JSON structure'));
    const mixed = new List(["ok", Dict.from([["a", Dict.from([[1, 2]])]])]);
    const wrongKey = 'at list index 1: in dict key "a": dict has int key, want string';
    assert.throws(() => encode(mixed), new Failure(wrongKey));
    assert.throws(
      () => encode(new List([Dict.from([["f", makeStruct]])])),
      /at list index 0: in dict key "f": cannot encode builtin/,
    );
  });
});
