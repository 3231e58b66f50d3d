import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RememberingParser } from "../src/preview/rememberingParser.ts";
import { randomEdit } from "../torture/edits.ts";
import { Random } from "../torture/random.ts";
import { fixtures, loadParser } from "./harness.ts";

describe("the parser of the preview's thread", () => {
  it("reads each text as a fresh one does", async function () {
    this.timeout(30_000);
    const parser = await loadParser();
    const remembering = new RememberingParser(parser);
    const file = readFileSync(join(fixtures, "repos/shop/backend/release.ocu.star"), "utf8");
    const long = file.repeat(3);
    const random = new Random(7);
    let text = long;
    for (let edit = 0; edit < 40; edit++) {
      const { span, text: inserted } = randomEdit(random, text, [file, long]);
      text = text.slice(0, span.start) + inserted + text.slice(span.end);
      // Files that are loaded come in between.
      if (edit % 5 === 0) remembering.parse(`# other\n${long}`);
      assert.equal(JSON.stringify(remembering.parse(text)), JSON.stringify(parser.parse(text)));
    }
  });
});
