import assert from "node:assert/strict";
import { fitsForm, printForm } from "../src/insight/printForm.ts";
import { lineOf, PrintFinder } from "../src/insight/sourceLines.ts";
import { openMarked } from "./harness.ts";

async function formOf(call: string) {
  const { snapshot } = await openMarked(`def f(x, y):\n    ${call}\n$0`);
  const node = snapshot.file.facts.sdkCalls[0]?.node;
  assert.ok(node);
  return printForm(node);
}

describe("what a print call prints", () => {
  it("is its literals, with anything in between", async () => {
    const prints = async (call: string, line: string) => fitsForm((await formOf(call)) ?? [], line);
    assert.ok(await prints('print("Building it")', "Building it"));
    assert.ok(!(await prints('print("Building it")', "Building it now")));
    assert.ok(await prints('print("a {} b")', "a {} b"), "no hole without a format");
    assert.ok(await prints('print("tag", x)', "tag v1"));
    assert.ok(!(await prints('print("tag", x)', "tagv1")));
    assert.ok(await prints('print("Deploying {} to {}".format(x, y))', "Deploying v1 to eu"));
    assert.ok(await prints('print("Deploying %s to %d%%" % (x, y))', "Deploying v1 to 5%%"));
    assert.ok(!(await prints('print("Deploying {} to {}".format(x, y))', "Removing v1 from eu")));
    assert.ok(await prints('print("größer: " + x, y)', "größer: 5 6"));
    assert.ok(await prints('print("aba{}aba".format(x))', "abaaba"));
    assert.ok(!fitsForm(["aba", "aba"], "ababa"), "pieces do not share letters");
    assert.ok(fitsForm(["", "b", "b", ""], "abab") && !fitsForm(["", "b", "b", ""], "aba"));
  });

  it("is anything where the text tells next to nothing", async () => {
    for (const call of ["print(x)", 'print("-", x)', 'print("{}{}".format(x, y))']) {
      assert.equal(await formOf(call), undefined, call);
    }
  });

  it("leads from a line whose place is not recorded to the one call that fits", async () => {
    const text = 'def f(x):\n    print("one", x)\n    print("two", x)\n    print("two {}".format(x))\n$0';
    const { file } = (await openMarked(text)).snapshot;
    assert.ok(file.repository);
    const finder = new PrintFinder(file.repository, undefined);
    const found = finder.guessed("one 1", [file]);
    assert.deepEqual([found && lineOf(found.view, found.node), found?.certain], [1, false]);
    assert.equal(finder.guessed("two 1", [file]), undefined, "two calls fit");
    assert.equal(finder.guessed("three", [file]), undefined);
  });

  it("is compared with long lines at once", () => {
    const form = ["", ...new Array<string>(40).fill("a "), "END"];
    assert.ok(!fitsForm(form, "a ".repeat(100_000)));
    assert.ok(fitsForm(form, `${"a ".repeat(100_000)}END`));
  });
});
