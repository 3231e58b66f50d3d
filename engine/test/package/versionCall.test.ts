import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { modelOf, openPackage, summary } from "./helpers.ts";

const place = "`ocuroot(...)` must stand alone at the top level of the file";
const argument = '`ocuroot(...)` takes exactly one string literal, such as "0.3.0"';
const unknown = (text: string) => `unknown SDK version "${text}"; the known version is 0.3.0`;

const wrong: readonly (readonly [string, readonly string[]])[] = [
  ['ocuroot("9.9.9")', [`sdk/unknown-version 1: ${unknown("9.9.9")}`]],
  ['ocuroot("")', [`sdk/unknown-version 1: ${unknown("")}`]],
  ["ocuroot()", [`sdk/version-place 1: ${argument}`]],
  ['ocuroot("0.3.0", "0.3.0")', [`sdk/version-place 1: ${argument}`]],
  ['ocuroot(version="0.3.0")', [`sdk/version-place 1: ${argument}`]],
  ['ocuroot("0.3" + ".0")', [`sdk/version-place 1: ${argument}`]],
  ['ocuroot(*["0.3.0"])', [`sdk/version-place 1: ${argument}`]],
  ["ocuroot(0.3)", [`sdk/version-place 1: ${argument}`]],
  [
    'ocuroot("0.3.0")\nocuroot("0.3.0")',
    ["sdk/version-place 2: `ocuroot(...)` can be called only once in a file [the first one is here: 1]"],
  ],
  ['x = ocuroot("0.3.0")', [`sdk/version-place 1: ${place}`]],
  ['[ocuroot("0.3.0")]', [`sdk/version-place 1: ${place}`]],
  ['def f():\n    ocuroot("0.3.0")', [`sdk/version-place 2: ${place}`]],
  ['f = ocuroot\nf("0.2.0")', [`sdk/unknown-version 2: ${unknown("0.2.0")}`]],
];

describe("ocuroot(...)", () => {
  for (const [source, expected] of wrong) {
    it(`refuses ${JSON.stringify(source)}`, async () => {
      const { evaluation } = await openPackage(source);
      assert.deepEqual(evaluation.problems.map(summary), expected);
      assert.equal(evaluation.model, undefined);
    });
  }

  for (const source of [
    "",
    'ocuroot("0.3.4")',
    'x = 1\nocuroot("~0.3")',
    "ocuroot('''0.3.0''')",
    'ocuroot(("0.3.0"))',
  ]) {
    it(`accepts ${JSON.stringify(source)}`, async () => {
      const { evaluation } = await openPackage(source);
      assert.equal(modelOf(evaluation).sdkVersion, "0.3.0");
    });
  }
});
