/** What people write who come from another language: the message names it, and a fix, where there is one, mends it. */
import assert from "node:assert/strict";
import type { Parser } from "../../src/syntax/index.ts";
import { makeParser, placeOf } from "./support.ts";

/** Text, place of the message, its start, and what the fix makes of the text. */
const habits: readonly (readonly [string, string, string, string?])[] = [
  ["f = lambda x: return x\n", "1:15", "The body of a `lambda` is an expression, and", "f = lambda x: x\n"],
  ["f = lambda: x = 1\n", "1:15", "The body of a `lambda` is an expression; write a `def`"],
  ["f = lambda (a, b): a\n", "1:12", "The parameters of a `lambda` stand without"],
  ["x = 1_000_000\n", "1:6", "Numbers have no `_`", "x = 1000000\n"],
  ["x = 10L\n", "1:7", "Numbers have no `L`", "x = 10\n"],
  ["x = a @ b\n", "1:7", "`@` is no operator"],
  ["x = `a`\n", "1:5", "A backtick cannot stand here"],
  ["match x:\n  pass\n", "1:1", "Starlark has no `match`; use `if`"],
  ["switch x {\n}\n", "1:1", "Starlark has no `switch`; use `if`"],
  ["let x = 1\n", "1:1", "A variable needs no `let`"],
  ["function f() {\n}\n", "1:1", "A function starts with `def`"],
  ['x = "a" "b"\n', "1:9", "Strings side by side are not joined", 'x = "a" + "b"\n'],
  ["x = (a not b)\n", "1:8", "Behind a value, `not` must be followed by `in`", "x = (a not in b)\n"],
  ["x = {'a' = 1}\n", "1:10", "Between a key of a dict and its value", "x = {'a' : 1}\n"],
  ["dict(a: 1)\n", "1:7", "An argument is named with a `=`", "dict(a=1)\n"],
  ["def f:\n  pass\n", "1:6", "Behind the name of a function stand its parameters", "def f():\n  pass\n"],
  ["x = [i for i in a if b else c]\n", "1:24", "The condition of a comprehension has no `else`"],
  ["// why\n", "1:1", "A comment starts with `#`.", "# why\n"],
  ["/* why */\n", "1:1", "A comment starts with `#`, on each"],
  ["with open('f') as f:\n  pass\n", "1:1", "Starlark has no `with` statement; functions"],
  ["x = 2 ** 3\n", "1:7", "Starlark has no power operator `**`; multiply"],
];

describe("habits from other languages", () => {
  let parser: Parser;
  before(async () => {
    parser = await makeParser();
  });

  for (const [text, place, message, mended] of habits) {
    it(JSON.stringify(text), () => {
      const [first] = parser.parse(text).diagnostics;
      assert.ok(first);
      assert.equal(first.message.slice(0, message.length), message);
      assert.equal(placeOf(text, first.span.start), place);
      const edits = first.fixes?.[0]?.edits ?? [];
      assert.equal(edits.length > 0, mended !== undefined);
      let result = text;
      for (const { span, text: inserted } of edits) {
        result = result.slice(0, span.start) + inserted + result.slice(span.end);
      }
      if (mended !== undefined) {
        assert.equal(result, mended);
        assert.deepEqual(parser.parse(mended).diagnostics, []);
      }
    });
  }

  it("words that other languages have for statements are names like any other", () => {
    const text = "match = 1\nlet = match\nfunction = let\nx = function(match, switch=let)\n";
    assert.deepEqual(parser.parse(text).diagnostics, []);
  });
});
