import assert from "node:assert/strict";
import { isUnfinished } from "../../src/syntax/unfinished.ts";

describe("unfinished input", () => {
  const finished = [
    "1\n",
    "x = {'a': 1}\n",
    "if x: pass\n",
    "f(a=1) # (\n",
    '"(" + "\\""\n',
    "'''a\nb'''\n",
    "lambda x: x\n",
    ")\n",
  ];
  const blocks = ["if x:\n    pass\n\n", "def f():\n  return {\n    1: 2}\n  \n", "x = {\n'a':\n1}\n"];
  const unfinished = [
    "f(\n",
    "x = [1,\n",
    "if x:\n",
    "if x: # why\n",
    "if x:\n  y\n",
    '"""a\n',
    "r'''\\'''\n",
    "1 + \\\n",
    "if x:\n\n  f(\n\n",
  ];
  for (const text of [...finished, ...blocks]) {
    it(`is finished: ${JSON.stringify(text)}`, () => assert.equal(isUnfinished(text), false));
  }
  for (const text of unfinished) {
    it(`goes on: ${JSON.stringify(text)}`, () => assert.equal(isUnfinished(text), true));
  }
});
