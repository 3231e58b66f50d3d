import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Parser } from "@ocuroot/starlark";
import { SourceFile } from "@ocuroot/starlark";
import fc from "fast-check";
import type { TextEdit } from "vscode-languageserver-types";
import type { FileView } from "../../src/analysis/snapshot.ts";
import { doFormat } from "../../src/features/formatting.ts";
import { doFormatOnType } from "../../src/features/onTypeFormatting.ts";
import { doFormatRange } from "../../src/features/rangeFormatting.ts";
import { formatFile } from "../../src/format/formatFile.ts";
import { readTokens } from "../../src/format/tokens.ts";
import { offsetAt, rangeOf } from "../../src/text/convert.ts";
import { LazyFileView } from "../../src/workspace/fileView.ts";
import { loadParser, openMarked, root } from "../harness.ts";

function view(parser: Parser, text: string): FileView {
  const source = new SourceFile("file:///test.star", text);
  const syntax = parser.parse(text);
  return new LazyFileView({
    uri: source.name,
    version: null,
    source,
    path: undefined,
    repository: undefined,
    parse: () => syntax,
  });
}

function format(parser: Parser, text: string): string {
  let result = "";
  let done = 0;
  for (const { span, text: replacement } of formatFile(view(parser, text))) {
    assert.ok(span.start >= done && span.end >= span.start, "edits in order");
    result += text.slice(done, span.start) + replacement;
    done = span.end;
  }
  return result + text.slice(done);
}

const places = new Set([
  "chunk",
  "start",
  "end",
  "at",
  "rparen",
  "errorAt",
  "parametersEnd",
  "contentStart",
  "contentEnd",
  "quote",
]);

/** What a text means: its tree without places, and its comments. */
function meaning(parser: Parser, text: string): string {
  const { module, diagnostics } = parser.parse(text);
  const strip = (key: string, value: unknown): unknown =>
    typeof value === "bigint" ? `${value}n` : places.has(key) ? undefined : value;
  const comments = module.comments.map((each) => each.text.trimEnd());
  return JSON.stringify([module.statements, comments, diagnostics.map((each) => each.code)], strip);
}

function check(parser: Parser, text: string): string {
  const once = format(parser, text);
  assert.ok(meaning(parser, once) === meaning(parser, text), `changed its meaning:\n${text}\n--- formatted:\n${once}`);
  const twice = format(parser, once);
  assert.ok(twice === once, `not stable:\n${once}\n--- second time:\n${twice}`);
  return once;
}

function samples(): string[] {
  return ["test-fixtures", "starlark/test"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".star"))
      .map((path) => join(folder, path)),
  );
}

function applyEdits(source: SourceFile, edits: readonly TextEdit[]): string {
  let result = source.text;
  for (const { range, newText } of [...edits].reverse()) {
    result = result.slice(0, offsetAt(source, range.start)) + newText + result.slice(offsetAt(source, range.end));
  }
  return result;
}

