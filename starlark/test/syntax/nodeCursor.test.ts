/** Lowering asks the runtime directly; the library's own cursor, which is used where that cannot be, gives the same. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Chance } from "../../fuzz/chance.ts";
import { damaged, randomText, readSamples } from "../../fuzz/texts.ts";
import { Document } from "../../src/syntax/document.ts";
import { createTreeParser } from "../../src/syntax/parser.ts";
import { makeParser, plain, sample } from "./support.ts";

describe("cursors", () => {
  const grammar = readFileSync(join(__dirname, "../../../grammars/tree-sitter-starlark.wasm"));

  it("agree, whatever the text", async () => {
    const parser = await makeParser();
    const treeParser = createTreeParser(grammar);
    const samples = readSamples();
    const texts = [sample, ...Array.from({ length: 20 }, (_, seed) => damaged(sample, new Chance(seed)))];
    for (let seed = 0; seed < 200; seed++) texts.push(randomText(samples, new Chance(seed)));
    for (const text of texts) {
      const document = new Document(treeParser, text, undefined);
      assert.deepEqual(plain(document.syntax), plain(parser.parse(text)), JSON.stringify(text));
      document.dispose();
    }
    treeParser.delete();
  });

  it("agree after edits", async () => {
    const parser = await makeParser();
    const treeParser = createTreeParser(grammar);
    const document = new Document(treeParser, sample, undefined);
    const other = parser.open(sample);
    const chance = new Chance(1);
    for (let edit = 0; edit < 60; edit++) {
      const start = chance.below(other.text.length);
      const change = { span: { start, end: start + chance.below(3) }, text: chance.of(["", "(", '"', "x", "\n", ":"]) };
      document.edit([change]);
      other.edit([change]);
      assert.deepEqual(plain(document.syntax), plain(other.syntax), JSON.stringify(change));
    }
    document.dispose();
    other.dispose();
    treeParser.delete();
  });
});
