import assert from "node:assert/strict";
import type { EnvironmentModel } from "@ocuroot/engine";
import type { StateView } from "../../src/analysis/stateView.ts";
import { getInlayHints } from "../../src/features/inlayHints.ts";
import { offsetAt } from "../../src/text/convert.ts";
import { openMarked } from "../harness.ts";

const environments: readonly EnvironmentModel[] = [
  { name: "eu", attributes: { type: "prod" } },
  { name: "us", attributes: { type: "prod", slow: "yes" } },
  { name: "test", attributes: { type: "staging" } },
];

async function hints(text: string, state: Partial<StateView>, values = false, files = {}): Promise<string[]> {
  const { snapshot } = await openMarked(text, { state, files });
  const { source } = snapshot.file;
  return getInlayHints(snapshot, { start: 0, end: source.text.length }, { values }).map(({ position, label }) => {
    const at = offsetAt(source, position);
    return `${source.text.slice(Math.max(0, at - 6), at)}|${label as string}`;
  });
}

describe("inlay hints", () => {
  const filters: readonly (readonly [string, string | undefined])[] = [
    ["", "3 environments"],
    [' if e.attributes["type"] == "prod"', "2 environments"],
    [' if e.attributes.get("slow", "no") != "yes" and e.attributes["type"] in ["prod"]', "1 environment"],
    [' if "slow" not in e.attributes if not (e.name == "eu")', "1 environment"],
    [' if e.name.startswith("e")', undefined],
    [" if e.name == chosen", "1 environment"],
    [' if e.name == "nowhere"', "no environments"],
    [" for x in [1, 2]", undefined],
  ];
  for (const [filter, expected] of filters) {
    it(`count environments${filter}`, async () => {
      const text = `chosen = "us"\nall = environments()\nx = [e for e in all${filter}]\n`;
      const found = await hints(text, { environments });
      assert.deepEqual(
        found.map((each) => each.split("|")[1]),
        expected === undefined ? [] : [expected],
      );
    });
  }

  it("count through helpers, sums and modules", async () => {
    const files = {
      "lib/envs.star": `def of_type(type, slow="no"):
    """Environments of a type."""
    return [e for e in environments() if e.attributes["type"] == type and e.attributes.get("slow", "no") == slow]

def everywhere():
    return of_type("prod") + of_type("staging") + of_type("prod", slow="yes")

def odd(names):
    if names:
        return []
    return environments()

def named(names):
    return [e for e in environments() if e.name in names]
`,
    };
    const count = async (iterable: string) => {
      const text = `load("lib/envs.star", "everywhere", "named", "odd", "of_type")\nx = [e.name for e in ${iterable}]\n`;
      return (await hints(text, { environments }, false, files)).map((each) => each.split("|")[1]);
    };
    assert.deepEqual(await count('of_type("prod")'), ["1 environment"]);
    assert.deepEqual(await count('of_type(slow="yes", type="prod")'), ["1 environment"]);
    assert.deepEqual(await count('of_type("staging", slow="yes")'), ["no environments"]);
    assert.deepEqual(await count("everywhere()"), ["3 environments"]);
    assert.deepEqual(await count('named(["eu", "us"])'), ["2 environments"]);
    assert.deepEqual(await count("odd([])"), [], "what a condition decides is not told");
    assert.deepEqual(await count("of_type(everywhere)"), [], "nor what is no constant");
    assert.deepEqual(await count("[e.name for e in environments()]"), ["3 environments"], "the inner one only");
  });

  it("count what files register while nothing is in state", async () => {
    const files = {
      "environments.ocu.star":
        'register_environment(environment("a", {"type": "prod"}))\nregister_environment(environment("b", {"type": "x"}))\n',
    };
    const text = 'x = [e for e in environments() if e.attributes["type"] == "prod"]\n';
    assert.deepEqual(await hints(text, { environments: [] }, false, files), ['"prod"|1 environment']);
    assert.deepEqual(await hints(text, {}), []);
  });

  it("show values of refs only when asked to", async () => {
    const text = 'x = input(ref="./@/task/build#output/tag")\n';
    const state: Partial<StateView> = { value: () => ({ value: "v12", release: "r3" }) };
    assert.deepEqual(await hints(text, state), []);
    assert.deepEqual(await hints(text, state, true), ['t/tag"|= v12']);
  });
});
