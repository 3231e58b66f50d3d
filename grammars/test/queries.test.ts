/** Every query compiles against the grammar, and finds what it is for. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folder, loadLanguage, makeParser, treeSitter } from "./language.ts";

const source = `load("a.star", b="c")

LIMIT = 10

def f(x, *args):
    """Doc."""
    # why
    for y in args:
        host.shell("echo {}".format(y), mute=True)
    shell(command="ls | wc -l")
    return [len(z) for z in x if z not in LIMIT] + [None]
`;

/** Captures as `name text`, in the order of the text. */
async function captures(name: string): Promise<string[]> {
  const parser = await makeParser();
  const tree = parser.parse(source);
  assert.ok(tree);
  const query = new treeSitter.Query(
    await loadLanguage(),
    readFileSync(join(folder, "queries", `${name}.scm`), "utf8"),
  );
  const found = query.captures(tree.rootNode).map((capture) => `${capture.name} ${capture.node.text}`);
  query.delete();
  tree.delete();
  return found;
}

describe("queries", () => {
  for (const file of readdirSync(join(folder, "queries"))) {
    it(`${file} compiles`, async () => {
      const query = new treeSitter.Query(await loadLanguage(), readFileSync(join(folder, "queries", file), "utf8"));
      assert.ok(query.patternCount() > 0);
      query.delete();
    });
  }

  it("highlight names by what they are", async () => {
    const found = await captures("highlights");
    for (const expected of [
      "function f",
      "variable.parameter args",
      "function.method.call shell",
      "function.builtin len",
      "constant LIMIT",
      "constant.builtin None",
      'string.documentation """Doc."""',
      "keyword.import load",
      "comment # why",
      "property shell",
    ]) {
      assert.ok(found.includes(expected), expected);
    }
  });

  it("find definitions", async () => {
    const found = (await captures("locals")).filter((each) => each.startsWith("local.definition"));
    assert.deepEqual(found, [
      "local.definition.import b",
      "local.definition.var LIMIT",
      "local.definition.function f",
      "local.definition.parameter x",
      "local.definition.parameter args",
      "local.definition.var y",
      "local.definition.var z",
    ]);
  });

  it("inject shell text", async () => {
    const found = (await captures("injections")).filter((each) => each.startsWith("injection.content"));
    assert.deepEqual(found, ["injection.content # why", "injection.content echo {}", "injection.content ls | wc -l"]);
  });

  it("fold statements, brackets and runs of comments", async () => {
    const found = await captures("folds");
    assert.ok(found.some((each) => each.startsWith("fold def f")));
    assert.ok(found.some((each) => each.startsWith("fold [len(z)")));
  });
});
