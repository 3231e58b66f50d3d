import assert from "node:assert/strict";
import * as fc from "fast-check";
import { describe, it } from "mocha";
import { compileClosure } from "../../src/package/compileClosure.ts";
import { RepositorySession } from "../../src/package/repository.ts";
import { PackageSession } from "../../src/package/session.ts";
import { PreviewHost } from "../../src/sdk/previewHost.ts";
import { sdkCatalog } from "../../src/sdk/versions.ts";
import { makeRepository, testParser } from "../package/helpers.ts";

const values = [
  ...[
    "None",
    "True",
    "0",
    "-1",
    "1 << 70",
    "0.5",
    'float("nan")',
    '""',
    '"a"',
    '"a/b"',
    '"./task/b#output/x"',
    '"\\xff"',
  ],
  ...["[]", '["a", "b"]', "[1, [2]]", "()", '("v1",)', "{}", '{"a": "b"}', '{"name": "x", "attributes": {"a": "b"}}'],
  ...["{1: 2}", '{"a": [1, {"b": None}]}', '{"a": f}', '{"tag": ref("./custom/x")}', '{"1a": 1}', "loop"],
  ...[
    "f",
    "up",
    "len",
    "lambda: None",
    "lambda ctx: done()",
    'environment("e")',
    "input(default=1)",
    'ref("@/custom/x")',
  ],
  ...["done()", "next(f)", "struct(a=1)", "host", 'task(f, "t")', "range(3)", 'b"x"', 'environment("e")["name"]'],
];
const prelude = `
def f():
    pass
def up(environment):
    pass
loop = {}
loop["l"] = [loop]
`;

describe("SDK functions, given anything", () => {
  const functions = [...sdkCatalog().entries.values()].flatMap((entry) =>
    entry.kind === "function" && entry.name !== "ocuroot" ? [entry] : [],
  );
  const call = fc.constantFrom(...functions).chain((fn) => {
    const names = [...fn.parameters.flatMap(({ name, aliases = [] }) => [name, ...aliases]), "other"];
    const value = fc.constantFrom(...values);
    const keyword = fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `${name}=${text}`);
    return fc
      .tuple(
        fc.array(value, { maxLength: 4 }),
        fc.uniqueArray(keyword, { maxLength: 4, selector: (text) => text.split("=")[0] }),
      )
      .map(([positional, keywords]) => `${fn.name}(${[...positional, ...keywords].join(", ")})`);
  });

  it("work, or fail with a reason that is not ours", async function () {
    this.timeout(60_000);
    const root = makeRepository({});
    const parser = await testParser();
    void fc.assert(
      fc.property(call, fc.boolean(), (expression, isRepository) => {
        const file = isRepository ? "repo.ocu.star" : "release.ocu.star";
        const text = `${prelude}x = ${expression}\n`;
        const closure = compileClosure({ parser, root, file, readText: () => text });
        const options = { closure, root, host: new PreviewHost({ root, isTrusted: true }) };
        const session = isRepository
          ? new RepositorySession({ ...options, source: text, variables: {} })
          : new PackageSession(options);
        const { model, problems } = session.evaluate();
        assert.equal(
          model === undefined,
          problems.some(({ severity }) => severity === "error"),
        );
        for (const { code, message, position } of problems) {
          assert.notEqual(code, "evaluation/internal", `${expression}: ${message}`);
          assert.doesNotMatch(message, /undefined|\[object|internal|Cannot read/, expression);
          assert.ok(position, expression);
        }
        structuredClone({ model, problems });
      }),
      { numRuns: 500 },
    );
  });
});
