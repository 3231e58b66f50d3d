/** Damage stays where it is: the statements beside it keep their trees. */
import assert from "node:assert/strict";
import { measureRecovery } from "../../fuzz/recovery.ts";
import type { Parser } from "../../src/syntax/index.ts";
import { makeParser } from "./support.ts";

describe("recovery", () => {
  let parser: Parser;
  before(async () => {
    parser = await makeParser();
  });

  it("keeps 98 of 100 statements that random damage does not touch", () => {
    const { untouched, kept } = measureRecovery(parser, 400, 1);
    assert.ok(untouched > 3000, `${untouched}`);
    assert.ok(kept / untouched > 0.98, `${kept} of ${untouched}`);
  });

  it("ends a call that is not closed, however many calls follow", () => {
    const calls = Array.from({ length: 1000 }, (_, i) => `deploy(name = "d${i}", up = f)\n`).join("");
    for (const broken of ["call(a,\n", "x = call(\n", "x = [\n", "f(g(h(\n", "def f(a,\n", "x = {'a': 1,\n"]) {
      const { module, diagnostics } = parser.parse(broken + calls);
      const whole = module.statements.filter(({ kind }) => kind === "ExpressionStatement");
      assert.ok(whole.length >= 1000, `${broken}: ${whole.length}`);
      assert.equal(diagnostics.length, 1, broken);
    }
  });

  it("takes arguments in the first column for arguments, however many", () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `deploy(name = "d${i}"),\n`).join("");
    for (const text of [`x = [\n${lines}]\n`, `f(\n${lines}a = 1,\n)\n`, "def f(\na, b=1,\n*c,\n**d\n): pass\n"]) {
      const { module, diagnostics } = parser.parse(text);
      assert.deepEqual(diagnostics, []);
      assert.equal(module.statements.length, 1);
    }
  });
});
