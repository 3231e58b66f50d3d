import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diagnosticCases } from "./diagnosticCases.ts";
import { documentedCodes, findIn, renderPage, wholeText, withoutCase } from "./diagnosticPage.ts";
import { root } from "./harness.ts";

describe("each diagnostic", () => {
  for (const each of diagnosticCases) {
    it(`${each.code}: its wrong form gives it alone, its right form nothing, its fixes mend it`, async () => {
      const wrong = wholeText(each, each.wrong);
      const found = await findIn(each, wrong);
      assert.deepEqual(
        found.map(({ code }) => code),
        [each.code],
        found.map(({ message }) => message).join("\n"),
      );
      const right = await findIn(each, wholeText(each, each.right));
      assert.deepEqual(
        right.map(({ code, message }) => `${code} ${message}`),
        [],
      );
      for (const fix of found[0]?.fixes ?? []) {
        let text = wrong;
        for (const edit of [...fix.edits].sort((a, b) => b.span.start - a.span.start)) {
          text = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
        }
        const left = (await findIn(each, text)).filter(({ severity }) => severity === "error");
        const said = left.map(({ code, message }) => `${code} ${message}`);
        assert.deepEqual(said, [], `${fix.title} gives\n${text}`);
      }
    });
  }

  it("has a case", () => {
    const shown = new Set(diagnosticCases.map(({ code }) => code));
    const missing = documentedCodes().filter(({ code }) => !shown.has(code) && !withoutCase.includes(code));
    assert.deepEqual(missing, []);
    const known = new Set(documentedCodes().map(({ code }) => code));
    assert.deepEqual(
      [...shown].filter((code) => !known.has(code)),
      [],
    );
  });

  it("is on its page, as it is: `UPDATE_DOCS=1` writes the page anew", async () => {
    const path = join(root, "docs/diagnostics.md");
    const page = readFileSync(path, "utf8");
    const start = page.indexOf("| code |");
    const wanted = `${page.slice(0, start)}${await renderPage()}`;
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(path, wanted);
    assert.equal(process.env.UPDATE_DOCS === undefined ? page : wanted, wanted);
  });
});
