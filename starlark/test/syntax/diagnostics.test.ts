/** Damaged texts: each damage gives one diagnostic with its code and place, and the Go implementation's words. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Parser } from "../../src/syntax/index.ts";
import { syntaxCodes } from "../../src/syntax/index.ts";
import { makeParser, placeOf } from "./support.ts";

/** Text, then for each diagnostic `line:column code`, then the Go implementation's only error. */
type Row = readonly [text: string, found: string, reference: string];

const rows: readonly Row[] = [
  ["f(a\n  b)\n", "1:3 missing-comma", "2:4: got identifier, want ','"],
  ["{'a': 1 'b': 2}\n", "1:7 missing-comma", "1:12: got string literal, want '}'"],
  ["[1 2]\n", "1:2 missing-comma", "1:5: got int literal, want ']'"],
  ["def f(a, a b):\n  pass\n", "1:10 missing-comma", "1:13: got identifier, want ','"],
  ["if x\n    y()\nz = (\n", "1:4 missing-colon, 3:5 unclosed-bracket", "2:1: got newline, want ':'"],
  ["{'a' 1}\n", "1:4 missing-colon", "1:7: got int literal, want ':'"],
  ["def f():\nx = 1\n", "1:1 missing-block", "2:2: got identifier, want indent"],
  ["x = \ny = 1\n", "1:3 missing-expression", "1:5: got newline, want primary expression"],
  ["f(a, , b)\n", "1:4 missing-expression", "1:6: got ',', want primary expression"],
  ["a.\nb = 1\n", "1:2 missing-name", "2:1: not an identifier"],
  ["def (x):\n  pass\n", "1:3 missing-name", "1:6: not an identifier"],
  ["x = a if b\n", "1:7 missing-else", "1:7: conditional expression without else clause"],
  ["for x y:\n    pass\n", "1:5 missing-in", "1:8: got identifier, want in"],
  ["foo(1, 2\nx = 1\n", "1:4 unclosed-bracket", "2:2: got identifier, want ','"],
  ["print(1, 2, 3\n", "1:6 unclosed-bracket", "2:1: got end of file, want ')'"],
  ["def f(x:\n    return x\ny = 1\n", "1:6 unclosed-bracket", "1:9: got ':', want ')'"],
  ["x = [1, 2)\n", "1:10 mismatched-bracket", "1:11: got ')', want ']'"],
  ["f([1, 2)\n", "1:8 mismatched-bracket", "1:9: got ')', want ']'"],
  ["x = 1)\n", "1:6 unexpected-bracket", "1:6: unexpected ')'"],
  ["a = 'abc\nb = 1\n", "1:5 unclosed-string", "1:5: unexpected newline in string"],
  ["f('abc)\nb = 1\n", "1:3 unclosed-string", "1:3: unexpected newline in string"],
  ["a = '''abc\nb = 1\n", "1:5 unclosed-string", "1:5: unexpected EOF in string"],
  ['a = "\\q"\n', "1:6 invalid-escape", "1:5: invalid escape sequence \\q"],
  [
    'a = r"\\q" + "\\x80"\n',
    "1:14 invalid-escape",
    "1:13: non-ASCII hex escape \\x80 (use \\u0080 for the UTF-8 encoding of U+0080)",
  ],
  [
    'a = "\\400"\n',
    "1:6 invalid-escape",
    "1:5: non-ASCII octal escape \\400 (use \\u0100 for the UTF-8 encoding of U+0100)",
  ],
  ['a = "\\ud800"\n', "1:6 invalid-escape", "1:5: invalid Unicode code point U+D800"],
  ["a = 0x\n", "1:5 invalid-number", "1:5: invalid hex literal"],
  ["a = 1e\n", "1:5 invalid-number", "1:7: invalid float literal"],
  ["a = 0755\n", "1:5 octal-literal", "1:9: obsolete form of octal literal; use 0o755"],
  ["$x\n", "1:1 unexpected-character", "1:1: unexpected input character '$'"],
  ["x = \\ y\n", "1:5 stray-backslash", "1:6: stray backslash in program"],
  ["  x = 1\n  y = 2\nz = 3\n", "1:1 unexpected-indent", "1:3: got indent, want primary expression"],
  ["def f():\n    a\n      b\n    c\n", "3:1 unexpected-indent", "3:7: got indent, want primary expression"],
  ["def f():\n    a\n   b\nc\n", "3:1 inconsistent-dedent", "3:4: unindent does not match any outer indentation level"],
  ["x = a b\n", "1:7 unexpected-token", "1:8: got identifier, want newline"],
  ["else:\n    pass\n", "1:1 else-without-if", "1:1: got else, want primary expression"],
  ["if a:\n    b\nelse if c:\n    d\n", "3:1 else-if", "3:8: got if, want ':'"],
  ["def pass(): pass\n", "1:5 reserved-word", "1:9: not an identifier"],
  ["f(a+b=1)\n", "1:6 keyword-argument", "1:7: keyword argument must have form name=expr"],
  ["x = 1,\n", "1:6 trailing-comma", "1:6: unparenthesized tuple with trailing comma"],
  ["if x = 1:\n    pass\n", "1:6 assignment-in-condition", "1:7: got '=', want ':'"],
  ["x = y = 1\n", "1:7 chained-assignment", "1:8: got '=', want newline"],
  ["load('a', b)\n", "1:11 load-arguments", `1:13: load operand must be "b" or b="originalname" (want '=' after b)`],
  ["load('a', b=c)\n", "1:13 load-arguments", `1:14: original name of loaded symbol must be quoted: b="originalname"`],
  ["load(a, 'b')\n", "1:6 load-arguments", "1:7: first operand of load statement must be a string literal"],
  ["load('a')\n", "1:5 load-empty", "1:5: load statement must import at least 1 symbol"],
  ["{1, 2}\n", "1:3 set-display", "1:4: got ',', want ':'"],
  ["2 ** 3\n", "1:3 power-operator", "1:5: got '**', want newline"],
  ["f(a ** b)\n", "1:5 power-operator", "1:7: got '**', want ','"],
  ["a <> b\n", "1:3 not-equal", "1:4: got '>', want primary expression"],
  ["x++\n", "1:2 increment", "1:4: got newline, want primary expression"],
  ["a && b\n", "1:3 logical-operator", "1:4: got '&', want primary expression"],
  ["!a\n", "1:1 logical-operator", "1:1: unexpected input character '!'"],
  ["print 'x'\n", "1:1 print-statement", "1:10: got string literal, want newline"],
  ["u'x'\n", "1:1 string-prefix", "1:5: got string literal, want newline"],
  ["class A:\n    def f(self):\n        pass\nx = 1\n", "1:1 python-class", "1:1: got class, want primary expression"],
  ["import os\nx = (\n", "1:1 python-import, 2:5 unclosed-bracket", "1:1: got import, want primary expression"],
  [
    "try:\n    x()\nexcept E as e:\n    pass\nfinally:\n    y()\nz = 1\n",
    "1:1 python-try",
    "1:1: got try, want primary expression",
  ],
  ["x = 1 is not 2\n", "1:7 python-is", "1:9: got is, want newline"],
  ["f'{x}'\n", "1:1 python-fstring", "1:7: got string literal, want newline"],
  ["with open(x) as f:\n    pass\n", "1:1 python-with", "1:1: got with, want primary expression"],
  ["@dec\ndef f(): pass\n", "1:1 python-decorator", "1:1: unexpected input character '@'"],
  ["def f():\n    yield 1\n", "2:5 python-yield", "2:5: got yield, want primary expression"],
  ["async def f(): pass\n", "1:1 python-async", "1:1: got async, want primary expression"],
  ["raise Foo('x')\n", "1:1 python-raise", "1:1: got raise, want primary expression"],
  ["assert x == 1\n", "1:1 python-assert", "1:9: got identifier, want newline"],
  ["del a[1]\n", "1:1 python-del", "1:1: got del, want primary expression"],
  ["global x\n", "1:1 python-global", "1:1: got global, want primary expression"],
  ["if (x := 1): pass\n", "1:7 python-walrus", "1:8: got ':', want ')'"],
  ["def f(a: int, b: str = 'x'):\n    return a\n", "1:8 python-annotation", "1:9: got ':', want ')'"],
  ["def f() -> int:\n    return a\n", "1:9 python-annotation", "1:10: got '-', want ':'"],
  ["x: int = 3\n", "1:2 python-annotation", "1:3: got ':', want newline"],
  ["a < b < c\n", "1:7 python-chained-comparison", "1:8: < does not associate with < (use parens)"],
  [
    "a not in b not in c\n",
    "1:16 python-chained-comparison",
    "1:18: not in does not associate with not in (use parens)",
  ],
  ["a, *b = c\n", "1:4 python-star-target", "1:4: got '*', want primary expression"],
  ["f(x for x in y)\n", "1:5 python-generator", "1:8: got for, want ','"],
  [`${"(".repeat(100) + ")".repeat(100)}\n`, "1:77 too-deep", "1:78: excessive nesting"],
];

