import assert from "node:assert/strict";
import { join } from "node:path";
import type { Parser } from "@ocuroot/starlark";
import { torture } from "../torture/run.ts";
import { fixtures, loadParser } from "./harness.ts";

const folder = join(fixtures, "repos/shop");
const paths = ["backend/release.ocu.star", "lib/environments.star", "repo.ocu.star"];

/** A parser whose documents miss every twentieth batch of edits. */
function forgetful(parser: Parser): Parser {
  let batches = 0;
  return {
    parse: (text) => parser.parse(text),
    open: (text) => {
      const document = parser.open(text);
      return new Proxy(document, {
        get: (target, key) => {
          if (key === "edit") return (changes: []) => (++batches % 20 === 0 ? undefined : target.edit(changes));
          const value = Reflect.get(target, key, target) as unknown;
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

// `npm run torture` does the same with more seeds and edits.
describe("random edits", () => {
  for (const seed of [1, 2, 3]) {
    it(`leave the server with what a fresh open gives it (seed ${seed})`, async function () {
      this.timeout(60_000);
      const result = await torture({ parser: await loadParser(), folder, paths, seed, edits: 100, limit: 1 });
      assert.deepEqual(result.differences, []);
      assert.ok(result.compared > 0);
    });
  }

  it("show a tree that has missed an edit", async function () {
    this.timeout(60_000);
    const parser = forgetful(await loadParser());
    const { differences } = await torture({ parser, folder, paths, seed: 4, edits: 200, limit: 1 });
    assert.notEqual(differences.length, 0);
  });
});