describe("formatting", () => {
  let parser: Parser;
  before(async () => {
    parser = await loadParser();
  });

  const cases: readonly (readonly [string, string, string])[] = [
    [
      "puts blanks around operators, none inside of brackets",
      "x=1+ 2*-3 ; y = a [1 : 2]\nz = f( a,b = 1,*c,** d )\nl = lambda x,y = 1 : not(x)\n",
      "x = 1 + 2 * -3\ny = a[1:2]\nz = f(a, b = 1, *c, **d)\nl = lambda x, y = 1: not (x)\n",
    ],
    [
      "keeps brackets on a line, or gives each element one",
      "f(a,\n b)\ng([\n  1])\nh = {\n'a':1 }\ni = (1,)\nj = f(1,)\nk = [\n]\n",
      'f(\n    a,\n    b,\n)\ng([\n    1,\n])\nh = {\n    "a": 1,\n}\ni = (1,)\nj = f(1)\nk = []\n',
    ],
    ["lays comprehensions out by clause", "x = [a for a in b\n if a]\n", "x = [\n    a\n    for a in b\n    if a\n]\n"],
    [
      "keeps line breaks at operators, behind them",
      'x = ("a"\n + "b"\n   +"c")\n',
      'x = ("a" +\n     "b" +\n     "c")\n',
    ],
    [
      "keeps comments where they belong",
      "f( # head\n  # lead\n  a, # trail\n  b\n  # end\n)\n#top\nif x: # why\n    pass\n    # in\n# out\nelse:\n    pass\n",
      "f(  # head\n    # lead\n    a,  # trail\n    b,\n    # end\n)\n#top\nif x:  # why\n    pass\n    # in\n# out\nelse:\n    pass\n",
    ],
    [
      "indents what goes on behind a comment within an element",
      "def f():\n  x = [\n    [a + # why\n    b,\n    c. # dot\n    d]]\n",
      "def f():\n    x = [\n        [\n            a +  # why\n                b,\n            c.  # dot\n                d,\n        ],\n    ]\n",
    ],
    [
      "keeps an empty line between elements, but not for a comma that stood alone",
      "x = [\n  a,\n\n\n  b\n  ,\n  c,\n]\n",
      "x = [\n    a,\n\n    b,\n    c,\n]\n",
    ],
    [
      "sets definitions and loads apart, and keeps one empty line",
      'load("a.star", "b")\nx = 1\n\n\n\ny = 2\n# about f\ndef f(): return 1\nz = 3',
      'load("a.star", "b")\n\nx = 1\n\ny = 2\n\n# about f\ndef f():\n    return 1\n\nz = 3\n',
    ],
    [
      "indents the parameters of a definition twice",
      "def f(\n a,\n b,\n):\n  pass\n",
      "def f(\n        a,\n        b):\n    pass\n",
    ],
    [
      "prefers double quotes",
      "x = 'a' + 'say \"b\"' + r'c\\d' + '\\''\n",
      "x = \"a\" + 'say \"b\"' + r'c\\d' + '\\''\n",
    ],
    [
      "keeps line ends and the byte order mark",
      "\uFEFFx=1\r\ny = [\r\n1]\r\n",
      "\uFEFFx = 1\r\ny = [\r\n    1,\r\n]\r\n",
    ],
    ["joins lines that a backslash splits", "x = a if b else \\\n  c\n", "x = a if b else c\n"],
    ["leaves damaged statements as they are", "x=1\ny  = = 2  # c\nz=3\n", "x = 1\ny  = = 2  # c\nz = 3\n"],
    ["leaves an empty file empty", "", ""],
    ["removes blank lines at the ends", "\n\n# only\n\n\n", "# only\n"],
  ];
  for (const [name, before, after] of cases) {
    it(name, () => assert.equal(check(parser, before), after));
  }

  for (const path of samples()) {
    it(`keeps the meaning of ${path}`, () => {
      check(parser, readFileSync(join(root, path), "utf8"));
    });
  }

  it("keeps the meaning whatever the layout was", () => {
    const texts = samples()
      .filter((path) => /repos|lang/.test(path))
      .flatMap((path) => readFileSync(join(root, path), "utf8").split(/^---$/m))
      .filter((text) => parser.parse(text).diagnostics.length === 0);
    const gaps = [" ", "", "\n", "\n\n  ", "  # note\n", "\n# own\n   ", "\t"];
    const change = fc.record({ at: fc.nat(), gap: fc.nat(gaps.length - 1) });
    const property = fc.property(
      fc.nat(texts.length - 1),
      fc.array(change, { minLength: 1, maxLength: 8 }),
      (which, changes) => {
        const text = relayout(parser, texts[which] ?? "", changes, gaps);
        if (text !== undefined) check(parser, text);
      },
    );
    fc.assert(property, { numRuns: 400 });
  });

  it("survives damage", () => {
    const texts = samples().map((path) => readFileSync(join(root, path), "utf8"));
    const property = fc.property(fc.nat(texts.length - 1), fc.nat(), fc.nat(12), (which, at, length) => {
      const text = texts[which] ?? "";
      const from = at % Math.max(1, text.length);
      const damaged = text.slice(0, from) + text.slice(from + length);
      assert.equal(words(format(parser, damaged)), words(damaged));
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("formats the statements of a range as a whole", async () => {
    const { snapshot } = await openMarked("a=1\nf(x,\n y)\nb=2\n");
    const { source } = snapshot.file;
    const edits = doFormatRange(snapshot, rangeOf(source, { start: 7, end: 8 }));
    assert.equal(applyEdits(source, edits), "a=1\nf(\n    x,\n    y,\n)\nb=2\n");
    assert.equal(applyEdits(source, doFormat(snapshot)), "a = 1\nf(\n    x,\n    y,\n)\nb = 2\n");
  });

  const typed: readonly (readonly [string, string, string, string])[] = [
    ["the statement that a bracket closes", ")", "a=1\nx=f( 1 )$0\n", "a=1\nx = f(1)\n"],
    ["nothing while brackets are open", ")", "x=f( g( 1 )$0 )\n", "x=f( g( 1 ) )\n"],
    ["the statement before a line break", "\n", "def f():\n    x=1\n    $0\n", "def f():\n    x = 1\n    \n"],
    ["nothing at a line break in brackets", "\n", "x=f(\n$0)\n", "x=f(\n)\n"],
    ["nothing in a block that is indented otherwise", ")", "def f():\n  x=f( )$0\n", "def f():\n  x=f( )\n"],
  ];
  for (const [name, char, text, expected] of typed) {
    it(`formats as it is typed: ${name}`, async () => {
      const { snapshot, marked } = await openMarked(text);
      assert.equal(applyEdits(snapshot.file.source, doFormatOnType(snapshot, marked.cursor, char)), expected);
    });
  }
});

/** What formatting may not touch, of any text. */
function words(text: string): string {
  return text.replace(/[\s,;\\'"]/g, "");
}

/** Replaces gaps between tokens that stand in brackets. Undefined when the result is no longer the same program. */
function relayout(
  parser: Parser,
  text: string,
  changes: readonly { readonly at: number; readonly gap: number }[],
  gaps: readonly string[],
): string | undefined {
  const file = view(parser, text);
  const tokens = readTokens(file.source, file.module, file.module.statements) ?? [];
  let depth = 0;
  const inside = tokens.flatMap((token, index) => {
    if (token.kind === "operator" && /[([{]/.test(token.text)) depth++;
    if (token.kind === "operator" && /[)\]}]/.test(token.text)) depth--;
    const next = tokens[index + 1];
    return depth > 0 && next !== undefined && token.kind !== "comment" ? [{ start: token.end, end: next.start }] : [];
  });
  if (inside.length === 0) return undefined;
  const chosen = new Map(changes.map(({ at, gap }) => [at % inside.length, gaps[gap] ?? ""]));
  let result = text;
  for (const [index, gap] of [...chosen].sort(([a], [b]) => b - a)) {
    const span = inside[index];
    if (span !== undefined) result = result.slice(0, span.start) + gap + result.slice(span.end);
  }
  return parser.parse(result).diagnostics.length === 0 ? result : undefined;
}
