import assert from "node:assert/strict";
import { applyFix, diagnose, problems } from "./diagnosticsHelper.ts";

const build =
  'def build():\n    return done(outputs={"tag": "v1", "image": {"name": "a"}})\n\ntask(build, name="build")\n\ndef test(x):\n    return done(outputs={"n": x})\n\n';
const up = "def up(environment):\n    return done()\n\ndef down(environment):\n    return done()\n\n";

describe("inputs and the functions that get them", () => {
  it("in the parameter dialect", async () => {
    assert.deepEqual(
      await problems('def b(tag):\n    print(tag)\n\ntask(b, name="b", inputs={"tag": 1, "colour": 2})\n'),
      ['sdk/unknown-parameter "colour"'],
    );
    assert.deepEqual(await problems('def b(tag, n=1):\n    print(tag, n)\n\ntask(b, name="b")\n'), [
      "sdk/missing-input b",
    ]);
    assert.deepEqual(await problems('def b(**kwargs):\n    print(kwargs)\n\ntask(b, name="b", inputs={"x": 1})\n'), []);
    assert.deepEqual(
      await problems('def b(x, *, y):\n    print(x, y)\n\ntask(b, name="b", inputs={"x": 1, "y": 2})\n'),
      [],
    );
    const shared = `${up}shared = {"x": 1}\ndeploy(environment("a"), up, down, inputs=dict(shared, y=2))\n`;
    assert.deepEqual(await problems(shared), ['sdk/unknown-parameter "x"', "sdk/unknown-parameter y"]);
    assert.deepEqual(await problems('def f():\n    pass\n\ndeploy(environment("a"), f, f)\n'), [
      "sdk/unknown-parameter f",
      "sdk/unknown-parameter f",
    ]);
  });

  it("judges no inputs that are computed", async () => {
    const text =
      'def b(tag):\n    print(tag)\n\nnames = ["tag"]\ntask(b, name="b", inputs={n: 1 for n in names})\ntask(b, name="c", inputs=dict([("tag", 1)]))\n';
    assert.deepEqual(await problems(text), []);
    const grown = 'def b(tag):\n    print(tag)\n\nd = {}\nd["tag"] = 1\ntask(b, name="b", inputs=d)\n';
    assert.deepEqual(await problems(grown), []);
  });

  it("adds the parameter or the input", async () => {
    const extra = 'def b(tag):\n    print(tag)\n\ntask(b, name="b", inputs={"tag": 1, "colour": 2})\n';
    assert.match(await applyFix(extra), /def b\(tag, colour\):/);
    const defaulted = 'def b(tag=1, *rest):\n    print(tag, rest)\n\ntask(b, name="b", inputs={"colour": 2})\n';
    assert.match(await applyFix(defaulted), /def b\(colour, tag=1, \*rest\):/);
    assert.match(
      await applyFix('def b(tag):\n    print(tag)\n\ntask(b, name="b")\n'),
      /task\(b, name="b", inputs=\{"tag": input\(ref="\.\/"\)\}\)/,
    );
    const multiline =
      'def b(tag, n):\n    print(tag, n)\n\ntask(\n    b,\n    name="b",\n    inputs={\n        "tag": 1,\n    },\n)\n';
    assert.match(await applyFix(multiline), / {8}"tag": 1,\n {8}"n": input\(ref="\.\/"\),\n {4}\}/);
  });

  it("takes a misspelled input for the one that is missing", async () => {
    const text =
      'def up(environment, tag):\n    print(environment, tag)\n\ndeploy(environment("a"), up, up, inputs={"tga": 1})\n';
    assert.deepEqual(await problems(text), ['sdk/unknown-parameter "tga"']);
    assert.match(await applyFix(text), /inputs=\{"tag": 1\}/);
  });

  it("in the ctx dialect", async () => {
    const typo = 'def b(ctx):\n    print(ctx.inputs.tga)\n\ncall(b, name="b", inputs={"tag": 1})\n';
    assert.deepEqual(await problems(typo), ["sdk/unknown-input tga"]);
    assert.match((await diagnose(typo))[0]?.message ?? "", /Did you mean `tag`/);
    assert.match(await applyFix(typo), /ctx\.inputs\.tag\)/);
    assert.match(
      await applyFix(typo, { title: "Add the input `tga`" }),
      /inputs=\{"tag": 1, "tga": input\(ref="\.\/"\)\}/,
    );
    for (const fine of [
      'def b(ctx):\n    if hasattr(ctx.inputs, "x"):\n        print(ctx.inputs.x)\n\ncall(b, name="b")\n',
      'def helper(ctx):\n    print(ctx.inputs.x)\n\ndef b(ctx):\n    helper(ctx)\n\ncall(b, name="b")\n',
      'def b(ctx):\n    print(ctx.inputs.environment["name"], ctx.environment.name)\n\ndeploy(environment("a"), b, b)\n',
    ]) {
      assert.deepEqual(await problems(fine), [], fine);
    }
  });

  it("through next", async () => {
    const text =
      'def b(ctx):\n    return next(c, inputs={"y": 1})\n\ndef c(ctx):\n    print(ctx.inputs.y, ctx.inputs.zzz)\n\ncall(b, name="b", inputs={"zzz": 1})\n';
    assert.deepEqual(await problems(text), ["sdk/unknown-input zzz"]);
    const parameters =
      'def b():\n    return next(c, inputs={"y": 1})\n\ndef c(y, w):\n    print(y, w)\n\ntask(b, name="b")\n';
    assert.deepEqual(await problems(parameters), ["sdk/missing-input c"]);
  });

  it("across files", async () => {
    const files = {
      "lib.star": "def up(environment, tag):\n    print(environment, tag)\n\ndef work(ctx):\n    print(ctx.inputs.a)\n",
    };
    const loads =
      'load("./lib.star", "up", "work")\n\ndeploy(environment("a"), up, up, inputs={"colour": 1})\ncall(work, name="w", inputs={"a": 1})\n';
    const found = await problems(loads, { files });
    assert.deepEqual(found, ["sdk/missing-input up", "sdk/missing-input up", 'sdk/unknown-parameter "colour"']);
    const library = "def work(ctx):\n    print(ctx.inputs.b)\n";
    const user = { "a.ocu.star": 'load("./lib.star", "work")\n\ncall(work, name="w", inputs={"a": 1})\n' };
    assert.deepEqual(await problems(library, { main: "lib.star", files: user }), ["sdk/unknown-input b"]);
    assert.deepEqual(await problems(library, { main: "lib.star" }), []);
  });
});

