/** What an edit damages is read anew, and little else; what comes of it is what a fresh reading gives. */
import assert from "node:assert/strict";
import { Parser as TreeParser } from "web-tree-sitter";
import { Chance } from "../../fuzz/chance.ts";
import { damaged, randomChange, readSamples } from "../../fuzz/texts.ts";
import { difference } from "../../fuzz/trees.ts";
import type { Parser } from "../../src/syntax/index.ts";
import { makeParser } from "./support.ts";

describe("damaging edits of a long text", () => {
  let parser: Parser;
  before(async () => {
    parser = await makeParser();
  });

  it("give what reading it anew gives", function () {
    this.timeout(120_000);
    const samples = readSamples();
    for (let seed = 0; seed < 60; seed++) {
      const chance = new Chance(seed);
      const pieces = Array.from({ length: 4 + chance.below(8) }, () => chance.of(samples));
      const document = parser.open(
        pieces.map((each) => (chance.below(12) === 0 ? damaged(each, chance) : each)).join("\n"),
      );
      for (let edit = 0; edit < 6; edit++) {
        const change = randomChange(document.text, chance);
        document.edit([change]);
        const found = difference(document.syntax, parser.parse(document.text));
        assert.equal(found, undefined, `seed ${seed}: ${JSON.stringify(change)}`);
      }
      document.dispose();
    }
  });

  const losses: readonly (readonly [what: string, place: string])[] = [
    ["an opening bracket", "(c)"],
    ["a closing bracket", ")\n    d"],
    ["a bracket in a bracket", "]])"],
    ["a colon", ":\n    c"],
  ];
  for (const [what, place] of losses) {
    it(`read a small part of it when ${what} is lost in the middle`, () => {
      const one = (index: number): string =>
        `def f${index}(a, b):\n    c = a + b\n    g(c)\n    d = [x for x in b if x]\n    return d\n\nf${index}(\n    a,\n    [[${index}]])\n\n`;
      const text = Array.from({ length: 200 }, (_, index) => one(index)).join("");
      const document = parser.open(text);
      const at = text.indexOf(place, text.indexOf("def f100("));
      const read = countTokens(() => document.edit([{ span: { start: at, end: at + 1 }, text: "" }]));
      assert.notDeepEqual(document.syntax.diagnostics, []);
      const all = countTokens(() => assert.equal(difference(document.syntax, parser.parse(document.text)), undefined));
      assert.ok(all > 5_000 && read < all / 8, `${read} of ${all} tokens were read`);
      document.dispose();
    });
  }
});

/** How many tokens the parser reads from text while something is done. */
function countTokens(action: () => void): number {
  const { parse } = TreeParser.prototype;
  let count = 0;
  TreeParser.prototype.parse = function (this: TreeParser, ...given) {
    this.setLogger((message) => {
      if (message.startsWith("lexed_lookahead")) count++;
    });
    const tree = parse.apply(this, given);
    this.setLogger(null);
    return tree;
  };
  try {
    action();
  } finally {
    TreeParser.prototype.parse = parse;
  }
  return count;
}
