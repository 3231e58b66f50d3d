import assert from "node:assert/strict";
import { decodeString, indexInString, spanInString } from "../src/analysis/strings.ts";
import { openMarked } from "./harness.ts";

async function decode(literal: string) {
  const { snapshot } = await openMarked(`x = ${literal}\n`);
  const [node] = snapshot.file.facts.strings;
  assert.ok(node, literal);
  return { decoded: decodeString(snapshot.file.source, node), text: snapshot.file.source.text };
}

describe("the text of strings", () => {
  const values: readonly (readonly [literal: string, text: string])[] = [
    ['"a b"', "a b"],
    ["''", ""],
    ['"a\\tb\\\\c\\"d"', 'a\tb\\c"d'],
    ['r"a\\tb"', "a\\tb"],
    ['"\\x41\\u00e9\\U0001F680\\101"', "Aé🚀A"],
    ['"é🚀x"', "é🚀x"],
    ['"""a\r\nb"""', "a\nb"],
    ['"a\\\nb"', "ab"],
    // No escape of text: it stands for itself, and is reported.
    ['"\\xff"', "\\xff"],
  ];
  for (const [literal, text] of values) {
    it(`of ${JSON.stringify(literal)}`, async () => assert.equal((await decode(literal)).decoded.text, text));
  }

  it("leads back to the file, char by char", async () => {
    for (const literal of ['"plain"', '"a\\tb\\u00e9c"', '"é🚀x\\n"', '"""a\r\nb"""']) {
      const { decoded, text } = await decode(literal);
      const start = text.indexOf(literal) + (literal.startsWith('"""') ? 3 : 1);
      const end = text.indexOf(literal) + literal.length - (literal.startsWith('"""') ? 3 : 1);
      assert.deepEqual(spanInString(decoded, 0, decoded.text.length), { start, end }, literal);
      for (let index = 0; index < decoded.text.length; index++) {
        const span = spanInString(decoded, index, index + 1);
        const written = text.slice(span.start, span.end);
        const char = decoded.text[index] as string;
        assert.ok(written === char || /^\\|^\r\n$/.test(written), `${literal} ${index}: ${JSON.stringify(written)}`);
        assert.equal(indexInString(decoded, span.start), index, `${literal} ${index}`);
      }
    }
  });
});