describe("refs in diagnostics", () => {
  const ask = (ref: string): string => `${build}task(test, name="test", inputs={"x": ${ref}})\n`;

  it("say what is wrong with the text, at its place", async () => {
    assert.deepEqual(await problems(ask('ref("./tsak/build#output/tag")')), ["refs/unknown-kind tsak"]);
    assert.deepEqual(await problems(ask('ref("./task/a=b")')), ["refs/syntax ="]);
    assert.deepEqual(await problems(ask('ref("")')), ['refs/syntax ""']);
    assert.deepEqual(await problems(ask('ref("\\u002e/tsak/build")')), ["refs/unknown-kind tsak"]);
    assert.deepEqual(await problems(ask('ref("""./tsak/build""")')), ["refs/unknown-kind tsak"]);
    assert.deepEqual(await problems(ask('input(ref="./tsak/{}".format(1))')), ["refs/unknown-kind tsak"]);
    assert.deepEqual(await problems(ask('input(ref="./tsak/%s" % 1)')), ["refs/unknown-kind tsak"]);
    assert.match(await applyFix(ask('ref("./tsak/build#output/tag")')), /ref\("\.\/task\/build#output\/tag"\)/);
  });

  it("know tasks and outputs", async () => {
    assert.deepEqual(await problems(ask('ref("./task/biuld#output/tag")')), ["refs/unknown-task biuld"]);
    assert.deepEqual(await problems(ask('ref("./call/build#output/tga")')), ["refs/unknown-output tga"]);
    assert.deepEqual(await problems(ask('ref("./task/build#outputs/tag")')), ["refs/unknown-output outputs"]);
    assert.deepEqual(await problems(ask('ref("./task/build#output/image/nmae")')), ["refs/unknown-output nmae"]);
    for (const fine of [
      "./task/build#output/image/name",
      "./task/build",
      "./task/build/#output/tag",
      "./task/build#run_ref",
      "./custom/approval",
      "./@/custom/x",
    ]) {
      assert.deepEqual(await problems(ask(`ref("${fine}")`)), [], fine);
    }
    assert.deepEqual(await problems(ask('ref("./task/{}#output/tga".format("x"))')), []);
    assert.deepEqual(await problems(ask('ref("./task/build#output/" + "x")')), []);
    assert.match(await applyFix(ask('ref("./task/build#output/tga")')), /#output\/tag"/);
    assert.deepEqual(
      (await diagnose(ask('input(ref="./task/build#output/tga", default=1)'))).map((each) => each.severity),
      ["warning"],
    );
  });

  it("follow helpers and next to the outputs that can be reached", async () => {
    const text = `def finish(v):
    return done(outputs={"a": v})

def second():
    return done(outputs={"b": 1})

def first():
    if True:
        return finish(1)
    return next(second)

task(first, name="first")

def use(a, b, c):
    print(a, b, c)

task(use, name="use", inputs={"a": ref("./task/first#output/a"), "b": ref("./task/first#output/b"), "c": ref("./task/first#output/c")})
`;
    assert.deepEqual(await problems(text), ["refs/unknown-output c"]);
  });

  it("say what can never be ready", async () => {
    const late = "def late():\n    return done(outputs={'a': 1})\n\n";
    assert.deepEqual(
      await problems(
        `${build}${late}task(test, name="first", inputs={"x": ref("./task/late#output/a")})\ntask(late, name="late")\n`,
      ),
      ["refs/later-phase late"],
    );
    assert.deepEqual(await problems(ask('ref("./task/test")')), ["refs/self test"]);
    const same = `${build}phase("p", tasks=[task(test, name="one", inputs={"x": ref("./task/two")}), task(build, name="two")])\n`;
    assert.deepEqual(await problems(same), ["refs/later-phase two"]);
    const defaulted = `${build}phase("p", tasks=[task(test, name="one", inputs={"x": input(ref="./task/two", default=1)}), task(build, name="two")])\n`;
    assert.deepEqual(await problems(defaulted), []);
    const ordered = `${build}b = task(test, name="one", inputs={"x": ref("./task/two")})\na = task(build, name="two")\nphase("first", tasks=[a])\nphase("second", tasks=[b])\n`;
    assert.deepEqual(await problems(ordered), []);
    const deploys = `${build}def up(environment, x=1):\n    return done(outputs={"u": x})\n\nphase("p", tasks=[deploy(e, up, up, inputs={"x": ref("./deploy/eu#output/u")}) for e in environments()])\n`;
    assert.deepEqual(await problems(deploys), ["refs/later-phase eu"]);
  });

  it("say what blocks the first release, unless there is a default", async () => {
    assert.deepEqual(await problems(ask('ref("./@/task/test#output/n")')), ["refs/first-release test"]);
    assert.deepEqual(await problems(ask('input(ref="./@/task/test#output/n", default=0)')), []);
    assert.match(
      await applyFix(ask('input(ref="./@/task/test#output/n")')),
      /input\(ref="\.\/@\/task\/test#output\/n", default=None\)/,
    );
  });

  const files = {
    "environments.ocu.star": 'register_environment(environment("eu"))\nregister_environment(environment("us"))\n',
    "db/release.ocu.star":
      'def up(environment):\n    return done(outputs={"host": 1})\n\n[deploy(e, up, up) for e in environments()]\n',
  };

  it("know files, environments and outputs of other files", async () => {
    assert.deepEqual(await problems(ask('ref("./-/dv/release.ocu.star/@/deploy/eu#output/host")'), { files }), [
      "refs/unknown-file dv/release.ocu.star",
    ]);
    assert.match(
      await applyFix(ask('ref("./-/dv/release.ocu.star/@/deploy/eu#output/host")'), { files }),
      /\.\/-\/db\/release/,
    );
    assert.deepEqual(await problems(ask('ref("./-/db/release.ocu.star/@/deploy/xx#output/host")'), { files }), [
      "refs/unknown-environment xx",
    ]);
    assert.deepEqual(await problems(ask('ref("./-/db/release.ocu.star/@/deploy/eu#output/hots")'), { files }), [
      "refs/unknown-output hots",
    ]);
    for (const fine of [
      "./-/db/release.ocu.star/@/deploy/eu#output/host",
      "@/environment/eu#attributes/type",
      "other-repo/-/x.ocu.star/@/task/a#output/b",
      "test/-/db/release.ocu.star/@/deploy/us#output/host",
    ]) {
      assert.deepEqual(await problems(ask(`ref("${fine}")`), { files }), [], fine);
    }
    assert.deepEqual(await problems(ask('ref("@/environment/xx")'), { files }), ["refs/unknown-environment xx"]);
    const state = { environments: [{ name: "xx", attributes: {} }] };
    assert.deepEqual(await problems(ask('ref("@/environment/xx")'), { files, state }), []);
  });

  it("find files that wait for each other", async () => {
    const a =
      'def f(x):\n    return done(outputs={"o": x})\n\ntask(f, name="a", inputs={"x": ref("./-/b.ocu.star/@/task/b#output/o")})\n';
    const b =
      'def f(x):\n    return done(outputs={"o": x})\n\ntask(f, name="b", inputs={"x": ref("./-/release.ocu.star/@/task/a#output/o")})\n';
    const found = await diagnose(a, { files: { "b.ocu.star": b } });
    assert.deepEqual(
      found.map((each) => each.code),
      ["refs/cycle"],
    );
    const open = b.replace(
      'ref("./-/release.ocu.star/@/task/a#output/o")',
      'input("./-/release.ocu.star/@/task/a#output/o", default=1)',
    );
    assert.deepEqual(await diagnose(a, { files: { "b.ocu.star": open } }), []);
  });

  it("say nothing about a module's refs, which mean whoever loads it", async () => {
    const library = 'def make(name, fn):\n    return task(fn, name=name, inputs={"x": ref("./task/other#output/y")})\n';
    assert.deepEqual(await problems(library, { main: "lib.star" }), []);
  });
});
