/** However its lines end, a text has the same tree. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Parser } from "../../src/syntax/index.ts";
import { makeParser, plain, sample } from "./support.ts";

const folder = join(__dirname, "../../../test-fixtures/lang");

/** The tree without what is written differently: line ends in strings. */
function show(parser: Parser, text: string): string {
  const { module, diagnostics } = parser.parse(text);
  return JSON.stringify([plain(module), diagnostics])
    .replaceAll("\\r", "\\n")
    .replace(/"hasEscapes":\w+/g, "");
}

describe("line ends", () => {
  let parser: Parser;
  before(async () => {
    parser = await makeParser();
  });

  it("may be a carriage return alone, with indentation behind it", () => {
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\\\n", "  "));
    for (const text of [sample, ...texts]) {
      const isSame = show(parser, text.replaceAll("\n", "\r")) === show(parser, text);
      assert.ok(isSame, text.slice(0, 60));
    }
  });

  it("may be mixed", () => {
    const text = "def f(x):\r  if x:\n    return 1\r  elif 2:\r\n    y = [\r1]\r    # end\r\r  return 2\rf(1)\r";
    const { module, diagnostics } = parser.parse(text);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(
      module.statements.map(({ kind }) => kind),
      ["DefStatement", "ExpressionStatement"],
    );
  });

  it("are followed by an edit of the indentation behind them", () => {
    const document = parser.open("def f():\r  x = 1\r  y = 2\rz = 3\r");
    document.edit([{ span: { start: 17, end: 19 }, text: "" }]);
    assert.equal(document.text, "def f():\r  x = 1\ry = 2\rz = 3\r");
    assert.deepEqual(plain(document.syntax), plain(parser.parse(document.text)));
    assert.equal(document.syntax.module.statements.length, 3);
    document.dispose();
  });
});
