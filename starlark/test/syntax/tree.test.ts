/** What the tree of correct text looks like: values of literals, places, and how deep and long chains are read. */
import assert from "node:assert/strict";
import type { Expression, Parser, Statement, StringLiteral } from "../../src/syntax/index.ts";
import { spanOf, stringOffsetMap } from "../../src/syntax/index.ts";
import { makeParser, sample } from "./support.ts";

describe("syntax tree", () => {
  let parser: Parser;
  before(async () => {
    parser = await makeParser();
  });

  function statements(text: string): readonly Statement[] {
    const { module, diagnostics } = parser.parse(text);
    assert.deepEqual(diagnostics, [], text);
    return module.statements;
  }

  function expression(text: string): Expression {
    const [statement] = statements(text);
    assert.equal(statement?.kind, "ExpressionStatement");
    return statement.expression;
  }

  function string(text: string): StringLiteral {
    const literal = expression(text);
    assert.equal(literal.kind, "StringLiteral");
    return literal;
  }

  it("reads the sample without a fault", () => assert.ok(statements(sample).length > 5));

  it("decodes strings to bytes", () => {
    const rows: readonly (readonly [string, string])[] = [
      ["'a'", "a"],
      ['"é"', "\xc3\xa9"],
      ["'😀'", "\xf0\x9f\x98\x80"],
      ["'\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'", "\x07\b\f\n\r\t\v\\'\""],
      ["'\\x41\\101\\0\\7'", "AA\0\x07"],
      ["'\\u00e9\\U0001F600'", "\xc3\xa9\xf0\x9f\x98\x80"],
      ["'a\\\nb'", "ab"],
      ["'''a\nb\r\nc\rd'''", "a\nb\nc\nd"],
      ["r'\\n\\''", "\\n\\'"],
      ["'''a''b'''", "a''b"],
      ['"""a"" \\""""', 'a"" "'],
    ];
    for (const [text, value] of rows) assert.equal(string(text).value, value, text);
    const bytes = expression("b'\\xff\\377\\u00e9é'");
    assert.equal(bytes.kind === "BytesLiteral" && bytes.value, "\xff\xff\xc3\xa9\xc3\xa9");
  });

  it("knows where a string's content is", () => {
    for (const [text, content] of [
      ["'ab'", "ab"],
      ['r"""a"b"""', 'a"b'],
      ["''", ""],
      ["''''''", ""],
    ] as const) {
      const { contentStart, contentEnd } = string(text);
      assert.equal(text.slice(contentStart, contentEnd), content);
    }
    assert.equal(string("'ab'").hasEscapes, false);
    assert.equal(string("'é'").hasEscapes, true);
    assert.equal(string("'\\n'").hasEscapes, true);
  });

  it("reads numbers exactly", () => {
    const rows: readonly (readonly [string, unknown])[] = [
      ["0", 0],
      ["00", 0],
      ["0x1F", 31],
      ["0o17", 15],
      ["0b101", 5],
      ["9007199254740991", 9007199254740991],
      ["9007199254740993", 9007199254740993n],
      ["0xffffffffffffffffff", 0xffffffffffffffffffn],
      ["1.5e3", 1500],
      ["1.", 1],
      [".5", 0.5],
      ["1e-2", 0.01],
      ["09.5", 9.5],
    ];
    for (const [text, value] of rows) {
      const literal = expression(text);
      assert.ok(literal.kind === "IntLiteral" || literal.kind === "FloatLiteral", text);
      assert.equal(literal.value, value, text);
    }
    assert.equal(expression("1.").kind, "FloatLiteral");
  });

  it("binds operators as Starlark does", () => {
    const rows: readonly (readonly [string, string])[] = [
      ["1 + 2 * 3 - 4", "((1+(2*3))-4)"],
      ["not a == b and c or d", "(((not (a==b)) and c) or d)"],
      ["-a.b + c", "((- a.b)+c)"],
      ["a | b ^ c & d << e + f", "(a|(b^(c&(d<<(e+f)))))"],
      ["a not in b", "(a not in b)"],
      ["a if b else c if d else e", "(b?a:(d?c:e))"],
    ];
    for (const [text, shape] of rows) assert.equal(show(expression(text)), shape, text);
  });

  it("gives operators, brackets and names their places", () => {
    const text = "x = a.b(c, *d, e=f)[1:2] + {g: h}\n";
    const [assign] = statements(text);
    assert.equal(assign?.kind, "AssignStatement");
    assert.equal(assign.at, text.indexOf("="));
    assert.equal(assign.value.kind, "BinaryExpression");
    assert.equal(assign.value.at, text.indexOf("+"));
    const slice = assign.value.left;
    assert.equal(slice.kind, "SliceExpression");
    assert.equal(slice.at, text.indexOf("["));
    const call = slice.object;
    assert.equal(call.kind, "CallExpression");
    assert.deepEqual([call.at, call.rparen], [text.indexOf("("), text.indexOf(")")]);
    assert.deepEqual(
      call.arguments.map(({ star, name }) => [star, name?.name]),
      [
        ["", undefined],
        ["*", undefined],
        ["", "e"],
      ],
    );
    const dict = assign.value.right;
    assert.equal(dict.kind === "DictExpression" && dict.entries[0]?.at, text.indexOf(":", 28));
  });

  it("ends a compound statement with its last statement", () => {
    const text = "def f():\n    if a:\n        b\n    else:\n        c  # comment\n\n# more\nx\n";
    const [def] = statements(text);
    assert.ok(def);
    const { start, end } = spanOf(def);
    assert.equal(text.slice(start, end), text.slice(0, text.indexOf("c  #") + 1));
  });

  it("nests elif", () => {
    const [statement] = statements("if a:\n  b\nelif c:\n  d\nelse:\n  e\n");
    assert.equal(statement?.kind, "IfStatement");
    const elif = statement.orElse?.[0];
    assert.equal(elif?.kind, "IfStatement");
    assert.ok(elif.isElif && elif.orElse?.length === 1);
  });

  it("collects comments", () => {
    const { comments } = parser.parse("# a\nx = [ # b\n  1, # c\n]\ndef f():\n  # d\n  pass\n# e").module;
    assert.deepEqual(comments.map(({ text }) => text).sort(), ["# a", "# b", "# c", "# d", "# e"]);
  });

  it("reads long chains", () => {
    for (const text of [
      `${"1+".repeat(5000)}1`,
      `a${".b".repeat(5000)}`,
      `f${"()".repeat(5000)}`,
      `a${"[0]".repeat(5000)}`,
    ]) {
      statements(text);
    }
    statements(`if x:\n  y\n${"elif x:\n  y\n".repeat(3000)}`);
  });

  it("refuses what is nested too deeply", () => {
    const chains = ["(", "[", "{1:", "f(", "not ", "-", "lambda: ", "x if y else "];
    for (const chain of chains) {
      const { diagnostics } = parser.parse(`${chain.repeat(10000)}1\n`);
      assert.equal(diagnostics[0]?.code, "syntax/too-deep", chain);
    }
    statements("(".repeat(70) + ")".repeat(70));
    parser.parse(Array.from({ length: 1500 }, (_, i) => `${" ".repeat(i)}if x:\n`).join(""));
  });

  it("maps offsets in strings with escapes", () => {
    const text = "x = 'a\\nb\\u00e9c'\n";
    const [assign] = statements(text);
    assert.equal(assign?.kind, "AssignStatement");
    const literal = assign.value as StringLiteral;
    const map = stringOffsetMap(literal, text);
    const sources = Array.from({ length: literal.value.length + 1 }, (_, offset) => map.toSource(offset));
    assert.deepEqual(sources, [5, 6, 8, 9, 9, 15, 16]);
    assert.equal(map.toValue(text.indexOf("c'")), literal.value.indexOf("c"));
    assert.equal(map.toValue(10), 3);
    assert.equal(map.toValue(1000), literal.value.length);
    const simple = stringOffsetMap(string("'abc'"), "'abc'");
    assert.deepEqual([simple.toSource(1), simple.toValue(2), simple.toSource(99)], [2, 1, 4]);
  });
});

function show(node: Expression): string {
  switch (node.kind) {
    case "Identifier":
      return node.name;
    case "IntLiteral":
      return String(node.value);
    case "DotExpression":
      return `${show(node.object)}.${node.name.name}`;
    case "UnaryExpression":
      return `(${node.operator} ${show(node.operand)})`;
    case "BinaryExpression": {
      const operator = /[a-z]/.test(node.operator) ? ` ${node.operator} ` : node.operator;
      return `(${show(node.left)}${operator}${show(node.right)})`;
    }
    case "ConditionalExpression":
      return `(${show(node.test)}?${show(node.thenValue)}:${show(node.elseValue)})`;
    default:
      return node.kind;
  }
}
