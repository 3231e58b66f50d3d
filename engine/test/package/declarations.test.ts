import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { EnvironmentModel, PackageModel } from "../../src/model/package.ts";
import { modelOf, openPackage } from "./helpers.ts";

const functions = "def f():\n    pass\ndef up(environment):\n    pass\ndef down(environment):\n    pass\n";

function outline({ phases }: PackageModel): string[] {
  return phases.map(({ name, work }) => {
    const items = work.map((each) => (each.kind === "task" ? each.name : `@${each.environment.name}`));
    return `${name}: ${items.join(" ")}`.trim();
  });
}

describe("declarations", () => {
  it("places nameless work where it stands among the phases", async () => {
    const source = `${functions}
task(f, "a")
later = task(f, "p1")
phase("one", work=[later, call(f, "p2")])
call(f, "b")
deploy(environment("x"), up, down)
phase("two", tasks=[deploy(environment("y"), up, down)])
task(f, "c")
`;
    const { evaluation } = await openPackage(source);
    assert.deepEqual(outline(modelOf(evaluation)), [": a", "one: p1 p2", ": b", ": @x", "two: @y", ": c"]);
  });

  it("keeps empty phases", async () => {
    const { evaluation } = await openPackage('phase("none")\nphase("list", [])\nphase("tuple", tasks=())');
    assert.deepEqual(outline(modelOf(evaluation)), ["none:", "list:", "tuple:"]);
  });

  it("follows modules that declare work, in the order of loading", async () => {
    const { evaluation } = await openPackage({
      "release.ocu.star": `load("a.star", "x")\ndef f():\n    pass\ntask(f, "main")\n`,
      "a.star": `def f():\n    pass\ntask(f, "module")\nx = 1\n`,
    });
    const model = modelOf(evaluation);
    assert.deepEqual(outline(model), [": module", ": main"]);
    assert.deepEqual(model.modules, ["a.star"]);
    assert.deepEqual(
      model.functions.map(({ ref }) => ref.pos),
      ["a.star:1:1", "release.ocu.star:2:1"],
    );
  });

  it("describes inputs of every form", async () => {
    const source = `
def f(ctx):
    pass
task(f, "a", annotation="why", inputs={
    "text": "é",
    "big": 1 << 70,
    "half": 0.5,
    "data": {"l": [1, (2, None)], "s": struct(a = 1)},
    "env": environment("x", {"a": "b"}),
    "only_ref": input(ref="./task/b#output/x"),
    "short": ref("@/custom/x"),
    "both": input(ref=ref("./@/task/b#output/n"), default=0),
    "none": input(ref="./@/task/b#output/n", default=None),
    "just_default": input(default=[]),
})
`;
    const { evaluation } = await openPackage(source);
    const [work] = modelOf(evaluation).phases[0]?.work ?? [];
    assert.deepEqual(work?.inputs, {
      text: { value: "é" },
      big: { value: 1n << 70n },
      half: { value: 0.5 },
      data: { value: { l: [1, [2, null]], s: { a: 1 } } },
      env: { value: { name: "x", attributes: { a: "b" } } },
      only_ref: { ref: "./task/b#output/x" },
      short: { ref: "@/custom/x" },
      both: { ref: "./@/task/b#output/n", default: 0, hasDefault: true },
      none: { ref: "./@/task/b#output/n", default: null, hasDefault: true },
      just_default: { default: [], hasDefault: true },
    });
    assert.equal(work?.kind === "task" && work.annotation, "why");
    assert.deepEqual(work?.position, { file: "release.ocu.star", line: 4, column: 5 });
  });

  it("takes inputs as they are when the work is declared", async () => {
    const source = `def f(ctx):\n    pass\nx = {"a": 1}\ntask(f, "t", inputs=x)\nx["b"] = 2\n`;
    const { evaluation } = await openPackage(source);
    assert.deepEqual(modelOf(evaluation).phases[0]?.work[0]?.inputs, { a: { value: 1 } });
  });

  it("tells dialects apart by the parameter's name", async () => {
    const source = `
def ctx_one(ctx):
    pass
def two(ctx, tag="x"):
    pass
def other(context=None):
    pass
task(ctx_one, "a", inputs={"tag": 1})
task(two, "b", inputs={"ctx": 1})
task(other, "c")
task(lambda ctx: done(), "d", inputs={"x": 1})
task(lambda **kwargs: done(), "e", inputs={"x": 1})
`;
    const { evaluation } = await openPackage(source);
    assert.deepEqual(
      modelOf(evaluation).functions.map(({ ref, dialect, parameters }) => [ref.name, dialect, parameters.length]),
      [
        ["ctx_one", "ctx", 1],
        ["two", "parameters", 2],
        ["other", "parameters", 1],
        ["lambda", "ctx", 1],
        ["lambda", "parameters", 0],
      ],
    );
  });

  it("gives environments sorted by name, as values that cannot be changed", async () => {
    const environments: EnvironmentModel[] = [
      { name: "b", attributes: { type: "prod" } },
      { name: "a", attributes: {} },
    ];
    const source = `
print([e.name for e in environments()], environments()[1].attributes["type"], environments()[1]["name"])
print("attributes" in environments()[0], environments()[0] == environment("a"), environment("a", {"k": "v"}))
print(environment_from_dict({"name": "x"}).attributes, environment_from_json('{"name": "y", "attributes": {"a": "b"}}')["attributes"])
environments()[0].attributes["x"] = "y"
`;
    const { evaluation, host } = await openPackage(source, { environments });
    assert.deepEqual(host.printed, [
      '["a", "b"] prod b',
      'True True environment(name = "a", attributes = {"k": "v"})',
      '{} {"a": "b"}',
    ]);
    assert.match(evaluation.problems[0]?.message ?? "", /frozen/);
  });

  it("does not leave out a file's version", async () => {
    const { evaluation } = await openPackage('ocuroot("0.3.x")\n');
    assert.equal(modelOf(evaluation).sdkVersion, "0.3.0");
  });
});
