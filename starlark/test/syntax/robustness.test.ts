/** Any text gives a tree; an edited document equals a fresh one; damage does not reach the statements beside it. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Parser, SyntaxResult } from "../../src/syntax/index.ts";
import { makeParser, plain, sample } from "./support.ts";

const fixtures = join(__dirname, "../../../test-fixtures");

/** Bits of text that edits insert: what opens, closes, separates or confuses. */
const bits = [
  ...[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "=",
    "\n",
    "\n    ",
    "\n\n",
    " ",
    "\t",
    "\\",
    "#",
    "'",
    '"',
    '"""',
    "'''",
  ],
  ...[
    "def f():\n",
    "if x:\n  y\n",
    "x",
    "1",
    "return",
    "load(",
    "not ",
    "lambda",
    " in ",
    ".",
    "*",
    "\r\n",
    "\r",
    "é",
    "😀",
    "r'",
    'b"',
  ],
  ...["\0", "\ufeff", "\ud800", "class A:\n", "pass\n", ";", "+=", "==", "\n  pass\n", "else:", "for x in y:\n"],
];

describe("robustness", () => {
  let parser: Parser;
  before(async () => {
    parser = await makeParser();
  });

  it("every prefix and every suffix of the sample can be read", () => {
    for (let length = 0; length <= sample.length; length += 11) {
      check(parser, sample.slice(0, length));
      check(parser, sample.slice(length));
    }
  });

  it("every fixture can be read, whole and broken off anywhere", () => {
    const files = readdirSync(fixtures, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".star"));
    assert.ok(files.length > 0);
    for (const file of files) {
      const text = readFileSync(join(fixtures, file), "utf8");
      const step = Math.max(1, Math.floor(text.length / 12));
      for (let length = text.length; length > 0; length -= step) check(parser, text.slice(0, length));
    }
  });

  it("typing the sample gives the same at every key as reading it anew", () => {
    const document = parser.open("");
    for (let at = 0; at < sample.length; at++) {
      document.edit([{ span: { start: at, end: at }, text: sample[at] as string }]);
      if (at % 9 !== 0) continue;
      const fresh = parser.parse(sample.slice(0, at + 1));
      assert.deepEqual(document.syntax.diagnostics, fresh.diagnostics);
      assert.deepEqual(plain(document.syntax.module), plain(fresh.module));
    }
    document.dispose();
  });

  it("any text can be read", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.array(fc.constantFrom(...bits), { maxLength: 40 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (each) => check(parser, each)),
      { numRuns: 300 },
    );
  });

  it("an edited document equals a fresh one", () => {
    const edit = fc.record({ at: fc.nat(), length: fc.nat(12), text: fc.constantFrom("", ...bits) });
    fc.assert(
      fc.property(
        fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        (batches) => {
          const document = parser.open(sample);
          try {
            for (const batch of batches) {
              let text = document.text;
              const changes = batch.map(({ at, length, text: inserted }) => {
                const start = at % (text.length + 1);
                const end = Math.min(text.length, start + length);
                text = text.slice(0, start) + inserted + text.slice(end);
                return { span: { start, end }, text: inserted };
              });
              document.edit(changes);
              assert.equal(document.text, text);
              const fresh = parser.parse(text);
              assert.deepEqual(document.syntax.diagnostics, fresh.diagnostics, text);
              assert.deepEqual(plain(document.syntax.module), plain(fresh.module), text);
            }
          } finally {
            document.dispose();
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("an edit keeps the nodes of the statements it does not touch", () => {
    const document = parser.open(sample);
    const before = document.syntax.module.statements;
    const at = sample.indexOf("number = ctx");
    document.edit([{ span: { start: at, end: at }, text: "long_" }]);
    const after = document.syntax.module.statements;
    assert.equal(after.length, before.length);
    const changed = after.filter((statement, i) => statement !== before[i]);
    assert.deepEqual(
      changed.map(({ kind }) => kind),
      ["DefStatement"],
    );
    assert.deepEqual(plain(document.syntax.module), plain(parser.parse(document.text).module));
    document.dispose();
  });

  it("damage leaves the other statements as they are", () => {
    const parts = [
      "a = f(1, x=[2])\n",
      "def g(x):\n    y = x\n    return y\n",
      "phase(\n    'p',\n    work=[a],\n)\n",
      "z = {1: 2}\n",
    ];
    const damaged = [
      ...[
        "b = f(1,\n",
        "b = [1, 2\n",
        "b = {'x':\n",
        "b = (\n",
        "b = 'abc\n",
        "b.\n",
        "b = f(g(h[1\n",
        "b = \n",
        "b = 1 +\n",
      ],
      ...[
        "def h(:\n    pass\n",
        "def h()\n    pass\n",
        "def h(a, b\n    return a\n",
        "def h():\n",
        "if b\n    c\n",
        "call(\n    1\n    2\n)\n",
      ],
      ...[
        "import os\n",
        "b = 1 is 2\n",
        "b)\n",
        "b = f(x for x in y)\n",
        "f(a b c)\n",
        'b = "\\q"\n',
        "b = 0777\n",
        "for b\n    c\n",
      ],
      ...[
        "b = [1, 2)\n",
        "load(a)\n",

        "b = {1, 2}\n",
        "print 'b'\n",
        "b = x if y\n",
        "b = lambda\n",
        "@b\n",
        "b = $\n",
      ],
    ];
    for (const each of damaged) {
      for (let at = 0; at <= parts.length; at++) {
        const text = [...parts.slice(0, at), each, ...parts.slice(at)].join("");
        const { module, diagnostics } = parser.parse(text);
        assert.ok(diagnostics.length > 0, each);
        const written = new Set(module.statements.map((statement) => JSON.stringify(plain(withoutPlace(statement)))));
        for (const part of parts) {
          const [statement] = parser.parse(part).module.statements;
          assert.ok(written.has(JSON.stringify(plain(withoutPlace(statement)))), JSON.stringify({ text, part }));
        }
      }
    }
  });

  it("finds damage also before a backslash at the end", () => {
    for (const text of ["\0\\", "x = 1\n\0\\", "x\0\\", "\\"]) check(parser, text);
  });

  it("does not keep what it read", () => {
    const document = parser.open(sample);
    for (let i = 0; i < 300; i++) {
      document.edit([{ span: { start: i % 50, end: i % 50 }, text: i % 2 === 0 ? "(" : "\n" }]);
      if (i % 20 === 19) document.edit([{ span: { start: 0, end: document.text.length }, text: sample }]);
    }
    assert.deepEqual(document.syntax.diagnostics, []);
    document.dispose();
  });
});

function check(parser: Parser, text: string): void {
  const { module, diagnostics }: SyntaxResult = parser.parse(text);
  const isDamaged = JSON.stringify(plain(module)).includes('"kind":"Error');
  assert.ok(!isDamaged || diagnostics.length > 0, `silent damage: ${JSON.stringify(text)}`);
  for (const { span, reference, fixes = [], related = [] } of diagnostics) {
    const spans = [
      span,
      ...related.map((each) => each.span),
      ...fixes.flatMap(({ edits }) => edits.map((edit) => edit.span)),
    ];
    for (const { start, end } of spans)
      assert.ok(start >= 0 && start <= end && end <= text.length, JSON.stringify(text));
    assert.ok(reference !== undefined && reference.offset <= text.length, JSON.stringify(text));
  }
}

/** The statement with its chunk at 0. */
function withoutPlace(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, each: unknown) => (key === "chunk" ? { offset: 0 } : each)));
}