describe("syntax diagnostics", () => {
  let parser: Parser;
  before(async () => {
    parser = await makeParser();
  });

  for (const [text, found, reference] of rows) {
    it(`${JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)}: ${found}`, () => {
      const { diagnostics } = parser.parse(text);
      const places = diagnostics.map(({ span, code }) => `${placeOf(text, span.start)} ${code.replace("syntax/", "")}`);
      assert.equal(places.join(", "), found);
      const said = diagnostics[0]?.reference;
      assert.ok(said);
      assert.equal(`${placeOf(text, said.offset)}: ${said.message}`, reference);
    });
  }

  it("have codes from the table and messages that are sentences", () => {
    for (const [text] of rows) {
      for (const { code, message, span } of parser.parse(text).diagnostics) {
        assert.ok(Object.hasOwn(syntaxCodes, code), code);
        assert.match(message, /[.…]$/, message);
        assert.ok(span.start <= span.end && span.end <= text.length, text);
      }
    }
  });

  it("mend the text by their first fix, or at least change what is wrong", () => {
    for (const [text, , reference] of rows) {
      const fix = parser.parse(text).diagnostics[0]?.fixes?.[0];
      if (fix === undefined) continue;
      const mended = apply(text, fix.edits);
      const after = parser.parse(mended).diagnostics[0]?.reference;
      const still = after === undefined ? "" : `${placeOf(mended, after.offset)}: ${after.message}`;
      assert.notEqual(still, reference, `${fix.title}: ${JSON.stringify(mended)}`);
    }
  });

  it("show where a bracket was opened, and close all that are open", () => {
    const text = "foo(bar([1, 2\nx = 1\n";
    const [diagnostic, ...others] = parser.parse(text).diagnostics;
    assert.equal(others.length, 0);
    assert.deepEqual(diagnostic?.related?.[0], { span: { start: 8, end: 9 }, message: "`[` opened here" });
    assert.deepEqual(diagnostic?.fixes?.[0]?.edits, [{ span: { start: 13, end: 13 }, text: "]))" }]);
  });

  it("close a string before the brackets and the comma that it swallowed", () => {
    for (const [text, mended] of [
      ["f(g('abc))\n", "f(g('abc'))\n"],
      ["f(\n    name='abc,\n    x=1,\n)\n", "f(\n    name='abc',\n    x=1,\n)\n"],
      ["x = 'a)\n", "x = 'a)'\n"],
    ] as const) {
      const fix = parser.parse(text).diagnostics[0]?.fixes?.[0];
      assert.equal(apply(text, fix?.edits ?? []), mended);
    }
  });

  it("say of the public sample that a comma is missing, and nothing else", () => {
    const text = readFileSync(join(__dirname, "fixtures/missing-comma.ocu.star"), "utf8");
    const [diagnostic, ...others] = parser.parse(text).diagnostics;
    assert.equal(others.length, 0);
    assert.ok(diagnostic);
    const line = text.split("\n").findIndex((each) => each.includes('name="build"')) + 1;
    assert.equal(placeOf(text, diagnostic.span.start).split(":")[0], String(line));
    assert.equal(diagnostic.code, "syntax/missing-comma");
    assert.match(diagnostic.message, /comma is missing/);
    const mended = apply(text, diagnostic.fixes?.[0]?.edits ?? []);
    assert.ok(mended.includes('name="build",\n'));
    assert.deepEqual(parser.parse(mended).diagnostics, []);
  });

  it("are one for each damage, in the order of the file", () => {
    const text = "a = (1,\nb = 2\ndef f(:\n    return [1 2]\nc = 'x\nd = 3\ne = )\n";
    const lines = parser.parse(text).diagnostics.map(({ span }) => placeOf(text, span.start).split(":")[0]);
    assert.deepEqual(lines, ["1", "3", "4", "5", "7"]);
  });

  it("refuse a byte order mark, as the Go implementation does, and offer to remove it", () => {
    const [diagnostic, ...others] = parser.parse("\ufeffx = 1\n").diagnostics;
    assert.deepEqual(others, []);
    assert.deepEqual(diagnostic?.reference, { message: "unexpected input character '\\ufeff'", offset: 0 });
    assert.deepEqual(diagnostic?.fixes?.[0]?.edits, [{ span: { start: 0, end: 1 }, text: "" }]);
  });

  it("give first what the Go implementation gives, wherever the tree is damaged", () => {
    const cases: [string, number, string][] = [
      ["x = []\ndef f():\n= [1]\n", 17, "got '=', want indent"],
      ["call(build, name(1)\n    return done()\n", 30, "got return, want ','"],
      ["x = 1 + (\n    2\n  break\n", 23, "got break, want ')'"],
      ["return def f():\n  pass\ny = g(f()1\n", 7, "got def, want primary expression"],
      ["y = x[1:2 3]\n", 11, "got int literal, want ']'"],
      ["\\\n in x\n", 3, "got in, want primary expression"],
    ];
    for (const [text, offset, message] of cases) {
      assert.deepEqual(parser.parse(text).diagnostics[0]?.reference, { message, offset }, text);
    }
  });

  it("find nothing in correct text", () => {
    for (const text of [
      "",
      "\n\n",
      "x = 1",
      "def f(\na, b=1): pass\n",
      "def f(\n**\nk): pass\n",
      "(x.\ny)\n",
      "x = 1\0)",
      "'\0'\n",
      "if x:\r\n\ty()\r\n",
      "f(\na\n)\n",
      "# \\",
    ]) {
      assert.deepEqual(parser.parse(text).diagnostics, [], JSON.stringify(text));
    }
  });
});

function apply(
  text: string,
  edits: readonly { readonly span: { start: number; end: number }; readonly text: string }[],
): string {
  let out = text;
  for (const { span, text: inserted } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    out = out.slice(0, span.start) + inserted + out.slice(span.end);
  }
  return out;
}
